/* SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause) */
/* Do not edit directly, auto-generated from: */
/*	Documentation/netlink/specs/mwbond.yaml */
/* YNL-GEN uapi header */

#ifndef _UAPI_LINUX_MWBOND_H
#define _UAPI_LINUX_MWBOND_H

#define MWBOND_GENL_NAME	"mwbond"
#define MWBOND_GENL_VERSION	1

#define MWBOND_CLASS_PRIORITY_AUTO	256

/**
 * enum mwbond_class_switch - What a class says about a thing that is done or
 *   not.
 * @MWBOND_CLASS_SWITCH_AUTO: Nothing; it is as without the class.
 */
enum mwbond_class_switch {
	MWBOND_CLASS_SWITCH_AUTO,
	MWBOND_CLASS_SWITCH_OFF,
	MWBOND_CLASS_SWITCH_ON,
};

/**
 * enum mwbond_mode - How the sender chooses the WAN of a packet.
 * @MWBOND_MODE_ROUND_ROBIN: Each packet on the next WAN.
 * @MWBOND_MODE_WEIGHTED: Bytes in proportion to weight * 100 / latency in ms
 *   (at least 1) * (1 - loss) * (1 - utilisation).
 * @MWBOND_MODE_PER_FLOW: All packets of a flow on one WAN, chosen by a hash of
 *   the 5-tuple.
 * @MWBOND_MODE_FAILOVER: All packets on the usable WAN with the lowest
 *   priority number.
 * @MWBOND_MODE_REDUNDANT: Each packet on every usable WAN; the first to arrive
 *   counts.
 * @MWBOND_MODE_LEAST_USED: Each packet on the WAN with the lowest utilisation
 *   of its rate.
 * @MWBOND_MODE_LEAST_LATENCY: Each packet on the WAN with the lowest
 *   round-trip time.
 * @MWBOND_MODE_ADAPTIVE: By the priority of the packet: above 200 as
 *   least-latency, below 50 as least-used, else as weighted.
 * @MWBOND_MODE_AUTO: Flows take turns; each packet goes over the WAN that is
 *   due, at the rate that is found for it, and the receiver evens out the
 *   delays.
 */
enum mwbond_mode {
	MWBOND_MODE_ROUND_ROBIN,
	MWBOND_MODE_WEIGHTED,
	MWBOND_MODE_PER_FLOW,
	MWBOND_MODE_FAILOVER,
	MWBOND_MODE_REDUNDANT,
	MWBOND_MODE_LEAST_USED,
	MWBOND_MODE_LEAST_LATENCY,
	MWBOND_MODE_ADAPTIVE,
	MWBOND_MODE_AUTO,
};

/**
 * enum mwbond_security - Protection of the packets between the two ends.
 * @MWBOND_SECURITY_NONE: A CRC-32 only; neither secret nor authentic.
 * @MWBOND_SECURITY_NOISE: Encrypted and authenticated, by keys that both ends
 *   have.
 */
enum mwbond_security {
	MWBOND_SECURITY_NONE,
	MWBOND_SECURITY_NOISE,
};

/**
 * enum mwbond_cipher - How packets are encrypted.
 * @MWBOND_CIPHER_AUTO: The faster one, if the peer has it.
 */
enum mwbond_cipher {
	MWBOND_CIPHER_AUTO,
	MWBOND_CIPHER_CHACHA20POLY1305,
	MWBOND_CIPHER_AES_GCM,
};

/**
 * enum mwbond_fec - What parities are sent, by which the peer recovers what is
 *   lost.
 * @MWBOND_FEC_OFF: None.
 * @MWBOND_FEC_AUTO: As many as the losses of the paths ask for; none where
 *   what is lost is sent again soon enough, and none in the way of what waits.
 * @MWBOND_FEC_CODE: fec-parity of them for every fec-data packets.
 * @MWBOND_FEC_DEVICE: Of a class only; as the device has it.
 */
enum mwbond_fec {
	MWBOND_FEC_OFF,
	MWBOND_FEC_AUTO,
	MWBOND_FEC_CODE,
	MWBOND_FEC_DEVICE,
};

/**
 * enum mwbond_wan_type - Kind of access line; gives the round-trip time and
 *   the rate that are reckoned with, and the time for which heartbeats are
 *   waited for, until there are measurements.
 */
enum mwbond_wan_type {
	MWBOND_WAN_TYPE_UNSPEC,
	MWBOND_WAN_TYPE_FIBER,
	MWBOND_WAN_TYPE_CABLE,
	MWBOND_WAN_TYPE_VDSL,
	MWBOND_WAN_TYPE_ADSL,
	MWBOND_WAN_TYPE_LTE,
	MWBOND_WAN_TYPE_5G,
	MWBOND_WAN_TYPE_STARLINK,
	MWBOND_WAN_TYPE_SATELLITE,
};

/**
 * enum mwbond_wan_state - Health of a WAN.
 * @MWBOND_WAN_STATE_DOWN: Not answering, or switched off by the user, or
 *   without underlay.
 * @MWBOND_WAN_STATE_STARTING: Answering; not yet long enough to carry traffic.
 * @MWBOND_WAN_STATE_UP: Usable.
 * @MWBOND_WAN_STATE_DEGRADED: Usable, but beyond a limit; used where none that
 *   is up can be.
 * @MWBOND_WAN_STATE_RECOVERING: Answering; not used yet, as it has been up and
 *   down too often.
 */
enum mwbond_wan_state {
	MWBOND_WAN_STATE_DOWN,
	MWBOND_WAN_STATE_STARTING,
	MWBOND_WAN_STATE_UP,
	MWBOND_WAN_STATE_DEGRADED,
	MWBOND_WAN_STATE_RECOVERING,
};

/**
 * enum mwbond_wan_reason - Why a WAN has changed its state.
 * @MWBOND_WAN_REASON_ANSWERED: A heartbeat was answered.
 * @MWBOND_WAN_REASON_PROVEN: Enough heartbeats were answered, and a penalty is
 *   over.
 * @MWBOND_WAN_REASON_RECOVERED: Nothing was beyond the limits for 2 s.
 * @MWBOND_WAN_REASON_FAILURES: Heartbeats were lost in a row.
 * @MWBOND_WAN_REASON_UNACKNOWLEDGED: What was sent over it did not arrive, nor
 *   were probes answered.
 * @MWBOND_WAN_REASON_SILENT: What the peer should have sent over it did not
 *   arrive, nor were probes answered.
 * @MWBOND_WAN_REASON_LATENCY: The round-trip time is above max-latency, or
 *   many times the least.
 * @MWBOND_WAN_REASON_JITTER: The jitter is above max-jitter.
 * @MWBOND_WAN_REASON_LOSS: Too many heartbeats are lost; more than max-loss,
 *   or half of them.
 * @MWBOND_WAN_REASON_UNDERLAY: Its interface has gone or is down.
 * @MWBOND_WAN_REASON_OFF: Switched off by the user.
 * @MWBOND_WAN_REASON_RESTART: There is a new session, or none, or other
 *   addresses.
 */
enum mwbond_wan_reason {
	MWBOND_WAN_REASON_ANSWERED,
	MWBOND_WAN_REASON_PROVEN,
	MWBOND_WAN_REASON_RECOVERED,
	MWBOND_WAN_REASON_FAILURES,
	MWBOND_WAN_REASON_UNACKNOWLEDGED,
	MWBOND_WAN_REASON_SILENT,
	MWBOND_WAN_REASON_LATENCY,
	MWBOND_WAN_REASON_JITTER,
	MWBOND_WAN_REASON_LOSS,
	MWBOND_WAN_REASON_UNDERLAY,
	MWBOND_WAN_REASON_OFF,
	MWBOND_WAN_REASON_RESTART,
};

/**
 * enum mwbond_wan_use - Whether data is sent over a WAN now, and why or why
 *   not.
 * @MWBOND_WAN_USE_OFF: Not used; switched off by the user.
 * @MWBOND_WAN_USE_NO_UNDERLAY: Not used; its interface does not exist, or no
 *   address of the peer has been confirmed.
 * @MWBOND_WAN_USE_LOOP: Not used; its route leads back into the device.
 * @MWBOND_WAN_USE_NO_SESSION: Not used; there is no session with the peer.
 * @MWBOND_WAN_USE_NO_ANSWER: Not used; the peer does not answer.
 * @MWBOND_WAN_USE_STARTING: Not used; the peer has not yet answered for long
 *   enough.
 * @MWBOND_WAN_USE_IN_TIME: Mode auto; used at its rate. What it carries
 *   arrives within the hold.
 * @MWBOND_WAN_USE_TOO_SLOW: Mode auto; used for the last packets of a long
 *   queue only, as its base delay is above skew-budget.
 * @MWBOND_WAN_USE_NOT_WORTH: Mode auto; used for the last packets of a long
 *   queue only, as it loses packets, and its share of the rates is too small
 *   for the longer hold that this would take.
 * @MWBOND_WAN_USE_BY_MODE: Used as the mode chooses.
 * @MWBOND_WAN_USE_STANDBY: Not used; the mode prefers another WAN now.
 * @MWBOND_WAN_USE_RECOVERING: Not used; it has been up and down too often of
 *   late.
 * @MWBOND_WAN_USE_DEGRADED: Not used; beyond a limit, and there is a WAN that
 *   is not.
 * @MWBOND_WAN_USE_SUSPECT: Not used; what was sent last may not have arrived.
 */
enum mwbond_wan_use {
	MWBOND_WAN_USE_OFF,
	MWBOND_WAN_USE_NO_UNDERLAY,
	MWBOND_WAN_USE_LOOP,
	MWBOND_WAN_USE_NO_SESSION,
	MWBOND_WAN_USE_NO_ANSWER,
	MWBOND_WAN_USE_STARTING,
	MWBOND_WAN_USE_IN_TIME,
	MWBOND_WAN_USE_TOO_SLOW,
	MWBOND_WAN_USE_NOT_WORTH,
	MWBOND_WAN_USE_BY_MODE,
	MWBOND_WAN_USE_STANDBY,
	MWBOND_WAN_USE_RECOVERING,
	MWBOND_WAN_USE_DEGRADED,
	MWBOND_WAN_USE_SUSPECT,
};

/**
 * enum mwbond_event - What a notification reports.
 * @MWBOND_EVENT_WAN_STATE: A WAN changed its state.
 * @MWBOND_EVENT_WAN_ADDED: A WAN was configured here or announced by the peer.
 * @MWBOND_EVENT_WAN_REMOVED: A WAN was removed here or withdrawn by the peer.
 * @MWBOND_EVENT_WAN_ENDPOINT: A WAN has another local or remote address.
 * @MWBOND_EVENT_WAN_LOOP: The route to a WAN's remote address leads back into
 *   the device, or that is where the device listens itself.
 * @MWBOND_EVENT_SESSION_ESTABLISHED: A handshake with the peer succeeded.
 * @MWBOND_EVENT_SESSION_CLOSED: The session with the peer ended.
 * @MWBOND_EVENT_FEC_EXHAUSTED: Blocks lost more than their parities could
 *   recover. At the most one a second.
 * @MWBOND_EVENT_SESSION_REKEYED: The keys of the session were renewed.
 * @MWBOND_EVENT_HANDSHAKE_REFUSED: A handshake with the peer failed; the
 *   kernel's log has the reason.
 */
enum mwbond_event {
	MWBOND_EVENT_WAN_STATE,
	MWBOND_EVENT_WAN_ADDED,
	MWBOND_EVENT_WAN_REMOVED,
	MWBOND_EVENT_WAN_ENDPOINT,
	MWBOND_EVENT_WAN_LOOP,
	MWBOND_EVENT_SESSION_ESTABLISHED,
	MWBOND_EVENT_SESSION_CLOSED,
	MWBOND_EVENT_FEC_EXHAUSTED,
	MWBOND_EVENT_SESSION_REKEYED,
	MWBOND_EVENT_HANDSHAKE_REFUSED,
};

enum mwbond_a_dev {
	MWBOND_A_DEV_IFINDEX = 1,
	MWBOND_A_DEV_IFNAME,
	MWBOND_A_DEV_MODE,
	MWBOND_A_DEV_SECURITY,
	MWBOND_A_DEV_SESSION,
	MWBOND_A_DEV_LISTEN_PORT,
	MWBOND_A_DEV_LISTEN_IPV4,
	MWBOND_A_DEV_LISTEN_IPV6,
	MWBOND_A_DEV_MTU_AUTO,
	MWBOND_A_DEV_MTU,
	MWBOND_A_DEV_REORDER_BUFFER,
	MWBOND_A_DEV_REORDER_TIMEOUT,
	MWBOND_A_DEV_ESTABLISHED,
	MWBOND_A_DEV_INITIATOR,
	MWBOND_A_DEV_WAN_COUNT,
	MWBOND_A_DEV_STATS,
	MWBOND_A_DEV_PAD,
	MWBOND_A_DEV_SKEW_BUDGET,
	MWBOND_A_DEV_QUEUE_BYTES,
	MWBOND_A_DEV_QUEUE_PACKETS,
	MWBOND_A_DEV_QUEUE_FLOWS,
	MWBOND_A_DEV_HOLD,
	MWBOND_A_DEV_KEPT_BYTES,
	MWBOND_A_DEV_FEC,
	MWBOND_A_DEV_FEC_DATA,
	MWBOND_A_DEV_FEC_PARITY,
	MWBOND_A_DEV_FEC_TIMEOUT,
	MWBOND_A_DEV_REDUNDANCY,
	MWBOND_A_DEV_DUPLICATE,
	MWBOND_A_DEV_REPAIR,
	MWBOND_A_DEV_FEC_VARIANT,
	MWBOND_A_DEV_PRIVATE_KEY,
	MWBOND_A_DEV_PUBLIC_KEY,
	MWBOND_A_DEV_PEER_KEY,
	MWBOND_A_DEV_PRESHARED_KEY,
	MWBOND_A_DEV_PRESHARED,
	MWBOND_A_DEV_CIPHER,
	MWBOND_A_DEV_CIPHER_USED,
	MWBOND_A_DEV_KEY_AGE,

	__MWBOND_A_DEV_MAX
};
#define MWBOND_A_DEV_MAX (__MWBOND_A_DEV_MAX - 1)

enum mwbond_a_stats {
	MWBOND_A_STATS_PAD = 1,
	MWBOND_A_STATS_TX_NO_WAN,
	MWBOND_A_STATS_TX_INVALID,
	MWBOND_A_STATS_TX_TOO_BIG,
	MWBOND_A_STATS_TX_SEGMENT,
	MWBOND_A_STATS_TX_NO_MEMORY,
	MWBOND_A_STATS_TX_ROUTE,
	MWBOND_A_STATS_TX_LOOP,
	MWBOND_A_STATS_TX_FRAGMENTED,
	MWBOND_A_STATS_TX_QUEUE,
	MWBOND_A_STATS_TX_MARKED,
	MWBOND_A_STATS_TX_REPAIRED,
	MWBOND_A_STATS_TX_GIVEN_UP,
	MWBOND_A_STATS_RX_SHORT,
	MWBOND_A_STATS_RX_VERSION,
	MWBOND_A_STATS_RX_TYPE,
	MWBOND_A_STATS_RX_FLAGS,
	MWBOND_A_STATS_RX_LENGTH,
	MWBOND_A_STATS_RX_BUCKET,
	MWBOND_A_STATS_RX_WAN_ID,
	MWBOND_A_STATS_RX_CHECKSUM,
	MWBOND_A_STATS_RX_SESSION,
	MWBOND_A_STATS_RX_SECURITY,
	MWBOND_A_STATS_RX_AUTH,
	MWBOND_A_STATS_RX_PAYLOAD,
	MWBOND_A_STATS_RX_FEEDBACK,
	MWBOND_A_STATS_RX_HANDSHAKE,
	MWBOND_A_STATS_RX_WAN,
	MWBOND_A_STATS_RX_SOURCE,
	MWBOND_A_STATS_RX_WAN_LIMIT,
	MWBOND_A_STATS_RX_REPLAY,
	MWBOND_A_STATS_RX_UNSUPPORTED,
	MWBOND_A_STATS_RX_NO_MEMORY,
	MWBOND_A_STATS_RX_QUEUE_FULL,
	MWBOND_A_STATS_RX_INNER,
	MWBOND_A_STATS_RX_ECN,
	MWBOND_A_STATS_RX_FRAGMENT,
	MWBOND_A_STATS_RX_DUPLICATE,
	MWBOND_A_STATS_RX_OLD,
	MWBOND_A_STATS_RX_LATE,
	MWBOND_A_STATS_RX_REORDERED,
	MWBOND_A_STATS_RX_HELD,
	MWBOND_A_STATS_RX_SKIPPED,
	MWBOND_A_STATS_RX_FORCED,
	MWBOND_A_STATS_HANDSHAKES,
	MWBOND_A_STATS_TX_FEC_BLOCKS,
	MWBOND_A_STATS_TX_FEC_PARITY,
	MWBOND_A_STATS_TX_FEC_SKIPPED,
	MWBOND_A_STATS_RX_FEC_BLOCKS,
	MWBOND_A_STATS_RX_FEC_RECOVERED,
	MWBOND_A_STATS_RX_FEC_LOST,
	MWBOND_A_STATS_RX_FEC_LATE,
	MWBOND_A_STATS_RX_FEC_WASTED,
	MWBOND_A_STATS_RX_FEC_REFUSED,
	MWBOND_A_STATS_REKEYS,

	__MWBOND_A_STATS_MAX
};
#define MWBOND_A_STATS_MAX (__MWBOND_A_STATS_MAX - 1)

enum mwbond_a_wan {
	MWBOND_A_WAN_IFINDEX = 1,
	MWBOND_A_WAN_IFNAME,
	MWBOND_A_WAN_NAME,
	MWBOND_A_WAN_ID,
	MWBOND_A_WAN_REMOTE_IPV4,
	MWBOND_A_WAN_REMOTE_IPV6,
	MWBOND_A_WAN_REMOTE_PORT,
	MWBOND_A_WAN_REMOTE_SCOPE,
	MWBOND_A_WAN_LOCAL_IPV4,
	MWBOND_A_WAN_LOCAL_IPV6,
	MWBOND_A_WAN_LOCAL_PORT,
	MWBOND_A_WAN_DEV,
	MWBOND_A_WAN_FWMARK,
	MWBOND_A_WAN_TYPE,
	MWBOND_A_WAN_WEIGHT,
	MWBOND_A_WAN_PRIORITY,
	MWBOND_A_WAN_RATE,
	MWBOND_A_WAN_HEARTBEAT,
	MWBOND_A_WAN_FAILURES,
	MWBOND_A_WAN_ADMIN_UP,
	MWBOND_A_WAN_DYNAMIC,
	MWBOND_A_WAN_WIRE_ID,
	MWBOND_A_WAN_STATE,
	MWBOND_A_WAN_MTU,
	MWBOND_A_WAN_SCORE,
	MWBOND_A_WAN_RTT,
	MWBOND_A_WAN_RTT_LAST,
	MWBOND_A_WAN_RTT_MIN,
	MWBOND_A_WAN_JITTER,
	MWBOND_A_WAN_LOSS,
	MWBOND_A_WAN_TX_PACKETS,
	MWBOND_A_WAN_TX_BYTES,
	MWBOND_A_WAN_RX_PACKETS,
	MWBOND_A_WAN_RX_BYTES,
	MWBOND_A_WAN_TX_ERRORS,
	MWBOND_A_WAN_HEARTBEATS_SENT,
	MWBOND_A_WAN_HEARTBEATS_ANSWERED,
	MWBOND_A_WAN_HEARTBEATS_LOST,
	MWBOND_A_WAN_DOWNS,
	MWBOND_A_WAN_PAD,
	MWBOND_A_WAN_EVENT,
	MWBOND_A_WAN_OLD_STATE,
	MWBOND_A_WAN_TX_USE,
	MWBOND_A_WAN_TX_RATE,
	MWBOND_A_WAN_TX_STARTING,
	MWBOND_A_WAN_TX_POLICED,
	MWBOND_A_WAN_TX_SHARE,
	MWBOND_A_WAN_TX_UNDER_WAY,
	MWBOND_A_WAN_TX_KEPT,
	MWBOND_A_WAN_TX_DELIVERY,
	MWBOND_A_WAN_TX_BASE_DELAY,
	MWBOND_A_WAN_TX_QUEUE_DELAY,
	MWBOND_A_WAN_TX_JITTER,
	MWBOND_A_WAN_TX_LOSS,
	MWBOND_A_WAN_REASON,
	MWBOND_A_WAN_SUSPECT,
	MWBOND_A_WAN_PENALTY,
	MWBOND_A_WAN_MAX_LATENCY,
	MWBOND_A_WAN_MAX_JITTER,
	MWBOND_A_WAN_MAX_LOSS,

	__MWBOND_A_WAN_MAX
};
#define MWBOND_A_WAN_MAX (__MWBOND_A_WAN_MAX - 1)

enum mwbond_a_class {
	MWBOND_A_CLASS_IFINDEX = 1,
	MWBOND_A_CLASS_IFNAME,
	MWBOND_A_CLASS_NAME,
	MWBOND_A_CLASS_MATCH_PRIO_MIN,
	MWBOND_A_CLASS_MATCH_PRIO_MAX,
	MWBOND_A_CLASS_MATCH_DSCP,
	MWBOND_A_CLASS_MATCH_MARK,
	MWBOND_A_CLASS_MATCH_MASK,
	MWBOND_A_CLASS_ORDER,
	MWBOND_A_CLASS_HOLD,
	MWBOND_A_CLASS_MAX_DELAY,
	MWBOND_A_CLASS_WAN,
	MWBOND_A_CLASS_PRIORITY,
	MWBOND_A_CLASS_DUPLICATE,
	MWBOND_A_CLASS_PAD,
	MWBOND_A_CLASS_FEC,
	MWBOND_A_CLASS_FEC_DATA,
	MWBOND_A_CLASS_FEC_PARITY,

	__MWBOND_A_CLASS_MAX
};
#define MWBOND_A_CLASS_MAX (__MWBOND_A_CLASS_MAX - 1)

enum mwbond_cmd {
	MWBOND_CMD_DEV_GET = 1,
	MWBOND_CMD_DEV_SET,
	MWBOND_CMD_WAN_GET,
	MWBOND_CMD_WAN_ADD,
	MWBOND_CMD_WAN_SET,
	MWBOND_CMD_WAN_DEL,
	MWBOND_CMD_EVENT,
	MWBOND_CMD_CLASS_GET,
	MWBOND_CMD_CLASS_ADD,
	MWBOND_CMD_CLASS_SET,
	MWBOND_CMD_CLASS_DEL,

	__MWBOND_CMD_MAX
};
#define MWBOND_CMD_MAX (__MWBOND_CMD_MAX - 1)

#define MWBOND_MCGRP_EVENTS	"events"

#endif /* _UAPI_LINUX_MWBOND_H */
