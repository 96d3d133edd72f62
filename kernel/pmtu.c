// SPDX-License-Identifier: GPL-2.0-only
/*
 * How large the packets of a WAN may be, as core/pmtu finds it: probes and their
 * answers. Runs in the session's work.
 */
#include <linux/slab.h>

#include "path.h"
#include "session.h"
#include "wan.h"

#define MWB_PMTU_BUSY	(1000 * (u64)NSEC_PER_MSEC)
/* Something was lost on the way. */
#define MWB_PMTU_DOUBT	(200 * (u64)NSEC_PER_MSEC)
#define MWB_PMTU_IDLE	(600 * (u64)NSEC_PER_SEC)
/* Above four mean deviations, ns */
#define MWB_PMTU_MARGIN	(50 * (u64)NSEC_PER_MSEC)

/* What sends goes by the size at once, the device once it is certain. */
static void mwb_wan_pmtu_publish(struct mwb_wan *wan)
{
	const struct mwb_pmtu *p = &wan->pmtu;

	WRITE_ONCE(wan->room, p->size);
	if (p->searching || READ_ONCE(wan->mtu) == p->size)
		return;
	/* The rate, too, was judged by what could not arrive. */
	if (p->size < READ_ONCE(wan->mtu) && p->size < p->max)
		mwb_wan_pace_renew(wan, wan->pmtu_rate / 2);
	WRITE_ONCE(wan->mtu, p->size);
	mwb_session_follow(wan->session);
}

static void mwb_wan_pmtu_probe(struct mwb_wan *wan, u32 size)
{
	struct mwb_session *session = wan->session;
	struct mwb_wire_control ctl = {
		.subtype = MWB_CONTROL_SIZE,
		.size = size,
	};
	u8 *buf;

	/* One that cannot be sent is lost, like any other. */
	buf = kzalloc(max_t(u32, size, MWB_WIRE_CONTROL_MAX), GFP_KERNEL);
	if (!buf)
		return;
	mwb_wire_build_control(buf, &ctl);
	mwb_send_message(wan, session->current_assoc,
			 session->current_assoc->remote_id, MWB_WIRE_CONTROL,
			 session->control_sequence++, buf, size);
	kfree(buf);
}

static u64 mwb_wan_pmtu_interval(const struct mwb_wan *wan)
{
	if (!mwb_session_is_busy(wan->session) || !wan->carries)
		return MWB_PMTU_IDLE;
	return READ_ONCE(wan->lossy) ? MWB_PMTU_DOUBT : MWB_PMTU_BUSY;
}

void mwb_wan_pmtu_restart(struct mwb_wan *wan)
{
	lockdep_assert_held(&wan->session->mutex);
	memset(&wan->pmtu, 0, sizeof(wan->pmtu));
	WRITE_ONCE(wan->room, 0);
}

void mwb_wan_pmtu_run(struct mwb_wan *wan, u64 now)
{
	const struct mwb_health *h = &wan->health;
	u64 timeout = h->rtt + max(4 * h->rttvar, MWB_PMTU_MARGIN);
	u32 size;

	lockdep_assert_held(&wan->session->mutex);
	mwb_pmtu_set_max(&wan->pmtu, min_t(u32, READ_ONCE(wan->route_room),
					   MWB_MTU_MAX));
	while (h->state != MWB_HEALTH_DOWN &&
	       (size = mwb_pmtu_next(&wan->pmtu, mwb_wan_pmtu_interval(wan),
				     timeout, h->answered, now))) {
		WRITE_ONCE(wan->lossy, false);
		mwb_wan_pmtu_probe(wan, size);
	}
	mwb_wan_pmtu_publish(wan);
}

void mwb_wan_pmtu_answered(struct mwb_wan *wan, u32 size)
{
	lockdep_assert_held(&wan->session->mutex);
	/* That of a copy says nothing new. */
	if (!mwb_pmtu_answer(&wan->pmtu, size, mwb_now()))
		return;
	if (!wan->pmtu.searching && size == READ_ONCE(wan->mtu))
		wan->pmtu_rate = mwb_wan_rate(wan);
	mwb_wan_pmtu_publish(wan);
}
