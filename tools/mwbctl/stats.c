// SPDX-License-Identifier: GPL-2.0-only
/*
 * mwbctl stats
 */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "mwbctl.h"

#define MWB_STATS_MAX_INTERVAL	(24 * 60 * 60 * 1000)

/**
 * struct mwb_sample - all counters at a moment
 */
struct mwb_sample {
	/** @devs: the devices */
	struct mwb_dev *devs;
	/** @devs_count: number of @devs */
	size_t devs_count;
	/** @wans: their WANs */
	struct mwb_wan *wans;
	/** @wans_count: number of @wans */
	size_t wans_count;
	/** @time: when, of CLOCK_MONOTONIC */
	struct timespec time;
};

/**
 * struct mwb_stats_output - where counters are printed, and how
 */
struct mwb_stats_output {
	/** @json: the text, if it is JSON */
	struct mwb_json json;
	/** @table: rows not yet printed, if it is text */
	struct mwb_table table;
	/** @seconds: time since the sample before; 0 if there is none */
	double seconds;
};

static void mwb_sample_free(struct mwb_sample *sample)
{
	free(sample->devs);
	free(sample->wans);
	memset(sample, 0, sizeof(*sample));
}

static int mwb_sample_take(struct mwb_nl *nl, const char *ifname,
			   struct mwb_sample *sample)
{
	memset(sample, 0, sizeof(*sample));
	clock_gettime(CLOCK_MONOTONIC, &sample->time);
	if (!mwb_nl_dev_get(nl, ifname, &sample->devs, &sample->devs_count) &&
	    !mwb_nl_wan_get(nl, ifname, NULL, &sample->wans,
			    &sample->wans_count))
		return 0;
	mwb_sample_free(sample);
	return -1;
}

static const struct mwb_dev *mwb_sample_dev(const struct mwb_sample *sample,
					    const struct mwb_dev *dev)
{
	size_t i;

	for (i = 0; i < sample->devs_count; i++)
		if (sample->devs[i].ifindex == dev->ifindex)
			return &sample->devs[i];
	return NULL;
}

static const struct mwb_wan *mwb_sample_wan(const struct mwb_sample *sample,
					    const struct mwb_wan *wan)
{
	size_t i;

	for (i = 0; i < sample->wans_count; i++)
		if (sample->wans[i].ifindex == wan->ifindex &&
		    !strcmp(sample->wans[i].name, wan->name))
			return &sample->wans[i];
	return NULL;
}

/* By how much a counter grew a second; none if it is another one by now. */
static bool mwb_stats_rate(const struct mwb_stats_output *output,
			   const struct mwb_attr *attr, const void *obj,
			   const void *before, double *rate)
{
	uint64_t now = mwb_get_uint(attr, obj), then;

	if (!before || output->seconds <= 0)
		return false;
	then = mwb_get_uint(attr, before);
	if (now < then)
		return false;
	*rate = (now - then) / output->seconds;
	return true;
}

/* Figures of the moment, which do not grow, are shown, too. */
static bool mwb_stats_shows(const struct mwb_attr *attr)
{
	return attr->type == MWB_COUNTER || attr->gauge;
}

static int mwb_stats_text(struct mwb_stats_output *output, const char *label,
			  const struct mwb_attr_set *set, const void *obj,
			  const void *before)
{
	char count[32], rate_text[32];
	const struct mwb_attr *attr;
	double rate;
	unsigned int i;

	for (i = 1; i <= set->max; i++) {
		attr = &set->attr[i];
		if (!mwb_stats_shows(attr) || !mwb_has(obj, i))
			continue;
		const char *const row[] = { label, attr->name, count, rate_text };

		snprintf(count, sizeof(count), "%ju",
			 (uintmax_t)mwb_get_uint(attr, obj));
		*rate_text = '\0';
		if (!attr->gauge &&
		    mwb_stats_rate(output, attr, obj, before, &rate))
			snprintf(rate_text, sizeof(rate_text), "%.1f/s", rate);
		if (mwb_table_row(&output->table, row))
			return -1;
	}
	return 0;
}

static void mwb_stats_json(struct mwb_stats_output *output,
			   const struct mwb_attr_set *set, const void *obj,
			   const void *before, const char *rates)
{
	const struct mwb_attr *attr;
	double rate;
	unsigned int i;

	if (!rates) {
		for (i = 1; i <= set->max; i++)
			if (mwb_stats_shows(&set->attr[i]) && mwb_has(obj, i))
				mwb_print_json_attr(&output->json,
						    &set->attr[i], obj);
		return;
	}
	if (!before || output->seconds <= 0)
		return;
	mwb_json_open(&output->json, rates, '{');
	for (i = 1; i <= set->max; i++) {
		attr = &set->attr[i];
		if (attr->type == MWB_COUNTER && mwb_has(obj, i) &&
		    mwb_stats_rate(output, attr, obj, before, &rate))
			mwb_json_real(&output->json, attr->name, rate);
	}
	mwb_json_close(&output->json, '}');
}

static int mwb_stats_print_text(struct mwb_stats_output *output,
				const struct mwb_sample *now,
				const struct mwb_sample *last)
{
	const struct mwb_dev *dev, *dev_before;
	const struct mwb_wan *wan;
	char label[64];
	size_t i, j;

	for (i = 0; i < now->devs_count; i++) {
		dev = &now->devs[i];
		dev_before = mwb_sample_dev(last, dev);
		if (mwb_stats_text(output, dev->ifname, &mwb_dev_attrs, dev,
				   NULL) ||
		    mwb_stats_text(output, dev->ifname, &mwb_stats_attrs,
				   &dev->stats,
				   dev_before ? &dev_before->stats : NULL))
			return -1;
		for (j = 0; j < now->wans_count; j++) {
			wan = &now->wans[j];
			if (wan->ifindex != dev->ifindex)
				continue;
			snprintf(label, sizeof(label), "%s %s", dev->ifname,
				 wan->name);
			if (mwb_stats_text(output, label, &mwb_wan_attrs, wan,
					   mwb_sample_wan(last, wan)))
				return -1;
		}
	}
	mwb_table_print(&output->table, stdout, "");
	return 0;
}

static void mwb_stats_print_json(struct mwb_stats_output *output,
				 const struct mwb_sample *now,
				 const struct mwb_sample *last)
{
	const struct mwb_dev *dev, *dev_before;
	struct mwb_json *json = &output->json;
	const struct mwb_wan *wan, *before;
	size_t i, j;

	mwb_json_open(json, NULL, '[');
	for (i = 0; i < now->devs_count; i++) {
		dev = &now->devs[i];
		dev_before = mwb_sample_dev(last, dev);
		mwb_json_open(json, NULL, '{');
		mwb_json_uint(json, "ifindex", dev->ifindex);
		mwb_json_string(json, "ifname", dev->ifname);
		mwb_stats_json(output, &mwb_dev_attrs, dev, NULL, NULL);
		mwb_json_open(json, "stats", '{');
		mwb_stats_json(output, &mwb_stats_attrs, &dev->stats, NULL,
			       NULL);
		mwb_json_close(json, '}');
		mwb_stats_json(output, &mwb_stats_attrs, &dev->stats,
			       dev_before ? &dev_before->stats : NULL, "rates");
		mwb_json_open(json, "wans", '[');
		for (j = 0; j < now->wans_count; j++) {
			wan = &now->wans[j];
			if (wan->ifindex != dev->ifindex)
				continue;
			before = mwb_sample_wan(last, wan);
			mwb_json_open(json, NULL, '{');
			mwb_json_string(json, "name", wan->name);
			mwb_json_uint(json, "id", wan->id);
			mwb_stats_json(output, &mwb_wan_attrs, wan, NULL, NULL);
			mwb_stats_json(output, &mwb_wan_attrs, wan, before,
				       "rates");
			mwb_json_close(json, '}');
		}
		mwb_json_close(json, ']');
		mwb_json_close(json, '}');
	}
	mwb_json_close(json, ']');
}

/* Sleep until some time after the sample, whatever the printing took. */
static void mwb_stats_wait(const struct mwb_sample *sample, uint64_t ms)
{
	struct timespec until = sample->time;

	until.tv_sec += ms / 1000;
	until.tv_nsec += ms % 1000 * 1000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_nsec -= 1000000000;
		until.tv_sec++;
	}
	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) ==
	       EINTR)
		;
}

static enum mwb_result mwb_stats_run(const struct mwb_call *call,
				     const char *ifname, uint64_t interval)
{
	struct mwb_stats_output output = {
		.json = { .out = stdout, .pretty = call->pretty },
		.table = { .columns = interval ? 4 : 3, .right = 0xc },
	};
	struct mwb_sample now = { 0 }, last = { 0 };
	enum mwb_result result = MWB_OK;
	struct mwb_nl nl;

	if (mwb_nl_open(&nl))
		return mwb_refuse(call, &nl.err);
	for (;;) {
		if (mwb_sample_take(&nl, ifname, &now)) {
			result = mwb_refuse(call, &nl.err);
			break;
		}
		output.seconds = !last.time.tv_sec && !last.time.tv_nsec ? 0 :
			now.time.tv_sec - last.time.tv_sec +
			(now.time.tv_nsec - last.time.tv_nsec) / 1e9;
		if (call->json) {
			mwb_stats_print_json(&output, &now, &last);
		} else if (mwb_stats_print_text(&output, &now, &last)) {
			mwb_err_set(&nl.err, "no memory");
			result = mwb_refuse(call, &nl.err);
			break;
		}
		/* main() reports an error of standard output. */
		if (!interval || fflush(stdout))
			break;
		mwb_stats_wait(&now, interval);
		if (!call->json)
			putchar('\n');
		mwb_sample_free(&last);
		last = now;
		memset(&now, 0, sizeof(now));
	}
	mwb_sample_free(&now);
	mwb_sample_free(&last);
	mwb_nl_close(&nl);
	return result;
}

/**
 * mwb_stats() - run mwbctl stats
 * @call: the command line
 *
 * Return: an enum mwb_result.
 */
enum mwb_result mwb_stats(const struct mwb_call *call)
{
	char **argv = call->argv, shown[64];
	struct mwb_err reason, err;
	int argc = call->argc;
	uint64_t interval = 0;

	if (argc && !strcmp(argv[0], "-i")) {
		if (argc == 1)
			return mwb_misuse(call, "-i: the value is missing");
		if (mwb_parse_time(argv[1], 1, MWB_STATS_MAX_INTERVAL,
				   &interval, &reason)) {
			mwb_print_text(argv[1], shown, sizeof(shown));
			mwb_err_set(&err, "-i \"%s\": %.200s", shown,
				    reason.text);
			return mwb_refuse(call, &err);
		}
		argc -= 2;
		argv += 2;
	}
	if (argc > 1 || (argc && argv[0][0] == '-')) {
		mwb_print_text(argv[argc > 1], shown, sizeof(shown));
		return mwb_misuse(call, "unknown word \"%s\"", shown);
	}
	if (argc && mwb_check_name(call, "DEV", argv[0]))
		return MWB_REFUSED;
	return mwb_stats_run(call, argc ? argv[0] : NULL, interval);
}
