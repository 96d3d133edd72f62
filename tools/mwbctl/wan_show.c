// SPDX-License-Identifier: GPL-2.0-only
/*
 * mwbctl wan show
 */
#include <stdlib.h>
#include <string.h>

#include "mwbctl.h"

#define MWB_PPM_PER_PERCENT	1e4

static const char *mwb_wan_show_state(const struct mwb_wan *wan)
{
	if (mwb_has(wan, MWBOND_A_WAN_ADMIN_UP) && !wan->admin_up)
		return "off";
	return mwb_print_enum(&mwb_wan_state_names, wan->state);
}

/* What part of the bytes that a device sent went over a WAN. */
static const char *mwb_wan_show_share(const struct mwb_wan *wan,
				      const struct mwb_wan *wans, size_t count,
				      char *buf, size_t size)
{
	double sum = 0;
	size_t i;

	for (i = 0; i < count; i++)
		if (wans[i].ifindex == wan->ifindex)
			sum += wans[i].tx_bytes;
	if (sum > 0)
		snprintf(buf, size, "%.1f%%", 100 * wan->tx_bytes / sum);
	else
		snprintf(buf, size, "-");
	return buf;
}

static const char *mwb_wan_show_loss(const struct mwb_wan *wan, char *buf,
				     size_t size)
{
	snprintf(buf, size, "%.2f%%", wan->loss / MWB_PPM_PER_PERCENT);
	return buf;
}

static const char *mwb_wan_show_remote(const struct mwb_wan *wan, char *buf)
{
	struct mwb_endpoint ep;

	mwb_wan_get_remote(wan, &ep);
	return ep.family == AF_UNSPEC ? "-" :
	       mwb_format_endpoint(&ep, buf, MWB_ENDPOINT_LEN);
}

static const char *mwb_wan_show_local(const struct mwb_wan *wan, char *buf)
{
	struct mwb_endpoint ep;

	mwb_wan_get_local(wan, &ep);
	return mwb_format_endpoint(&ep, buf, MWB_ENDPOINT_LEN);
}

static int mwb_wan_show_table(const struct mwb_wan *wans, size_t count,
			      const struct mwb_wan *all, size_t all_count)
{
	static const char *const head[] = {
		"DEV", "NAME", "STATE", "RTT", "JITTER", "LOSS", "SHARE",
		"REMOTE", "LOCAL", "VIA",
	};
	struct mwb_table table = {
		.columns = ARRAY_SIZE(head),
		.right = 0x78,
	};
	char remote[MWB_ENDPOINT_LEN], local[MWB_ENDPOINT_LEN];
	char rtt[32], jitter[32], loss[32], share[32];
	const struct mwb_wan *wan;
	size_t i;

	if (count && mwb_table_row(&table, head))
		return -1;
	for (i = 0; i < count; i++) {
		wan = &wans[i];
		const char *const row[] = {
			wan->ifname, wan->name, mwb_wan_show_state(wan),
			mwb_print_ns(wan->rtt, rtt, sizeof(rtt)),
			mwb_print_ns(wan->jitter, jitter, sizeof(jitter)),
			mwb_wan_show_loss(wan, loss, sizeof(loss)),
			mwb_wan_show_share(wan, all, all_count, share,
					   sizeof(share)),
			mwb_wan_show_remote(wan, remote),
			mwb_wan_show_local(wan, local),
			*wan->dev ? wan->dev : wan->dynamic ? "(peer's)" : "-",
		};

		if (mwb_table_row(&table, row))
			return -1;
	}
	mwb_table_print(&table, stdout, "");
	return 0;
}

/* What part of the rates of the WANs that could be in time is this one's. */
static double mwb_wan_show_part(const struct mwb_wan *wan,
				const struct mwb_wan *wans, size_t count)
{
	double sum = 0;
	size_t i;

	for (i = 0; i < count; i++)
		if (wans[i].ifindex == wan->ifindex &&
		    (wans[i].tx_use == MWBOND_WAN_USE_IN_TIME ||
		     wans[i].tx_use == MWBOND_WAN_USE_NOT_WORTH))
			sum += wans[i].tx_rate;
	return sum > 0 ? wan->tx_rate / sum : 0;
}

/* Why nothing is sent over a WAN; NULL if something is. */
static const char *mwb_wan_show_unused(const struct mwb_wan *wan)
{
	switch (wan->tx_use) {
	case MWBOND_WAN_USE_OFF:
		return "switched off";
	case MWBOND_WAN_USE_NO_UNDERLAY:
		return wan->dynamic ? "no address of the peer is confirmed" :
				      "its interface does not exist";
	case MWBOND_WAN_USE_LOOP:
		return "its route leads back into the device";
	case MWBOND_WAN_USE_NO_SESSION:
		return "there is no session with the peer";
	case MWBOND_WAN_USE_NO_ANSWER:
		return "the peer does not answer";
	case MWBOND_WAN_USE_STARTING:
		return "the peer has not answered for long enough";
	case MWBOND_WAN_USE_STANDBY:
		return "the mode prefers another WAN";
	case MWBOND_WAN_USE_RECOVERING:
		return "it has been up and down too often";
	case MWBOND_WAN_USE_DEGRADED:
		return "it is beyond a limit, and another WAN is not";
	case MWBOND_WAN_USE_SUSPECT:
		return "what was sent last may not have arrived";
	default:
		return NULL;
	}
}

/* Until it is reported, it is reckoned from the round-trip times. */
static const char *mwb_wan_show_base(const struct mwb_wan *wan, char *buf,
				     size_t size)
{
	if (mwb_has(wan, MWBOND_A_WAN_TX_BASE_DELAY))
		return mwb_print_us(wan->tx_base_delay, buf, size);
	return "unknown";
}

/* Whether a WAN is used now, and why, or why not. */
static void mwb_wan_show_use(const struct mwb_wan *wan,
			     const struct mwb_dev *dev,
			     const struct mwb_wan *wans, size_t count)
{
	const char *unused = mwb_wan_show_unused(wan);
	char a[32], b[32];

	printf("  %-10s  ", "now");
	if (unused)
		printf("not used: %s\n", unused);
	else if (wan->tx_use == MWBOND_WAN_USE_IN_TIME)
		printf("used: in time for the hold of %s\n",
		       mwb_print_us(dev->hold, a, sizeof(a)));
	else if (wan->tx_use == MWBOND_WAN_USE_TOO_SLOW)
		printf("ends of long queues: base delay %s, skew-budget %s\n",
		       mwb_wan_show_base(wan, a, sizeof(a)),
		       mwb_print_ms(dev->skew_budget, b, sizeof(b)));
	else if (wan->tx_use == MWBOND_WAN_USE_NOT_WORTH)
		printf("ends of long queues: loses %.2f%%, has %.1f%% of the rates\n",
		       wan->tx_loss / MWB_PPM_PER_PERCENT,
		       100 * mwb_wan_show_part(wan, wans, count));
	else if (wan->tx_use == MWBOND_WAN_USE_BY_MODE)
		printf("used: as mode %s chooses\n",
		       mwb_print_enum(&mwb_mode_names, dev->mode));
	else
		puts("?");
}

/* The figures that its use follows from. */
static void mwb_wan_show_sending(const struct mwb_wan *wan)
{
	bool reported = mwb_has(wan, MWBOND_A_WAN_TX_DELIVERY);
	char a[32], b[32], c[32];

	printf("  %-10s  %s%s", "rate",
	       mwb_print_bits(wan->tx_rate, a, sizeof(a)),
	       wan->tx_starting ? " and doubling" : "");
	if (reported)
		printf(", delivers %s",
		       mwb_print_bits(wan->tx_delivery, b, sizeof(b)));
	printf(", share %.1f%%\n", wan->tx_share / MWB_PPM_PER_PERCENT);
	if (wan->tx_policed)
		printf("  %-10s  drops above %s\n", "policer",
		       mwb_print_bits(wan->tx_policed, a, sizeof(a)));
	if (reported)
		printf("  %-10s  base %s, queue %s, jitter %s, loss %.2f%%\n",
		       "delay",
		       mwb_print_us(wan->tx_base_delay, a, sizeof(a)),
		       mwb_print_us(wan->tx_queue_delay, b, sizeof(b)),
		       mwb_print_us(wan->tx_jitter, c, sizeof(c)),
		       wan->tx_loss / MWB_PPM_PER_PERCENT);
	printf("  %-10s  %s, %s kept for repair\n", "under way",
	       mwb_print_bytes(wan->tx_under_way, a, sizeof(a)),
	       mwb_print_bytes(wan->tx_kept, b, sizeof(b)));
}

/* Beyond what it is degraded */
static void mwb_wan_show_limits(const struct mwb_wan *wan)
{
	char buf[32];

	if (!wan->max_latency && !wan->max_jitter && !wan->max_loss)
		return;
	printf("  %-10s ", "limits");
	if (wan->max_latency)
		printf(" latency %s", mwb_print_ms(wan->max_latency, buf,
						   sizeof(buf)));
	if (wan->max_jitter)
		printf(" jitter %s", mwb_print_ms(wan->max_jitter, buf,
						  sizeof(buf)));
	if (wan->max_loss)
		printf(" loss %g%%", wan->max_loss / MWB_PPM_PER_PERCENT);
	putchar('\n');
}

static void mwb_wan_show_settings(const struct mwb_wan *wan)
{
	char buf[64];

	printf("  %-10s  weight %u, priority %u, type %s",
	       "settings", wan->weight, wan->priority,
	       mwb_print_enum(&mwb_wan_type_names, wan->type));
	printf(", rate %s\n", mwb_print_rate(wan->rate, buf, sizeof(buf)));
	printf("  %-10s  every %s, down after %u lost\n",
	       "heartbeat", mwb_print_ms(wan->heartbeat, buf, sizeof(buf)),
	       wan->failures);
	mwb_wan_show_limits(wan);
}

static void mwb_wan_show_figures(const struct mwb_wan *wan, const char *share)
{
	char a[32], b[32], c[32];

	printf("  %-10s  %s, last %s, least %s\n", "rtt",
	       mwb_print_ns(wan->rtt, a, sizeof(a)),
	       mwb_print_ns(wan->rtt_last, b, sizeof(b)),
	       mwb_print_ns(wan->rtt_min, c, sizeof(c)));
	printf("  %-10s  jitter %s, loss %s, score %.2f, mtu ", "quality",
	       mwb_print_ns(wan->jitter, a, sizeof(a)),
	       mwb_wan_show_loss(wan, b, sizeof(b)), wan->score / 100.0);
	if (wan->mtu)
		printf("%u\n", wan->mtu);
	else
		puts("-");
	printf("  %-10s  %ju packets, %s (%s of the device), %ju errors\n",
	       "sent", (uintmax_t)wan->tx_packets,
	       mwb_print_bytes(wan->tx_bytes, a, sizeof(a)), share,
	       (uintmax_t)wan->tx_errors);
	printf("  %-10s  %ju packets, %s\n", "received",
	       (uintmax_t)wan->rx_packets,
	       mwb_print_bytes(wan->rx_bytes, a, sizeof(a)));
	printf("  %-10s  %ju sent, %ju answered, %ju lost; down %ju times\n",
	       "heartbeats", (uintmax_t)wan->heartbeats_sent,
	       (uintmax_t)wan->heartbeats_answered,
	       (uintmax_t)wan->heartbeats_lost, (uintmax_t)wan->downs);
}

static void mwb_wan_show_details(const struct mwb_wan *wan,
				 const struct mwb_dev *dev,
				 const struct mwb_wan *all, size_t all_count)
{
	char buf[MWB_ENDPOINT_LEN], ifname[32], name[32];

	printf("%s %s: %s, id %u",
	       mwb_print_text(wan->ifname, ifname, sizeof(ifname)),
	       mwb_print_text(wan->name, name, sizeof(name)),
	       mwb_wan_show_state(wan), wan->id);
	if (wan->wire_id)
		printf(", wire id %u", wan->wire_id);
	puts(wan->dynamic ? ", announced by the peer" : "");
	printf("  %-10s  %s\n", "remote", mwb_wan_show_remote(wan, buf));
	printf("  %-10s  %s", "local", mwb_wan_show_local(wan, buf));
	if (*wan->dev)
		printf(" dev %s", mwb_print_text(wan->dev, name, sizeof(name)));
	if (wan->fwmark)
		printf(" fwmark 0x%x", wan->fwmark);
	putchar('\n');
	if (mwb_has(wan, MWBOND_A_WAN_TX_USE)) {
		mwb_wan_show_use(wan, dev, all, all_count);
		mwb_wan_show_sending(wan);
	}
	mwb_wan_show_settings(wan);
	mwb_wan_show_figures(wan, mwb_wan_show_share(wan, all, all_count, buf,
						     sizeof(buf)));
}

/* The device of a WAN; an empty one if it has gone meanwhile. */
static const struct mwb_dev *mwb_wan_show_dev(const struct mwb_wan *wan,
					      const struct mwb_dev *devs,
					      size_t count)
{
	static const struct mwb_dev none;
	size_t i;

	for (i = 0; i < count; i++)
		if (devs[i].ifindex == wan->ifindex)
			return &devs[i];
	return &none;
}

static void mwb_wan_show_json(const struct mwb_call *call,
			      const struct mwb_wan *wans, size_t count)
{
	struct mwb_json json = { .out = stdout, .pretty = call->pretty };
	size_t i;

	mwb_json_open(&json, NULL, '[');
	for (i = 0; i < count; i++) {
		mwb_json_open(&json, NULL, '{');
		mwb_print_json(&json, &mwb_wan_attrs, &wans[i]);
		mwb_json_close(&json, '}');
	}
	mwb_json_close(&json, ']');
}

static enum mwb_result mwb_wan_show_run(const struct mwb_call *call,
					const char *ifname, const char *name,
					bool details)
{
	size_t count, all_count = 0, devs_count = 0, i;
	struct mwb_wan *wans = NULL, *all = NULL;
	enum mwb_result result = MWB_OK;
	struct mwb_dev *devs = NULL;
	struct mwb_nl nl;

	if (mwb_nl_open(&nl))
		return mwb_refuse(call, &nl.err);
	/* The share of one needs the others, and why it is used, its device. */
	if (mwb_nl_wan_get(&nl, ifname, name, &wans, &count) ||
	    (name && mwb_nl_wan_get(&nl, ifname, NULL, &all, &all_count)) ||
	    (details && !call->json &&
	     mwb_nl_dev_get(&nl, ifname, &devs, &devs_count))) {
		result = mwb_refuse(call, &nl.err);
		goto close;
	}

	if (call->json) {
		mwb_wan_show_json(call, wans, count);
	} else if (details) {
		for (i = 0; i < count; i++)
			mwb_wan_show_details(&wans[i],
					     mwb_wan_show_dev(&wans[i], devs,
							      devs_count),
					     name ? all : wans,
					     name ? all_count : count);
	} else if (mwb_wan_show_table(wans, count, name ? all : wans,
				      name ? all_count : count)) {
		mwb_err_set(&nl.err, "no memory");
		result = mwb_refuse(call, &nl.err);
	}

close:
	free(devs);
	free(all);
	free(wans);
	mwb_nl_close(&nl);
	return result;
}

/**
 * mwb_wan_show() - run mwbctl wan show
 * @call: the command line
 *
 * Return: an enum mwb_result.
 */
enum mwb_result mwb_wan_show(const struct mwb_call *call)
{
	bool details = call->argc && !strcmp(call->argv[0], "-d");
	char **argv = call->argv + details;
	int argc = call->argc - details;
	char shown[64];

	if (argc > 2 || (argc && argv[0][0] == '-')) {
		mwb_print_text(argv[argc > 2 ? 2 : 0], shown, sizeof(shown));
		return mwb_misuse(call, "unknown word \"%s\"", shown);
	}
	if ((argc && mwb_check_name(call, "DEV", argv[0])) ||
	    (argc > 1 && mwb_check_name(call, "NAME", argv[1])))
		return MWB_REFUSED;
	return mwb_wan_show_run(call, argc ? argv[0] : NULL,
				argc > 1 ? argv[1] : NULL, details);
}
