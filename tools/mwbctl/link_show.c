// SPDX-License-Identifier: GPL-2.0-only
/*
 * mwbctl link show
 */
#include <stdlib.h>
#include <string.h>

#include "mwbctl.h"

/* The names of the WANs of a device that are in a state. */
static void mwb_link_show_wans(const struct mwb_dev *dev,
			       const struct mwb_wan *wans, size_t count)
{
	static const int states[] = {
		MWBOND_WAN_STATE_UP, MWBOND_WAN_STATE_STARTING,
		MWBOND_WAN_STATE_DOWN,
	};
	const char *before;
	char name[32];
	size_t i, j;

	for (i = 0; i < ARRAY_SIZE(states); i++) {
		before = "";
		for (j = 0; j < count; j++) {
			if (wans[j].ifindex != dev->ifindex ||
			    wans[j].state != (uint32_t)states[i])
				continue;
			if (!*before)
				printf("  %-15s  ", i ? "" : "wans");
			mwb_print_text(wans[j].name, name, sizeof(name));
			printf("%s%s", before, name);
			before = ", ";
		}
		if (*before)
			printf(" %s\n", mwb_name(&mwb_wan_state_names,
						 states[i]));
	}
}

/* What waits, and what is kept. */
static void mwb_link_show_waiting(const struct mwb_dev *dev)
{
	char buf[32];

	if (dev->mode == MWBOND_MODE_AUTO &&
	    mwb_has(dev, MWBOND_A_DEV_QUEUE_BYTES))
		printf("  %-15s  %s, %u packets of %u flows\n", "queue",
		       mwb_print_bytes(dev->queue_bytes, buf, sizeof(buf)),
		       dev->queue_packets, dev->queue_flows);
	if (dev->mode == MWBOND_MODE_AUTO && mwb_has(dev, MWBOND_A_DEV_HOLD))
		printf("  %-15s  %s\n", "hold",
		       mwb_print_us(dev->hold, buf, sizeof(buf)));
	if (mwb_has(dev, MWBOND_A_DEV_KEPT_BYTES))
		printf("  %-15s  %s\n", "kept for repair",
		       mwb_print_bytes(dev->kept_bytes, buf, sizeof(buf)));
}

/* What is sent besides the packets themselves. */
static void mwb_link_show_extra(const struct mwb_dev *dev)
{
	char buf[32];

	printf("  %-15s  %s", "fec",
	       mwb_format_fec(dev->fec, dev->fec_data, dev->fec_parity, buf,
			      sizeof(buf)));
	if (dev->fec == MWBOND_FEC_AUTO)
		printf(", redundancy %g", dev->redundancy / 1e6);
	if (dev->fec != MWBOND_FEC_OFF)
		printf(", fec-timeout %s, by %s", dev->fec_timeout ?
		       mwb_print_ms(dev->fec_timeout, buf, sizeof(buf)) :
		       "auto", dev->fec_variant);
	putchar('\n');
	if (dev->duplicate)
		snprintf(buf, sizeof(buf), "%u", dev->duplicate);
	printf("  %-15s  %s\n", "duplicate", !dev->duplicate ? "auto" :
	       dev->duplicate == 1 ? "off" : buf);
	printf("  %-15s  %s\n", "repair", dev->repair ? "on" : "off");
}

static void mwb_link_show_keys(const struct mwb_dev *dev)
{
	char text[MWB_KEY_TEXT];

	if (mwb_has(dev, MWBOND_A_DEV_PUBLIC_KEY))
		printf("  %-15s  %s\n", "public key",
		       mwb_format_key(dev->public_key, text));
	if (mwb_has(dev, MWBOND_A_DEV_PEER_KEY))
		printf("  %-15s  %s\n", "peer",
		       mwb_format_key(dev->peer_key, text));
	if (dev->preshared)
		printf("  %-15s  yes\n", "preshared-key");
	if (!mwb_has(dev, MWBOND_A_DEV_PUBLIC_KEY))
		return;
	printf("  %-15s  %s", "cipher",
	       mwb_print_enum(&mwb_cipher_names, dev->cipher));
	if (mwb_has(dev, MWBOND_A_DEV_CIPHER_USED))
		printf(" (%s, keys %u s old)",
		       mwb_print_enum(&mwb_cipher_names, dev->cipher_used),
		       dev->key_age / 1000);
	putchar('\n');
}

static void mwb_link_show_one(const struct mwb_dev *dev,
			      const struct mwb_wan *wans, size_t count)
{
	char buf[MWB_ENDPOINT_LEN], name[32];
	struct mwb_endpoint ep;

	printf("%s: mode %s, session ",
	       mwb_print_text(dev->ifname, name, sizeof(name)),
	       mwb_print_enum(&mwb_mode_names, dev->mode));
	if (mwb_has(dev, MWBOND_A_DEV_SESSION))
		printf("%u ", dev->session);
	if (mwb_has(dev, MWBOND_A_DEV_SESSION) ||
	    mwb_has(dev, MWBOND_A_DEV_PUBLIC_KEY))
		printf("%s\n", !dev->established ? "not established" :
		       dev->initiator ? "established from here" :
					"established by the peer");
	else
		puts("not set");
	printf("  %-15s  %s\n", "security",
	       !mwb_has(dev, MWBOND_A_DEV_SECURITY) ? "not set" :
	       dev->security == MWBOND_SECURITY_NONE ?
	       "none (packets are NOT SECRET and NOT AUTHENTIC)" :
	       mwb_print_enum(&mwb_security_names, dev->security));
	mwb_link_show_keys(dev);
	mwb_dev_get_listen(dev, &ep);
	printf("  %-15s  %s\n", "listen",
	       ep.port ? mwb_format_endpoint(&ep, buf, sizeof(buf)) : "off");
	printf("  %-15s  %u%s\n", "mtu", dev->mtu,
	       dev->mtu_auto ? " (auto)" : "");
	printf("  %-15s  %u packets\n", "reorder-buffer",
	       dev->reorder_buffer);
	printf("  %-15s  %s\n", "reorder-timeout",
	       mwb_print_ms(dev->reorder_timeout, buf, sizeof(buf)));
	printf("  %-15s  %s\n", "skew-budget",
	       mwb_print_ms(dev->skew_budget, buf, sizeof(buf)));
	mwb_link_show_extra(dev);
	mwb_link_show_waiting(dev);
	if (!dev->wan_count)
		printf("  %-15s  none\n", "wans");
	else
		mwb_link_show_wans(dev, wans, count);
}

/**
 * mwb_link_show() - run mwbctl link show
 * @call: the command line
 *
 * Return: an enum mwb_result.
 */
enum mwb_result mwb_link_show(const struct mwb_call *call)
{
	struct mwb_json json = { .out = stdout, .pretty = call->pretty };
	const char *ifname = call->argc ? call->argv[0] : NULL;
	enum mwb_result result = MWB_OK;
	struct mwb_wan *wans = NULL;
	struct mwb_dev *devs = NULL;
	size_t devs_count, wans_count = 0, i;
	struct mwb_nl nl;

	if (ifname && mwb_check_name(call, "DEV", ifname))
		return MWB_REFUSED;
	if (mwb_nl_open(&nl))
		return mwb_refuse(call, &nl.err);
	if (mwb_nl_dev_get(&nl, ifname, &devs, &devs_count) ||
	    (!call->json &&
	     mwb_nl_wan_get(&nl, ifname, NULL, &wans, &wans_count))) {
		result = mwb_refuse(call, &nl.err);
		goto close;
	}

	if (call->json)
		mwb_json_open(&json, NULL, '[');
	for (i = 0; i < devs_count; i++) {
		if (!call->json) {
			mwb_link_show_one(&devs[i], wans, wans_count);
			continue;
		}
		mwb_json_open(&json, NULL, '{');
		mwb_print_json(&json, &mwb_dev_attrs, &devs[i]);
		mwb_json_close(&json, '}');
	}
	if (call->json)
		mwb_json_close(&json, ']');

close:
	free(wans);
	free(devs);
	mwb_nl_close(&nl);
	return result;
}
