// SPDX-License-Identifier: GPL-2.0-only
/*
 * What an end of a bond and a sender know.
 */
#include <stdio.h>

#include <linux/bits.h>

#include "show.h"

#define MWB_SHOW_MBIT (8 / 1e6)	/* of a byte a second */

static double mwb_show_ms(u64 time)
{
	return time / 1e6;
}

static void mwb_show_path(const struct mwb_bond_path *path)
{
	const struct mwb_pacer *pacer = &path->bond->mode.pacer;
	const struct mwb_link_config *way = path->out->config;
	const struct mwb_pace *pace = &path->mode.pace;
	const struct mwb_rate *rate = &pace->rate;

	printf("#     link %u: %s%s, %.3f of %.3f Mbit/s%s%s%s%s,", path->index,
	       mwb_health_is_usable(&path->health) ? "up" : "down",
	       pacer->hold.inside & BIT(path->index) ? ", inside" : "",
	       rate->rate * MWB_SHOW_MBIT,
	       way->step[way->nr_steps - 1].rate / 1e3,
	       rate->starting ? ", starting" : "",
	       rate->test.until ? ", test" : "",
	       rate->police.state == MWB_POLICE_TRYING ? ", trial" : "",
	       rate->police.state == MWB_POLICE_LIMITED ? ", policed" : "");
	printf(" delivers %.3f, loss %.2f %%, own %.2f %%\n",
	       rate->view.delivery * MWB_SHOW_MBIT, rate->loss / 1e4,
	       rate->police.own / 1e4);
	printf("#       base %.1f ms, queue %.1f ms of %.1f + %.1f + %.1f,",
	       mwb_show_ms(mwb_pacer_base(pacer, pace)),
	       mwb_show_ms(rate->view.queue), mwb_show_ms(rate->target),
	       mwb_show_ms(rate->floor), mwb_show_ms(rate->noise));
	printf(" rtt %.1f ms; %u bytes on the link\n",
	       mwb_show_ms(path->health.rtt), path->out->bytes);
}

void mwb_show_bond(const struct mwb_bond *bond)
{
	const struct mwb_queue *queue = &bond->mode.pacer.queue;
	const struct mwb_reorder_stats *stats = &bond->reorder.stats;
	u32 i;

	printf("#   end %u: %u packets wait %.1f of %.1f ms, hold %.1f ms;",
	       bond->which, queue->packets, mwb_show_ms(mwb_queue_wait(queue)),
	       mwb_show_ms(queue->limits.target),
	       mwb_show_ms(bond->mode.pacer.hold.hold));
	printf(" dropped %u, repaired %u, given up %u; late %llu, skipped %llu\n",
	       bond->mode.dropped, bond->mode.repaired, bond->mode.given_up,
	       stats->late, stats->skipped);
	for (i = 0; i < bond->net->nr_links; i++)
		mwb_show_path(&bond->path[i]);
}

void mwb_show_sender(const struct mwb_sender *s)
{
	printf("#   flow %u: window %.0f (%.0f), %u under way, %u lost,",
	       s->flow, s->cc.window, s->cc.threshold, s->pipe, s->lost);
	printf(" rtt %.1f ms, pace %.3f Mbit/s\n", mwb_show_ms(s->srtt),
	       s->cc.pacing * MWB_SHOW_MBIT * MWB_PACKET_PAYLOAD);
}
