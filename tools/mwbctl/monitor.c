// SPDX-License-Identifier: GPL-2.0-only
/*
 * mwbctl monitor
 */
#include <errno.h>
#include <string.h>
#include <time.h>

#include "mwbctl.h"

static void mwb_monitor_json(const struct mwb_call *call,
			     const struct mwb_wan *event,
			     const struct timespec *now)
{
	struct mwb_json json = { .out = stdout, .pretty = call->pretty };
	char date[32], stamp[64];
	struct tm tm;

	gmtime_r(&now->tv_sec, &tm);
	strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(stamp, sizeof(stamp), "%s.%06ldZ", date, now->tv_nsec / 1000);

	mwb_json_open(&json, NULL, '{');
	mwb_json_string(&json, "time", stamp);
	mwb_print_json(&json, &mwb_wan_attrs, event);
	mwb_json_close(&json, '}');
}

/* From which state to which, why, and the figures at that time. */
static void mwb_monitor_state(const struct mwb_wan *event)
{
	char rtt[32], jitter[32];

	printf(" %s -> %s",
	       mwb_print_enum(&mwb_wan_state_names, event->old_state),
	       mwb_print_enum(&mwb_wan_state_names, event->state));
	if (mwb_has(event, MWBOND_A_WAN_REASON))
		printf(" (%s)", mwb_print_enum(&mwb_wan_reason_names,
					       event->reason));
	if (mwb_has(event, MWBOND_A_WAN_RTT))
		printf(" rtt %s jitter %s loss %.2f%%",
		       mwb_print_ns(event->rtt, rtt, sizeof(rtt)),
		       mwb_print_ns(event->jitter, jitter, sizeof(jitter)),
		       event->loss / 1e4);
	if (event->penalty)
		printf(" penalty %.1f s", event->penalty / 1e3);
}

static void mwb_monitor_text(const struct mwb_wan *event,
			     const struct timespec *now)
{
	char date[32], text[32], remote[MWB_ENDPOINT_LEN];
	struct mwb_endpoint ep;
	struct tm tm;

	localtime_r(&now->tv_sec, &tm);
	strftime(date, sizeof(date), "%Y-%m-%d %H:%M:%S", &tm);
	printf("%s.%06ld %s", date, now->tv_nsec / 1000,
	       mwb_print_text(event->ifname, text, sizeof(text)));
	if (mwb_has(event, MWBOND_A_WAN_NAME))
		printf(" %s", mwb_print_text(event->name, text, sizeof(text)));
	printf(": %s", mwb_print_enum(&mwb_event_names, event->event));
	if (event->event == MWBOND_EVENT_WAN_STATE)
		mwb_monitor_state(event);
	mwb_wan_get_remote(event, &ep);
	if (event->event != MWBOND_EVENT_WAN_STATE && ep.family != AF_UNSPEC)
		printf(" remote %s", mwb_format_endpoint(&ep, remote,
							 sizeof(remote)));
	putchar('\n');
}

static int mwb_monitor_event(const struct mwb_wan *event, void *arg)
{
	const struct mwb_call *call = arg;
	struct timespec now;

	if (!event) {
		fputs("mwbctl: monitor: events were lost\n", stderr);
		return 0;
	}
	clock_gettime(CLOCK_REALTIME, &now);
	if (call->json)
		mwb_monitor_json(call, event, &now);
	else
		mwb_monitor_text(event, &now);
	/* Whoever reads should not have to wait; main() reports an error. */
	return fflush(stdout) ? 1 : 0;
}

/**
 * mwb_monitor() - run mwbctl monitor
 * @call: the command line
 *
 * Return: an enum mwb_result; it goes on until it is interrupted or fails.
 */
enum mwb_result mwb_monitor(const struct mwb_call *call)
{
	enum mwb_result result = MWB_OK;
	struct mwb_nl nl;

	if (mwb_nl_open(&nl))
		return mwb_refuse(call, &nl.err);
	if (mwb_nl_monitor(&nl, mwb_monitor_event, (void *)call) < 0)
		result = mwb_refuse(call, &nl.err);
	mwb_nl_close(&nl);
	return result;
}
