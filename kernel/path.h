/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The path of a packet, on one page: every function by which it crosses files,
 * and what travels with it.
 *
 *  device.c  ndo_start_xmit -> send.c   mwb_send_skb
 *  send.c    per packet     -> classify.c mwb_classify
 *  send.c    mode auto      -> queue.c  mwb_queue_skb, mwb_queue_run
 *  queue.c   when it is due -> send.c   mwb_send_packet
 *  send.c    per packet     -> socket.c mwb_socket_route, mwb_socket_output
 *  socket.c  encap_rcv      -> receive.c mwb_receive_datagram
 *            ICMP           -> receive.c mwb_receive_too_big
 *                           -> socket.c mwb_socket_too_big
 *  receive.c every packet   -> feedback.c mwb_feedback_account
 *            Ack            -> feedback.c mwb_feedback_receive
 *  feedback.c what was lost -> queue.c  mwb_queue_repair
 *  send.c    what has parities -> fec_send.c mwb_fec_protect, mwb_fec_send
 *  fec_send.c parities      -> send.c   mwb_send_parity
 *  receive.c what has them  -> fec_receive.c mwb_fec_receive_data, _parity
 *  fec_receive.c recovered  -> receive.c mwb_receive_recovered
 *  receive.c Data           -> session->rx, NAPI -> reorder.c
 *            the rest       -> session->control, work -> probe.c, handshake.c,
 *                              secure.c
 *            from elsewhere -> a copy of it, the same way
 *            initiations with keys -> stranger.c, work -> session->control
 */
#ifndef _MWBOND_PATH_H
#define _MWBOND_PATH_H

#include <linux/skbuff.h>

#include "core/queue.h"
#include "core/reorder.h"
#include "core/wire.h"
#include "stats.h"

struct mwb_association;
struct mwb_class_rule;
struct mwb_endpoint;
struct mwb_path_state;
struct mwb_paths;
struct mwb_route;
struct mwb_session;
struct mwb_secure_keys;
struct mwb_socket;
struct mwb_tx;
struct mwb_wan;

/**
 * struct mwb_cb - what travels with a received inner packet
 * @node: place in the reorder buffer; its tag is the ECN field of the outer
 *	header
 * @place: the part of @node that must be kept until it has its place
 * @generation: of the association that it came by
 * @flags: MWB_WIRE_* bits, but for the key phase
 * @fragment: index of this part
 * @wan_id: path that it came by
 *
 * Set in receive.c, read in reorder.c. There is no room for more: what is needed
 * only until the packet waits shares it with what it needs while it does.
 */
struct mwb_cb {
	union {
		struct mwb_reorder_node node;
		struct {
			u8 place[offsetof(struct mwb_reorder_node, opened)];
			u32 generation;
			u8 flags;
			u8 fragment;
			u8 wan_id;
		};
	};
};

static inline struct mwb_cb *mwb_cb(struct sk_buff *skb)
{
	BUILD_BUG_ON(sizeof(struct mwb_cb) > sizeof_field(struct sk_buff, cb));
	return (struct mwb_cb *)skb->cb;
}

/**
 * struct mwb_tx_cb - what travels with an inner packet that is sent
 * @node: place in the queue, or in the list of packets to be repaired
 * @sequence: sequence id
 * @flags: MWB_WIRE_* bits
 * @type: MWB_WIRE_DATA or MWB_WIRE_MULTICAST
 * @priority: for the header
 * @tos: of the outer header: the ECN field
 * @repairs: times that it was sent again
 * @copies: to be sent over other paths besides
 * @unheld: the peer is not to hold it
 * @fec: its encoder, plus 1; 0 for none
 *
 * Set in send.c, stays while the packet is kept for a repair.
 */
struct mwb_tx_cb {
	struct mwb_queue_node node;
	u64 sequence;
	u16 flags;
	u8 type;
	u8 priority;
	u8 tos;
	u8 repairs : 4;
	u8 copies : 4;
	u8 unheld : 1;
	u8 fec : 5;
};

static inline struct mwb_tx_cb *mwb_tx_cb(struct sk_buff *skb)
{
	BUILD_BUG_ON(sizeof(struct mwb_tx_cb) >
		     sizeof_field(struct sk_buff, cb));
	return (struct mwb_tx_cb *)skb->cb;
}

static inline struct sk_buff *mwb_tx_skb(struct mwb_queue_node *node)
{
	struct mwb_tx_cb *cb = container_of(node, struct mwb_tx_cb, node);

	return container_of((void *)cb, struct sk_buff, cb);
}

/**
 * struct mwb_control_cb - what travels with a Control or Heartbeat packet
 * @arrival: when it came, ns
 * @sealed: it was encrypted; the header does not say that any more
 * @socket: by which; whoever closes it under session->mutex takes it out of the
 *	queue
 * @moved: it is the copy of a packet, of any type, that came from another address
 *	than its path's
 */
struct mwb_control_cb {
	u64 arrival;
	struct mwb_socket *socket;
	bool moved;
	bool sealed;
};

static inline struct mwb_control_cb *mwb_control_cb(struct sk_buff *skb)
{
	BUILD_BUG_ON(sizeof(struct mwb_control_cb) >
		     sizeof_field(struct sk_buff, cb));
	return (struct mwb_control_cb *)skb->cb;
}

static inline u64 mwb_control_arrival(struct sk_buff *skb)
{
	return mwb_control_cb(skb)->arrival;
}

/* classify.c */

/**
 * struct mwb_classified - what a packet is
 * @rule: its class, or NULL
 * @first_bucket: its flow is in one of @buckets from here on
 * @buckets: their number
 * @priority: for the header
 * @ecn: of its TOS or traffic class
 * @multicast: to a group, or to all
 * @ordered: the peer is to deliver its flow in sequence
 */
struct mwb_classified {
	const struct mwb_class_rule *rule;
	u16 first_bucket;
	u16 buckets;
	u8 priority;
	u8 ecn;
	bool multicast;
	bool ordered;
};

/* RCU read side, for the class. The network header of @skb is set. */
void mwb_classify(const struct mwb_paths *paths, const struct sk_buff *skb,
		  struct mwb_classified *c);

/* The bucket of a flow with that hash. */
static inline u32 mwb_classified_bucket(const struct mwb_classified *c,
					u32 hash)
{
	return c->first_bucket + reciprocal_scale(hash, c->buckets);
}

/* send.c */

/* Inner packet, GSO allowed; consumes @skb. BH off. */
void mwb_send_skb(struct mwb_session *session, struct sk_buff *skb);

/**
 * mwb_send_packet() - send a packet over one path, and keep it for a repair
 * @paths: published paths
 * @wan: one of them
 * @skb: packet, whose struct mwb_tx_cb is complete
 * @hold: time after sending at which it is to be released, ns
 *
 * BH off, RCU read side.
 * Return: 0: @skb is consumed; a negative errno: it is not
 */
int mwb_send_packet(struct mwb_paths *paths, struct mwb_wan *wan,
		    struct sk_buff *skb, u64 hold);

/* Send a copy over one more path; @skb stays, and is sent later. As above. */
void mwb_send_duplicate(struct mwb_paths *paths, struct mwb_wan *wan,
			struct sk_buff *skb, u64 hold);

/* Write the header before the payload, number, stamp, seal and send. Without a
 * WAN nothing is accounted, without a state the number is 0 and nothing is
 * encrypted. @plain: the payload, which may be in @skb already. @keep belongs to
 * the path afterwards, if there is a state and no error.
 */
int mwb_send_sealed(struct mwb_wan *wan, struct mwb_path_state *state,
		    const struct mwb_endpoint *ep, const struct mwb_route *route,
		    struct mwb_wire_hdr *hdr, struct sk_buff *skb,
		    const u8 *plain, u8 tos, struct sk_buff *keep);
/* Largest payload of one datagram on a route; 0 if there is no sensible one. */
u32 mwb_send_room(struct mwb_wan *wan, const struct mwb_route *route);
/* A packet could not be sent. */
void mwb_send_error(struct mwb_wan *wan, int err);
/* An skb with @len bytes of payload to be filled in, its data at them; or NULL */
struct sk_buff *mwb_send_alloc(size_t len);

/**
 * mwb_send_parity() - send a parity over one path
 * @paths: published paths
 * @wan: one of them
 * @skb: payload, of mwb_send_alloc(); is consumed
 * @hdr: its header; session, path and what is of the sending are filled in
 *
 * BH off, RCU read side.
 * Return: 0 or a negative errno
 */
int mwb_send_parity(struct mwb_paths *paths, struct mwb_wan *wan,
		    struct sk_buff *skb, struct mwb_wire_hdr *hdr);

/* Mark a packet that waits in the queue; false if it is not ECN-capable. */
bool mwb_send_set_ce(struct sk_buff *skb);

/* An Ack, from softirq; otherwise as mwb_send_message(). RCU read side. */
int mwb_send_ack(struct mwb_wan *wan, struct mwb_association *assoc,
		 u64 sequence, const u8 *payload, size_t len);

/* queue.c; BH off, RCU read side */

/* Mode auto: queue a packet, or send it at once; consumes it. */
void mwb_queue_skb(struct mwb_session *session, struct mwb_paths *paths,
		   struct sk_buff *skb);
/* Send what is due. */
void mwb_queue_run(struct mwb_session *session, struct mwb_paths *paths);
/* A path for a parity of @len bytes, among @allowed (bits by index) if one of
 * them may send now, else any; NULL if none may and @must is false. It is
 * charged.
 */
struct mwb_wan *mwb_queue_parity(struct mwb_session *session,
				 struct mwb_paths *paths, u16 allowed, u32 len,
				 bool must);
/* Packets that were lost, by their mwb_tx_cb()->node.list; consumes them. */
void mwb_queue_repair(struct mwb_session *session, struct mwb_paths *paths,
		      struct list_head *lost);
/* What the peer has said of a path, or the paths themselves, have changed. */
void mwb_queue_update(struct mwb_session *session, struct mwb_paths *paths);
/* Process context */
int mwb_queue_create(struct mwb_session *session);
/* Nobody sends by the association any more: drop all that waits, and begin
 * with the Acks anew.
 */
void mwb_queue_purge(struct mwb_session *session);
void mwb_queue_destroy(struct mwb_session *session);

/* feedback.c */

/* Is the number of a packet the highest of its path so far? BH off, RCU read
 * side.
 */
bool mwb_feedback_is_newest(struct mwb_session *session,
			    struct mwb_association *assoc,
			    const struct mwb_wire_hdr *hdr);
/* A packet of a path has arrived: account for it. BH off, RCU read side.
 * Return: whether its number is new
 */
bool mwb_feedback_account(struct mwb_session *session,
			  struct mwb_association *assoc,
			  const struct mwb_wire_hdr *hdr, u32 len, u8 ecn);
/* The full number of a packet received. As above. */
u64 mwb_feedback_number(struct mwb_association *assoc,
			const struct mwb_wire_hdr *hdr);
/* An Ack has arrived; consumes @skb. As mwb_feedback_account(). */
void mwb_feedback_receive(struct mwb_session *session,
			  struct mwb_association *assoc, struct sk_buff *skb,
			  const struct mwb_wire_hdr *hdr);
/* The packets under way on a path: those sent too long ago are given up, or,
 * if it is down, all are sent over others. session->mutex is held.
 */
void mwb_feedback_expire(struct mwb_wan *wan, u64 now);
void mwb_feedback_down(struct mwb_wan *wan);
/* Process context */
int mwb_feedback_create(struct mwb_session *session);
/* Nothing is received any more. */
void mwb_feedback_stop(struct mwb_session *session);
void mwb_feedback_destroy(struct mwb_session *session);
/**
 * mwb_send_message() - send a Control or Heartbeat packet
 * @wan: on this path
 * @assoc: association for the packet number; may be NULL before there is one
 * @session_id: for the header
 * @type: MWB_WIRE_CONTROL or MWB_WIRE_HEARTBEAT
 * @sequence: for the header
 * @payload: its bytes
 * @len: their number
 *
 * Process context.
 *
 * Return: 0 or a negative errno
 */
int mwb_send_message(struct mwb_wan *wan, struct mwb_association *assoc,
		     u64 session_id, enum mwb_wire_type type, u64 sequence,
		     const u8 *payload, size_t len);

/* Answer a Control packet to where it came from, by the socket it came by. */
int mwb_send_reply(struct mwb_session *session, struct sk_buff *skb,
		   u64 session_id, u8 wan_id, const u8 *payload, size_t len);

/* The same for what is not encrypted in any case: responses with keys, and
 * cookies; @session may be NULL.
 */
int mwb_send_stranger(struct mwb_session *session, struct mwb_socket *socket,
		      struct sk_buff *skb, u64 session_id, u8 wan_id,
		      const u8 *payload, size_t len);

/* receive.c; @skb->data is at the UDP header, RCU read side. Consumes @skb. */
void mwb_receive_datagram(struct mwb_socket *sock, struct sk_buff *skb);

/* receive.c; a packet was recovered; consumes it. BH off, RCU read side. */
void mwb_receive_recovered(struct mwb_session *session, u32 generation,
			   struct sk_buff *skb,
			   const struct mwb_wire_hdr *hdr);

/*
 * receive.c; a router says that a datagram of a WAN was larger than @mtu. The
 * headers of @skb are those of the datagram. BH off, RCU read side.
 * Return: whether the WAN was found
 */
bool mwb_receive_too_big(struct mwb_socket *sock, struct sk_buff *skb, u32 mtu);

/* reorder.c; process context, in this order */
int mwb_reorder_create(struct mwb_session *session);
void mwb_reorder_start(struct mwb_session *session);
void mwb_reorder_stop(struct mwb_session *session);
void mwb_reorder_destroy(struct mwb_session *session);

/* probe.c, handshake.c: control plane; session->mutex is held */
void mwb_probe_receive(struct mwb_session *session, struct mwb_wan *wan,
		       const struct mwb_wire_hdr *hdr, const u8 *payload,
		       u64 arrival);
u64 mwb_probe_run(struct mwb_session *session, u64 now);
void mwb_handshake_receive(struct mwb_session *session, struct sk_buff *skb,
			   const struct mwb_wire_hdr *hdr, const u8 *payload);
/* A packet of a path came from another address. */
void mwb_handshake_moved(struct mwb_session *session, struct sk_buff *skb,
			 const struct mwb_wire_hdr *hdr);
/* Tell the peer that a WAN is gone, or that the session is. */
void mwb_handshake_withdraw(struct mwb_wan *wan);
void mwb_handshake_close(struct mwb_session *session);
u64 mwb_handshake_run(struct mwb_session *session, u64 now);

/* handshake.c, for secure.c: the part that is the same without keys */

/* Can packets begin with it? */
bool mwb_handshake_can_start(const struct mwb_wan *wan);
/* The association that answers an initiation, or NULL and why not. */
struct mwb_association *mwb_handshake_responder(struct mwb_session *session,
						u64 remote_id,
						enum mwb_stat *why);
/* Does a response come from where we have asked? */
bool mwb_handshake_response_from(struct mwb_session *session,
				 struct sk_buff *skb,
				 const struct mwb_wire_hdr *hdr,
				 enum mwb_stat *why);
/* An initiator's association is complete. */
void mwb_handshake_adopt(struct mwb_session *session,
			 struct mwb_association *assoc);

/* secure.c: initiation, response and cookie of a session with keys */
void mwb_secure_receive(struct mwb_session *session, struct sk_buff *skb,
			const struct mwb_wire_hdr *hdr,
			const struct mwb_wire_control *ctl, const u8 *payload);

/* stranger.c: a listener's, with its life cycle; an initiation with keys, RCU
 * read side, consumes @skb
 */
int mwb_stranger_create(struct mwb_socket *socket);
void mwb_stranger_destroy(struct mwb_socket *socket);
void mwb_stranger_receive(struct mwb_socket *socket, struct sk_buff *skb,
			  const struct mwb_wire_hdr *hdr);

#endif /* _MWBOND_PATH_H */
