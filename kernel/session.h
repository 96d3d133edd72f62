/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The session of a device with its peer: one for each mwbond netdevice, in its
 * private area.
 *
 * Locks, outermost first (Documentation/locking.rst):
 *  RTNL            configuration requests, notifiers
 *  session->mutex  all that changes: settings, WANs, handshake, health
 *  RCU             the data path reads session->paths and what hangs on it
 *  NAPI            reorder and reassembly belong to the one running poll
 */
#ifndef _MWBOND_SESSION_H
#define _MWBOND_SESSION_H

#include <linux/hrtimer.h>
#include <linux/jiffies.h>
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/rhashtable-types.h>
#include <linux/siphash.h>
#include <linux/skbuff.h>
#include <linux/workqueue.h>
#include <net/net_namespace.h>
#include <uapi/linux/mwbond.h>

#include "class.h"
#include "core/delay.h"
#include "core/loss.h"
#include "core/pace.h"
#include "core/reorder.h"
#include "core/sched.h"
#include "core/seqno.h"
#include "core/suspect.h"
#include "core/wire.h"
#include "fec.h"
#include "secure.h"
#include "stats.h"

struct mwb_session;
struct mwb_socket;
struct mwb_wan;

enum {
	MWB_MAX_WANS = MWB_SCHED_PATHS,
	/* Inner flows are spread over buckets of three kinds. */
	MWB_BUCKETS_MULTICAST = 16,
	MWB_BUCKETS_UNORDERED = 240,
	MWB_BUCKETS_ORDERED = MWB_WIRE_BUCKETS - MWB_BUCKETS_UNORDERED -
			      MWB_BUCKETS_MULTICAST,
	MWB_REORDER_BUFFER_DEFAULT = 8192,	/* packets */
	MWB_REORDER_TIMEOUT_DEFAULT = 200,	/* ms */
	MWB_SKEW_BUDGET_DEFAULT = 40,		/* ms */
	MWB_PRIORITY_REAL_TIME = 160,		/* DSCP CS5, RFC 4594 */
	MWB_RX_QUEUE_MAX = 4096,		/* packets */
	MWB_CONTROL_QUEUE_MAX = 256,		/* packets */
	MWB_CONTROL_QUEUE_STRANGERS = 32,	/* packets */
	MWB_MTU_MIN = 68,
	MWB_MTU_MAX = 9000,
	MWB_MTU_DEFAULT = 1408,
};

/**
 * struct mwb_address - an IPv4 or IPv6 address and port
 * @family: AF_INET, AF_INET6, or AF_UNSPEC for none
 * @port: UDP port
 * @scope: interface index of a link-local address, else 0
 * @v4: address, if AF_INET
 * @v6: address, if AF_INET6
 */
struct mwb_address {
	sa_family_t family;
	__be16 port;
	u32 scope;
	union {
		struct in_addr v4;
		struct in6_addr v6;
	};
};

/**
 * struct mwb_path_state - packets of one WAN id in one association
 * @assoc: the association
 * @tx_lock: guards the following
 * @tx: packets sent, and those kept for a repair; its memory is of kmalloc()
 * @tx_stamp: timestamp of the last packet sent, ns
 * @tx_bytes: UDP payload sent
 * @tx_kept: bytes of the packets that are kept
 * @loss: of the packets sent
 * @tx_filled: as much is sent as the path carries; only reports ask for it
 * @replay: numbers received; this and the following: session->feedback.lock
 * @rx_bytes: UDP payload received
 * @rx_packets: packets received
 * @rx_arrival: when the packet with the highest number arrived, ns
 * @rx_reported: the replay window's top in the last report
 * @rx_ce: packets received with CE
 * @delay: one-way delay
 *
 * It outlives the WAN: numbers are never reused. Freed with its association.
 */
struct mwb_path_state {
	struct mwb_association *assoc;
	spinlock_t tx_lock;		/* guards the packets sent */
	struct mwb_loss tx;
	u64 tx_stamp;
	u64 tx_bytes;
	u64 tx_kept;
	bool tx_filled;
	struct mwb_fec_loss loss;

	struct mwb_replay replay ____cacheline_aligned_in_smp;
	u64 rx_bytes;
	u64 rx_packets;
	u64 rx_arrival;
	u64 rx_reported;
	u32 rx_ce;
	struct mwb_delay delay;
};

/**
 * struct mwb_tx - what waits to be sent, and the rules for it
 * @lock: guards all of it, and the struct mwb_pace of all WANs
 * @pacer: packets that wait, and which WAN takes them
 * @memory: truesize of the packets in the queue, bytes
 * @acked: sequence id of the newest Ack, plus 1
 * @acked_by: WAN id by which it came
 * @suspect: when it came, and who was blamed
 */
struct mwb_tx {
	spinlock_t lock;		/* guards all of it */
	struct mwb_pacer pacer;
	u32 memory;
	u64 acked;
	u8 acked_by;
	struct mwb_suspect suspect;
};

/**
 * struct mwb_feedback - what the peer has sent, and the reports on it
 * @lock: guards all of it, and what the struct mwb_path_state of all paths know
 *	of the packets received
 * @timer: sends the next report
 * @due: when, ns; U64_MAX if it is not set
 * @last: when the last one was sent, ns
 * @generation: of the association that is reported on
 * @sequence: of the next report
 * @hurry: reports that are to come soon, because packets are missing
 * @interval: from a report to the next, ns
 * @hurried: the same in a hurry, ns
 * @clock: the peer's
 * @buf: payload of a report, MWB_FEEDBACK_LEN bytes; the timer's own
 */
struct mwb_feedback {
	spinlock_t lock;		/* guards all of it */
	struct hrtimer timer;
	u64 due;
	u64 last;
	u32 generation;
	u64 sequence;
	u8 hurry;
	u64 interval;
	u64 hurried;
	struct mwb_clock clock;
	u8 *buf;
};

/**
 * struct mwb_association - what one handshake agreed on
 * @node: in the table of local ids
 * @session: whose it is; not counted: the session waits for a grace period
 *	after it took its associations out of the table
 * @local_id: session id in the packets received
 * @remote_id: session id in the packets sent; 0 in an initiator until the
 *	response. Written before the association is published.
 * @generation: rises by one with each association of the session
 * @initiator: this end sent the initiation
 * @secure: its packets are encrypted
 * @exhausted: a path has used up its packet numbers
 * @tx_key: for what is sent
 * @rx_key: for what is received, by key phase
 * @awaited: of a responder: the one of @rx_key that the peer has not used yet,
 *	after which its counterpart becomes @tx_key
 * @path: by WAN id, set once under the session's mutex
 * @tx_sequence: by bucket: sequence number of the next packet sent
 * @rcu: for freeing
 */
struct mwb_association {
	struct rhash_head node;
	struct mwb_session *session;
	u64 local_id;
	u64 remote_id;
	u32 generation;
	bool initiator;
	bool secure;
	bool exhausted;
	struct mwb_key __rcu *tx_key;
	struct mwb_key __rcu *rx_key[4];
	struct mwb_key *awaited;
	struct mwb_path_state __rcu *path[256];
	atomic64_t tx_sequence[MWB_WIRE_BUCKETS];
	struct rcu_head rcu;
};

/**
 * struct mwb_paths - what the data path knows of a session; replaced as a whole
 * @rcu: for freeing
 * @assoc: association that sends
 * @table: the WANs that are usable, for core/sched
 * @wan: all WANs, by index
 * @mode: enum mwbond_mode
 * @fec: for packets whose class does not say anything else
 * @fec_timeout: of struct mwb_settings
 * @redundancy: of the same
 * @duplicate: of the same
 * @repair: of the same
 * @nr_classes: valid entries of @class
 * @class: by precedence
 */
struct mwb_paths {
	struct rcu_head rcu;
	struct mwb_association *assoc;
	struct mwb_sched_table table;
	struct mwb_wan *wan[MWB_MAX_WANS];
	u32 mode;
	struct mwb_fec_setting fec;
	u32 fec_timeout;
	u32 redundancy;
	u32 duplicate;
	bool repair;
	u32 nr_classes;
	struct mwb_class_rule class[MWB_MAX_CLASSES];
};

/**
 * struct mwb_settings - configuration of a device
 * @number: session number; 0 until it is set
 * @mode: enum mwbond_mode
 * @security: enum mwbond_security, or -1 until it is set
 * @private_key: of this end; zeros if there is none
 * @peer_key: public key of the peer, or zeros
 * @preshared_key: besides, or zeros
 * @cipher: enum mwbond_cipher
 * @listen: address and port to listen on; port 0 for none, family AF_UNSPEC
 *	for all addresses of both families
 * @mtu_auto: the MTU follows the paths
 * @reorder_buffer: packets
 * @reorder_timeout: ms
 * @skew_budget: ms by which a path may be slower than the fastest for a flow
 *	that is spread over both
 * @fec: parities
 * @fec_timeout: ms after which a block ends; 0: the default
 * @redundancy: parities for each data packet at the most, parts per million
 * @duplicate: paths that a packet is sent over; 0: it depends
 * @repair: what is lost is sent again
 */
struct mwb_settings {
	u32 number;
	u32 mode;
	int security;
	u8 private_key[MWB_CRYPTO_KEY_LEN];
	u8 peer_key[MWB_CRYPTO_KEY_LEN];
	u8 preshared_key[MWB_CRYPTO_KEY_LEN];
	u32 cipher;
	struct mwb_address listen;
	bool mtu_auto;
	u32 reorder_buffer;
	u32 reorder_timeout;
	u32 skew_budget;
	struct mwb_fec_setting fec;
	u32 fec_timeout;
	u32 redundancy;
	u32 duplicate;
	bool repair;
};

/**
 * struct mwb_session - a device and its peer
 * @dev: the device
 * @net: namespace of the sockets: where the device was made; NULL once that is
 *	gone. @mutex and RTNL to write, either to read.
 * @net_entry: in the namespace's list of sessions, as long as there is @net
 *	(RCU); guarded by RTNL
 * @mutex: guards what follows, up to @work
 * @settings: configuration
 * @listener: listening sockets, IPv4 and IPv6
 * @listen_entry: in each listener's table by session number or key
 * @peer_entry: in each listener's table by the key of the peer
 * @running: the device is up
 * @wan: WANs by index
 * @nr_classes: valid entries of @class
 * @class: classes, by precedence
 * @current_assoc: association in use
 * @pending_assoc: initiator: waits for the response; responder: for the first
 *	packet with its local id
 * @secure: if it has keys
 * @generation: of the newest association
 * @initiate_at: when to initiate (again), ns; U64_MAX for not at all
 * @initiate_interval: time until the next repetition, ns
 * @pending_since: when @pending_assoc was made, ns
 * @respond_at: limits the associations made for initiations: when the next one
 *	is due at the permitted rate, ns
 * @control_sequence: sequence id of the next Control packet or answer
 * @down_since: since when no WAN has been up, ns; U64_MAX while one is
 * @paths: published to the data path
 * @sched: state of the choice, by CPU
 * @share_at: when the shares of the WANs were last counted, ns; @mutex
 * @stale: there was no memory to publish; the work tries again; @mutex
 * @stats: counters, by CPU
 * @work: runs the control plane: queue, timers; takes @mutex
 * @wake: runs @work at a time more exact than its own
 * @follow_work: brings the device's MTU and state in line; takes RTNL
 * @mtu_following: the MTU is being changed by @follow_work; RTNL
 * @control: Control and Heartbeat packets for @work
 * @tx_busy: jiffies of the last data sent or received
 * @tx: queue and pace
 * @feedback: reports to the peer
 * @token_key: makes the tokens of challenges
 * @underlay_changed: interfaces, addresses or routes have; @work looks
 * @fec_tx: parities sent
 * @fec_rx: blocks received
 * @clock_offset: what a timestamp of the peer was by our clock on the fastest
 *	path, less that timestamp, ns
 * @clock_known: there is such an offset
 * @napi: the only one that delivers
 * @rx: data for @napi
 * @ready: left over from the last poll, @napi's
 * @reorder: @napi's
 * @rx_generation: association whose sequence @reorder follows, @napi's
 * @parts: fragmented packets not complete yet, @napi's
 * @nr_parts: entries of @parts
 * @timer: runs @napi when @reorder or @parts have something to do
 */
struct mwb_session {
	struct net_device *dev;
	struct net *net;
	struct list_head net_entry;

	struct mutex mutex;		/* guards all down to work */
	struct mwb_settings settings;
	struct mwb_socket *listener[2];
	struct hlist_node listen_entry[2];
	struct hlist_node peer_entry[2];
	bool running;
	struct mwb_wan *wan[MWB_MAX_WANS];
	u32 nr_classes;
	struct mwb_class class[MWB_MAX_CLASSES];
	struct mwb_association *current_assoc;
	struct mwb_association *pending_assoc;
	struct mwb_secure secure;
	u32 generation;
	u64 initiate_at;
	u64 initiate_interval;
	u64 pending_since;
	u64 respond_at;
	u64 control_sequence;
	u64 down_since;

	struct mwb_paths __rcu *paths;
	struct mwb_sched_state __percpu *sched;
	struct mwb_stats __percpu *stats;
	u64 share_at;
	bool stale;

	struct delayed_work work;
	struct hrtimer wake;
	struct work_struct follow_work;
	bool mtu_following;
	struct sk_buff_head control;
	unsigned long tx_busy;
	struct mwb_tx tx;
	struct mwb_feedback feedback;
	siphash_key_t token_key;
	bool underlay_changed;
	struct mwb_fec_tx fec_tx;
	struct mwb_fec_rx fec_rx;
	s64 clock_offset;
	bool clock_known;

	struct napi_struct napi ____cacheline_aligned_in_smp;
	struct sk_buff_head rx;
	struct list_head ready;
	struct mwb_reorder reorder;
	u32 rx_generation;
	struct list_head parts;
	u32 nr_parts;
	struct hrtimer timer;
};

extern struct workqueue_struct *mwb_wq;

/* After the last data sent or received, traffic is taken to flow, jiffies */
#define MWB_SESSION_BUSY msecs_to_jiffies(100)

/* Long ago, jiffies */
#define MWB_SESSION_LONG (3600UL * HZ)

static inline bool mwb_session_is_busy(const struct mwb_session *session)
{
	return time_before(jiffies, READ_ONCE(session->tx_busy) +
				    MWB_SESSION_BUSY);
}

/* The clock of the wire's timestamps and of all timers, ns. */
static inline u64 mwb_now(void)
{
	return ktime_get_raw_ns();
}

/* What the header of an initiation to it has as session id */
static inline u64 mwb_session_listen_id(const struct mwb_session *session)
{
	return session->settings.security == MWBOND_SECURITY_NOISE ?
	       session->secure.keys.own_id :
	       READ_ONCE(session->settings.number);
}

static inline bool mwb_session_key_is_set(const u8 *key)
{
	return memchr_inv(key, 0, MWB_CRYPTO_KEY_LEN);
}

/* Life cycle; the caller holds RTNL. */
int mwb_session_init(struct mwb_session *session, struct net_device *dev,
		     struct net *net);
void mwb_session_destroy(struct mwb_session *session);
int mwb_session_open(struct mwb_session *session,
		     struct netlink_ext_ack *extack);
void mwb_session_stop(struct mwb_session *session);
/* The namespace of the sockets goes away: no path works from now on. */
void mwb_session_detach(struct mwb_session *session);

/**
 * mwb_session_configure() - put new settings into force, all or nothing
 * @session: the session; RTNL is held
 * @new: complete settings, valid one by one (ranges)
 * @extack: for the reason of a refusal; may be NULL
 *
 * Checks what concerns several settings at once: the listening address must be
 * free, the number unique on its port. A new number or listening address ends
 * the session with the peer, which then starts anew.
 *
 * Return: 0 or a negative errno, nothing has changed then
 */
int mwb_session_configure(struct mwb_session *session,
			  const struct mwb_settings *new,
			  struct netlink_ext_ack *extack);

/**
 * mwb_session_adopt() - an association is complete: use it
 * @session: session; its mutex is held
 * @assoc: session->pending_assoc, which it is no longer afterwards
 */
void mwb_session_adopt(struct mwb_session *session,
		       struct mwb_association *assoc);
/* The peer has closed, or the device goes down: no association; @mutex is held. */
void mwb_session_forget(struct mwb_session *session);
/* The same, and begin anew at once. */
void mwb_session_restart(struct mwb_session *session);
/* Publish the present WANs and their health; @mutex is held. What was published
 * before is not read any more a grace period later, even if there is no memory
 * for the new: then there is nothing until the work has tried again.
 */
void mwb_session_publish(struct mwb_session *session);
/* Run the control plane now. Any context. */
void mwb_session_kick(struct mwb_session *session);
/* Any context: interfaces, addresses or routes of @net have changed. */
void mwb_session_underlay(struct mwb_session *session);

/* follow.c */

/* Any context: bring the device in line with the paths, soon. */
void mwb_session_follow(struct mwb_session *session);
void mwb_session_follow_work(struct work_struct *work);
/* Largest inner packet that every path takes in one datagram; @mutex is held. */
u32 mwb_session_path_mtu(struct mwb_session *session);

/* Associations; @mutex is held. */
struct mwb_association *mwb_association_create(struct mwb_session *session,
					       bool initiator, u64 remote_id);
void mwb_association_destroy(struct mwb_association *assoc);
/* RCU read side. */
struct mwb_association *mwb_association_lookup(u64 local_id);
/* @mutex is held. The numbers of a WAN id, made on first use; or NULL. */
struct mwb_path_state *mwb_association_path(struct mwb_association *assoc,
					    u8 wan_id);

int mwb_session_table_init(void);
void mwb_session_table_exit(void);

#endif /* _MWBOND_SESSION_H */
