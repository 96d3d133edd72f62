// SPDX-License-Identifier: GPL-2.0-only
/*
 * Names of the enumerations of the interface, as in the netlink specification.
 */
#include <stddef.h>
#include <string.h>

#include <linux/mwbond.h>

#include "compiler.h"
#include "names.h"

static const char *const mwb_modes[] = {
	[MWBOND_MODE_AUTO]		= "auto",
	[MWBOND_MODE_ROUND_ROBIN]	= "round-robin",
	[MWBOND_MODE_WEIGHTED]		= "weighted",
	[MWBOND_MODE_PER_FLOW]		= "per-flow",
	[MWBOND_MODE_FAILOVER]		= "failover",
	[MWBOND_MODE_REDUNDANT]		= "redundant",
	[MWBOND_MODE_LEAST_USED]	= "least-used",
	[MWBOND_MODE_LEAST_LATENCY]	= "least-latency",
	[MWBOND_MODE_ADAPTIVE]		= "adaptive",
};

static const char *const mwb_securities[] = {
	[MWBOND_SECURITY_NONE]		= "none",
	[MWBOND_SECURITY_NOISE]		= "noise",
};

static const char *const mwb_ciphers[] = {
	[MWBOND_CIPHER_AUTO]		= "auto",
	[MWBOND_CIPHER_CHACHA20POLY1305] = "chacha20poly1305",
	[MWBOND_CIPHER_AES_GCM]		= "aes-gcm",
};

static const char *const mwb_fecs[] = {
	[MWBOND_FEC_OFF]		= "off",
	[MWBOND_FEC_AUTO]		= "auto",
	[MWBOND_FEC_CODE]		= "code",
	[MWBOND_FEC_DEVICE]		= "device",
};

static const char *const mwb_wan_types[] = {
	[MWBOND_WAN_TYPE_UNSPEC]	= "unspec",
	[MWBOND_WAN_TYPE_FIBER]		= "fiber",
	[MWBOND_WAN_TYPE_CABLE]		= "cable",
	[MWBOND_WAN_TYPE_VDSL]		= "vdsl",
	[MWBOND_WAN_TYPE_ADSL]		= "adsl",
	[MWBOND_WAN_TYPE_LTE]		= "lte",
	[MWBOND_WAN_TYPE_5G]		= "5g",
	[MWBOND_WAN_TYPE_STARLINK]	= "starlink",
	[MWBOND_WAN_TYPE_SATELLITE]	= "satellite",
};

static const char *const mwb_wan_states[] = {
	[MWBOND_WAN_STATE_DOWN]		= "down",
	[MWBOND_WAN_STATE_STARTING]	= "starting",
	[MWBOND_WAN_STATE_UP]		= "up",
	[MWBOND_WAN_STATE_DEGRADED]	= "degraded",
	[MWBOND_WAN_STATE_RECOVERING]	= "recovering",
};

static const char *const mwb_wan_reasons[] = {
	[MWBOND_WAN_REASON_ANSWERED]		= "answered",
	[MWBOND_WAN_REASON_PROVEN]		= "proven",
	[MWBOND_WAN_REASON_RECOVERED]		= "recovered",
	[MWBOND_WAN_REASON_FAILURES]		= "failures",
	[MWBOND_WAN_REASON_UNACKNOWLEDGED]	= "unacknowledged",
	[MWBOND_WAN_REASON_SILENT]		= "silent",
	[MWBOND_WAN_REASON_LATENCY]		= "latency",
	[MWBOND_WAN_REASON_JITTER]		= "jitter",
	[MWBOND_WAN_REASON_LOSS]		= "loss",
	[MWBOND_WAN_REASON_UNDERLAY]		= "underlay",
	[MWBOND_WAN_REASON_OFF]			= "off",
	[MWBOND_WAN_REASON_RESTART]		= "restart",
};

static const char *const mwb_wan_uses[] = {
	[MWBOND_WAN_USE_OFF]		= "off",
	[MWBOND_WAN_USE_NO_UNDERLAY]	= "no-underlay",
	[MWBOND_WAN_USE_LOOP]		= "loop",
	[MWBOND_WAN_USE_NO_SESSION]	= "no-session",
	[MWBOND_WAN_USE_NO_ANSWER]	= "no-answer",
	[MWBOND_WAN_USE_STARTING]	= "starting",
	[MWBOND_WAN_USE_IN_TIME]	= "in-time",
	[MWBOND_WAN_USE_TOO_SLOW]	= "too-slow",
	[MWBOND_WAN_USE_NOT_WORTH]	= "not-worth",
	[MWBOND_WAN_USE_BY_MODE]	= "by-mode",
	[MWBOND_WAN_USE_STANDBY]	= "standby",
	[MWBOND_WAN_USE_RECOVERING]	= "recovering",
	[MWBOND_WAN_USE_DEGRADED]	= "degraded",
	[MWBOND_WAN_USE_SUSPECT]	= "suspect",
};

static const char *const mwb_events[] = {
	[MWBOND_EVENT_WAN_STATE]		= "wan-state",
	[MWBOND_EVENT_WAN_ADDED]		= "wan-added",
	[MWBOND_EVENT_WAN_REMOVED]		= "wan-removed",
	[MWBOND_EVENT_WAN_ENDPOINT]		= "wan-endpoint",
	[MWBOND_EVENT_WAN_LOOP]			= "wan-loop",
	[MWBOND_EVENT_SESSION_ESTABLISHED]	= "session-established",
	[MWBOND_EVENT_SESSION_CLOSED]		= "session-closed",
	[MWBOND_EVENT_FEC_EXHAUSTED]		= "fec-exhausted",
	[MWBOND_EVENT_SESSION_REKEYED]		= "session-rekeyed",
	[MWBOND_EVENT_HANDSHAKE_REFUSED]	= "handshake-refused",
};

static const char *const mwb_class_switches[] = {
	[MWBOND_CLASS_SWITCH_AUTO]	= "auto",
	[MWBOND_CLASS_SWITCH_OFF]	= "off",
	[MWBOND_CLASS_SWITCH_ON]	= "on",
};

const struct mwb_names mwb_mode_names = {
	.name = mwb_modes,
	.count = ARRAY_SIZE(mwb_modes),
};

const struct mwb_names mwb_security_names = {
	.name = mwb_securities,
	.count = ARRAY_SIZE(mwb_securities),
};

const struct mwb_names mwb_fec_names = {
	.name = mwb_fecs,
	.count = ARRAY_SIZE(mwb_fecs),
};

const struct mwb_names mwb_cipher_names = {
	.name = mwb_ciphers,
	.count = ARRAY_SIZE(mwb_ciphers),
};

const struct mwb_names mwb_wan_type_names = {
	.name = mwb_wan_types,
	.count = ARRAY_SIZE(mwb_wan_types),
};

const struct mwb_names mwb_wan_state_names = {
	.name = mwb_wan_states,
	.count = ARRAY_SIZE(mwb_wan_states),
};

const struct mwb_names mwb_wan_reason_names = {
	.name = mwb_wan_reasons,
	.count = ARRAY_SIZE(mwb_wan_reasons),
};

const struct mwb_names mwb_wan_use_names = {
	.name = mwb_wan_uses,
	.count = ARRAY_SIZE(mwb_wan_uses),
};

const struct mwb_names mwb_event_names = {
	.name = mwb_events,
	.count = ARRAY_SIZE(mwb_events),
};

const struct mwb_names mwb_class_switch_names = {
	.name = mwb_class_switches,
	.count = ARRAY_SIZE(mwb_class_switches),
};

/**
 * mwb_name() - the name of a value
 * @names: names of the enumeration
 * @value: the value
 *
 * Return: the name, or NULL for a value that this version does not know.
 */
const char *mwb_name(const struct mwb_names *names, uint64_t value)
{
	return value < names->count ? names->name[value] : NULL;
}

/**
 * mwb_name_value() - the value that a word names
 * @names: names of the enumeration
 * @word: the whole name; it cannot be abbreviated
 *
 * Return: the value, or -1 if no value has this name.
 */
int mwb_name_value(const struct mwb_names *names, const char *word)
{
	unsigned int i;

	for (i = 0; i < names->count; i++)
		if (!strcmp(names->name[i], word))
			return i;
	return -1;
}
