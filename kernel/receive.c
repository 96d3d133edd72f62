// SPDX-License-Identifier: GPL-2.0-only
/*
 * Receiving: the door. All that can be wrong with a datagram is found here;
 * what passes goes to the reorder buffer or to the control plane.
 */
#include <linux/skbuff.h>
#include <linux/udp.h>
#include <net/dsfield.h>
#include <net/inet_ecn.h>
#include <net/ip.h>
#include <net/ipv6.h>

#include "fec.h"
#include "path.h"
#include "session.h"
#include "socket.h"
#include "trace.h"
#include "wan.h"

/* From one challenge of a path that moves to the next, jiffies */
#define MWB_RECEIVE_CHALLENGE msecs_to_jiffies(20)

static enum mwb_stat mwb_receive_stat(enum mwb_wire_error error)
{
	switch (error) {
	case MWB_WIRE_BAD_VERSION:
		return MWB_STAT_rx_version;
	case MWB_WIRE_BAD_TYPE:
		return MWB_STAT_rx_type;
	case MWB_WIRE_BAD_FLAGS:
		return MWB_STAT_rx_flags;
	case MWB_WIRE_BAD_LENGTH:
		return MWB_STAT_rx_length;
	case MWB_WIRE_BAD_BUCKET:
		return MWB_STAT_rx_bucket;
	case MWB_WIRE_BAD_WAN_ID:
		return MWB_STAT_rx_wan_id;
	default:
		return MWB_STAT_rx_short;
	}
}

/* Before the session is known: the socket is charged. */
static void mwb_receive_refuse(struct mwb_socket *socket, struct sk_buff *skb,
			       enum mwb_stat why)
{
	if (socket->session) {
		mwb_session_drop(socket->session, skb, why);
		return;
	}
	mwb_stats_inc(socket->stats, why);
	kfree_skb(skb);
}

static void mwb_receive_account(struct mwb_wan *wan, u32 len, u64 stamp)
{
	struct mwb_wan_stats *stats = this_cpu_ptr(wan->stats);

	u64_stats_update_begin(&stats->syncp);
	u64_stats_inc(&stats->rx_packets);
	u64_stats_add(&stats->rx_bytes, len);
	u64_stats_update_end(&stats->syncp);
	if (stamp > READ_ONCE(wan->rx_stamp))
		WRITE_ONCE(wan->rx_stamp, stamp);
}

/* For the control plane; @skb->data is at the wire header. The limit on its
 * queue is lower for strangers, whose flood must not push out heartbeats.
 */
static void mwb_receive_control(struct mwb_session *session,
				struct mwb_socket *socket, struct sk_buff *skb,
				u32 limit, bool sealed, bool moved)
{
	if (skb_queue_len_lockless(&session->control) >= limit) {
		mwb_session_drop(session, skb, MWB_STAT_rx_queue_full);
		return;
	}
	mwb_control_cb(skb)->arrival = mwb_now();
	mwb_control_cb(skb)->socket = socket;
	mwb_control_cb(skb)->moved = moved;
	mwb_control_cb(skb)->sealed = sealed;
	skb_queue_tail(&session->control, skb);
	mwb_session_kick(session);
}

static struct mwb_wan *mwb_receive_wan(struct mwb_session *session, u8 wire_id)
{
	struct mwb_paths *paths = rcu_dereference(session->paths);
	int i;

	for (i = 0; paths && i < MWB_MAX_WANS; i++)
		if (paths->wan[i] && READ_ONCE(paths->wan[i]->wire_id) == wire_id)
			return paths->wan[i];
	return NULL;
}

/* Does the datagram come from where the path's packets come from? */
static bool mwb_receive_source_ok(struct mwb_wan *wan, struct sk_buff *skb)
{
	const struct mwb_endpoint *ep = rcu_dereference(wan->endpoint);
	struct mwb_address remote, local;

	if (!ep)
		return false;
	mwb_socket_addresses(skb, &remote, &local);
	remote.scope = ep->remote.scope;
	return mwb_address_equal(&remote, &ep->remote);
}

/* Have it confirmed that the path's packets come from elsewhere now. No more is
 * sent there than has come from there, nor often.
 */
static void mwb_receive_challenge(struct mwb_wan *wan,
				  struct mwb_socket *socket,
				  struct sk_buff *skb, bool sealed)
{
	struct sk_buff *copy;

	if (time_before(jiffies, READ_ONCE(wan->challenged) +
				 MWB_RECEIVE_CHALLENGE))
		return;
	WRITE_ONCE(wan->challenged, jiffies);
	copy = skb_copy(skb, GFP_ATOMIC);
	if (copy)
		mwb_receive_control(wan->session, socket, copy,
				    MWB_CONTROL_QUEUE_MAX, sealed, true);
}

/* A packet that is not from where its path's packets come from. What was
 * overtaken says nothing of where the peer is now. Return: whether it is taken,
 * which in the plain mode it is not before the address is confirmed: the session
 * id is all that speaks for it
 */
static bool mwb_receive_elsewhere(struct mwb_wan *wan,
				  struct mwb_socket *socket,
				  struct mwb_association *assoc,
				  struct sk_buff *skb,
				  const struct mwb_wire_hdr *hdr)
{
	const struct mwb_endpoint *ep = rcu_dereference(wan->endpoint);

	if (!ep || (ep->socket != socket &&
		    (ep->socket->session || socket->session)))
		return false;
	if (mwb_feedback_is_newest(wan->session, assoc, hdr))
		mwb_receive_challenge(wan, socket, skb, assoc->secure);
	return assoc->secure;
}

bool mwb_receive_too_big(struct mwb_socket *socket, struct sk_buff *skb,
			 u32 mtu)
{
	struct mwb_paths *paths = rcu_dereference(socket->session->paths);
	struct mwb_address remote, local;
	struct mwb_endpoint *ep;
	int i;

	/* It is one that we have sent. */
	mwb_socket_addresses(skb, &local, &remote);
	for (i = 0; paths && i < MWB_MAX_WANS; i++) {
		ep = paths->wan[i] ? rcu_dereference(paths->wan[i]->endpoint) :
				     NULL;
		if (!ep || ep->socket != socket)
			continue;
		remote.scope = ep->remote.scope;
		if (!mwb_address_equal(&remote, &ep->remote))
			continue;
		mwb_socket_too_big(socket->session, ep, skb, mtu);
		return true;
	}
	return false;
}

/* When a packet is to be delivered, by our clock, ns; 0: at once. */
static u64 mwb_receive_release(const struct mwb_session *session,
			       const struct mwb_wire_hdr *hdr)
{
	if (!hdr->hold || !READ_ONCE(session->clock_known))
		return 0;
	return hdr->timestamp + READ_ONCE(session->clock_offset) +
	       (u64)hdr->hold * MWB_WIRE_HOLD_UNIT;
}

/* For delivery; @skb->data is at the inner packet. */
static void mwb_receive_inner(struct mwb_session *session, u32 generation,
			      struct sk_buff *skb,
			      const struct mwb_wire_hdr *hdr, u8 ecn)
{
	struct mwb_cb *cb = mwb_cb(skb);

	if (hdr->flags & MWB_WIRE_COMPRESSED) {
		mwb_session_drop(session, skb, MWB_STAT_rx_unsupported);
		return;
	}
	if (skb_queue_len_lockless(&session->rx) >= MWB_RX_QUEUE_MAX) {
		mwb_session_drop(session, skb, MWB_STAT_rx_queue_full);
		return;
	}
	memset(cb, 0, sizeof(*cb));
	cb->node.bucket = mwb_wire_bucket(hdr->sequence);
	cb->node.seq = hdr->sequence & MWB_WIRE_SEQ_MASK;
	cb->node.tag = ecn & INET_ECN_MASK;
	cb->node.sent = hdr->timestamp;
	cb->node.release = mwb_receive_release(session, hdr);
	cb->generation = generation;
	cb->flags = hdr->flags;
	cb->fragment = hdr->fragment;
	cb->wan_id = hdr->wan_id;
	skb_queue_tail(&session->rx, skb);
	WRITE_ONCE(session->tx_busy, jiffies);
	napi_schedule(&session->napi);
}

void mwb_receive_recovered(struct mwb_session *session, u32 generation,
			   struct sk_buff *skb,
			   const struct mwb_wire_hdr *hdr)
{
	mwb_receive_inner(session, generation, skb, hdr, INET_ECN_NOT_ECT);
}

static void mwb_receive_data(struct mwb_session *session,
			     struct mwb_association *assoc, struct sk_buff *skb,
			     const struct mwb_wire_hdr *hdr, u8 ecn)
{
	skb_pull(skb, MWB_WIRE_HDR_LEN);
	if (hdr->flags & MWB_WIRE_IN_BLOCK)
		mwb_fec_receive_data(session, assoc, hdr, skb->data);
	mwb_receive_inner(session, assoc->generation, skb, hdr, ecn);
}

/* The session is known and the packet is intact. */
static void mwb_receive_session(struct mwb_socket *socket,
				struct mwb_association *assoc,
				struct sk_buff *skb,
				const struct mwb_wire_hdr *hdr, u8 ecn)
{
	struct mwb_session *session = assoc->session;
	struct mwb_wan *wan = mwb_receive_wan(session, hdr->wan_id);
	/* Who has sent it counts the tag. */
	u32 tag = assoc->secure ? MWB_WIRE_TAG_LEN : 0;

	/* Before it is accounted for: what is dropped here is to be repaired. */
	if (wan && hdr->type != MWB_WIRE_CONTROL &&
	    !mwb_receive_source_ok(wan, skb) &&
	    !mwb_receive_elsewhere(wan, socket, assoc, skb, hdr)) {
		mwb_session_drop(session, skb, MWB_STAT_rx_source);
		return;
	}
	if (!mwb_feedback_account(session, assoc, hdr, skb->len + tag, ecn)) {
		mwb_session_drop(session, skb, MWB_STAT_rx_replay);
		return;
	}
	if (hdr->type == MWB_WIRE_CONTROL) {
		if (wan)
			mwb_receive_account(wan, skb->len, hdr->timestamp);
		mwb_receive_control(session, socket, skb,
				    MWB_CONTROL_QUEUE_MAX, assoc->secure, false);
		return;
	}
	if (!wan) {
		mwb_session_drop(session, skb, MWB_STAT_rx_wan);
		return;
	}
	mwb_receive_account(wan, skb->len, hdr->timestamp);
	trace_mwb_receive(session->dev, hdr->wan_id, hdr->type,
			  hdr->packet_number, skb->len);

	switch (hdr->type) {
	case MWB_WIRE_DATA:
	case MWB_WIRE_MULTICAST:
		WRITE_ONCE(wan->rx_data, jiffies);
		mwb_receive_data(session, assoc, skb, hdr, ecn);
		return;
	case MWB_WIRE_HEARTBEAT:
		mwb_receive_control(session, socket, skb,
				    MWB_CONTROL_QUEUE_MAX, assoc->secure, false);
		return;
	case MWB_WIRE_ACK:
		mwb_feedback_receive(session, assoc, skb, hdr);
		return;
	default:
		mwb_fec_receive_parity(session, assoc, skb, hdr);
		return;
	}
}

/* Whose packet it is: by its session id or, an initiation, by its number. */
static bool mwb_receive_find(struct mwb_socket *socket, struct sk_buff *skb,
			     const struct mwb_wire_hdr *hdr,
			     struct mwb_association **assoc,
			     struct mwb_session **session)
{
	*assoc = mwb_association_lookup(hdr->session);
	if (*assoc) {
		*session = (*assoc)->session;
		return READ_ONCE((*session)->listener[0]) == socket ||
		       READ_ONCE((*session)->listener[1]) == socket ||
		       socket->session == *session;
	}
	if (socket->session || hdr->type != MWB_WIRE_CONTROL ||
	    !hdr->data_len ||
	    skb->data[MWB_WIRE_HDR_LEN] != MWB_CONTROL_INITIATION)
		return false;
	*session = mwb_listener_find(socket, hdr->session);
	return *session;
}

/* Initiation, response and cookie of a session with keys are not encrypted. */
static bool mwb_receive_is_handshake(const struct sk_buff *skb,
				     const struct mwb_wire_hdr *hdr)
{
	const u8 *payload = skb->data + MWB_WIRE_HDR_LEN;

	if (likely(hdr->type != MWB_WIRE_CONTROL ||
		   hdr->flags & MWB_WIRE_ENCRYPTED))
		return false;
	switch (hdr->data_len) {
	case MWB_SECURE_INITIATION_LEN:
		return payload[0] == MWB_CONTROL_INITIATION;
	case MWB_SECURE_RESPONSE_LEN:
		return payload[0] == MWB_CONTROL_RESPONSE;
	case MWB_SECURE_COOKIE_LEN:
		return payload[0] == MWB_CONTROL_COOKIE;
	default:
		return false;
	}
}

/* Decrypts a packet and takes its tag off; its header then looks as that of one
 * that never was encrypted.
 */
static bool mwb_receive_open(struct mwb_association *assoc, struct sk_buff *skb,
			     struct mwb_wire_hdr *hdr, enum mwb_stat *why)
{
	u8 phase = (hdr->flags & MWB_WIRE_KEY_PHASE) >> MWB_WIRE_KEY_PHASE_SHIFT;
	struct mwb_key *key = rcu_dereference(assoc->rx_key[phase]);
	u64 number;

	*why = MWB_STAT_rx_security;
	if (unlikely(!(hdr->flags & MWB_WIRE_ENCRYPTED)))
		return false;
	*why = MWB_STAT_rx_auth;
	number = mwb_feedback_number(assoc, hdr);
	if (unlikely(!key || !mwb_key_read(key, hdr, number, skb->data)))
		return false;
	if (unlikely(key == READ_ONCE(assoc->awaited))) {
		WRITE_ONCE(assoc->awaited, NULL);
		mwb_session_kick(assoc->session);
	}
	__skb_trim(skb, skb->len - MWB_WIRE_TAG_LEN);
	hdr->flags &= ~(MWB_WIRE_ENCRYPTED | MWB_WIRE_KEY_PHASE);
	mwb_wire_build(skb->data, hdr);
	return true;
}

void mwb_receive_datagram(struct mwb_socket *socket, struct sk_buff *skb)
{
	struct mwb_association *assoc;
	struct mwb_session *session;
	enum mwb_wire_error error;
	struct mwb_wire_hdr hdr;
	enum mwb_stat why;
	bool handshake;
	u8 ecn;

	/* The outer headers keep their offsets. A tap on the underlay may share
	 * the packet, which GRO and the ECN marks inside change.
	 */
	if (unlikely(skb_linearize(skb) || skb_unclone(skb, GFP_ATOMIC))) {
		mwb_receive_refuse(socket, skb, MWB_STAT_rx_no_memory);
		return;
	}
	ecn = ip_hdr(skb)->version == 4 ? ip_hdr(skb)->tos :
					  ipv6_get_dsfield(ipv6_hdr(skb));
	/* Its route is not counted and must not outlive this RCU section. */
	skb_dst_drop(skb);
	__skb_pull(skb, sizeof(struct udphdr));
	error = mwb_wire_parse(skb->data, skb->len, &hdr);
	if (unlikely(error)) {
		mwb_receive_refuse(socket, skb, mwb_receive_stat(error));
		return;
	}
	handshake = mwb_receive_is_handshake(skb, &hdr);
	if (unlikely(handshake && hdr.data_len == MWB_SECURE_INITIATION_LEN)) {
		/* Nobody initiates towards a WAN's own socket. */
		if (socket->session)
			mwb_receive_refuse(socket, skb, MWB_STAT_rx_handshake);
		else
			mwb_stranger_receive(socket, skb, &hdr);
		return;
	}
	if (unlikely(!mwb_receive_find(socket, skb, &hdr, &assoc, &session))) {
		mwb_receive_refuse(socket, skb, MWB_STAT_rx_session);
		return;
	}
	if (assoc && assoc->secure && !handshake) {
		if (!mwb_receive_open(assoc, skb, &hdr, &why)) {
			mwb_session_drop(session, skb, why);
			return;
		}
		mwb_receive_session(socket, assoc, skb, &hdr, ecn);
		return;
	}
	if (unlikely(hdr.flags & MWB_WIRE_ENCRYPTED)) {
		mwb_session_drop(session, skb, MWB_STAT_rx_security);
		return;
	}
	if (unlikely(mwb_wire_checksum(skb->data, skb->len) != hdr.checksum)) {
		mwb_session_drop(session, skb, MWB_STAT_rx_checksum);
		return;
	}
	if (unlikely(!assoc || handshake)) {
		mwb_receive_control(session, socket, skb,
				    MWB_CONTROL_QUEUE_STRANGERS, false, false);
		return;
	}
	mwb_receive_session(socket, assoc, skb, &hdr, ecn);
}
