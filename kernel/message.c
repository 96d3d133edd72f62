// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sending what is not data: Control, Heartbeat, Ack, and answers to where a
 * packet came from.
 */
#include "path.h"
#include "session.h"
#include "socket.h"
#include "wan.h"

static int mwb_send_to(struct mwb_wan *wan, struct mwb_session *session,
		       struct mwb_path_state *state,
		       struct mwb_endpoint *ep, struct mwb_wire_hdr *hdr,
		       const u8 *payload, size_t len)
{
	struct mwb_route route;
	struct sk_buff *skb;
	int err;

	err = mwb_socket_route(session, ep, &route);
	if (err)
		return err;
	if (wan)
		mwb_send_room(wan, &route);
	skb = mwb_send_alloc(len);
	if (!skb) {
		dst_release(route.dst);
		return -ENOMEM;
	}
	memcpy(skb->data, payload, len);
	skb->priority = TC_PRIO_CONTROL;
	skb->mark = ep->mark;
	err = mwb_send_sealed(wan, state, ep, &route, hdr, skb, skb->data, 0,
			      NULL);
	dst_release(route.dst);
	return err;
}

int mwb_send_message(struct mwb_wan *wan, struct mwb_association *assoc,
		     u64 session_id, enum mwb_wire_type type, u64 sequence,
		     const u8 *payload, size_t len)
{
	struct mwb_path_state *state = NULL;
	struct mwb_wire_hdr hdr = {
		.session = session_id,
		.sequence = sequence,
		.type = type,
		.wan_id = assoc ? wan->wire_id : wan->settings.id,
		.priority = 255,
	};
	struct mwb_endpoint *ep;
	int err = -ENETUNREACH;

	if (assoc) {
		state = mwb_association_path(assoc, wan->wire_id);
		if (!state)
			return -ENOMEM;
	}
	rcu_read_lock_bh();
	ep = rcu_dereference_bh(wan->endpoint);
	if (ep)
		err = mwb_send_to(wan, wan->session, state, ep, &hdr, payload,
				  len);
	if (err)
		mwb_send_error(wan, err);
	rcu_read_unlock_bh();
	return err;
}

int mwb_send_ack(struct mwb_wan *wan, struct mwb_association *assoc,
		 u64 sequence, const u8 *payload, size_t len)
{
	struct mwb_endpoint *ep = rcu_dereference_bh(wan->endpoint);
	struct mwb_wire_hdr hdr = {
		.session = assoc->remote_id,
		.sequence = sequence,
		.type = MWB_WIRE_ACK,
		.wan_id = READ_ONCE(wan->wire_id),
		.priority = 255,
	};
	struct mwb_path_state *state;

	state = rcu_dereference_bh(assoc->path[hdr.wan_id]);
	if (!ep || !state)
		return -ENETUNREACH;
	return mwb_send_to(wan, wan->session, state, ep, &hdr, payload, len);
}

int mwb_send_reply(struct mwb_session *session, struct sk_buff *skb,
		   u64 session_id, u8 wan_id, const u8 *payload, size_t len)
{
	struct mwb_association *pending = session->pending_assoc;
	struct mwb_association *assoc = session->current_assoc;
	struct mwb_endpoint ep = {
		.socket = mwb_control_cb(skb)->socket,
	};
	struct mwb_path_state *state = NULL;
	struct mwb_wire_hdr hdr = {
		.session = session_id,
		.sequence = session->control_sequence++,
		.type = MWB_WIRE_CONTROL,
		.wan_id = wan_id,
		.priority = 255,
	};
	int err;

	/* A response is numbered by the association that it offers. */
	if (pending && !pending->initiator && pending->remote_id == session_id)
		assoc = pending;
	if (assoc && assoc->remote_id == session_id) {
		state = mwb_association_path(assoc, wan_id);
		if (!state)
			return -ENOMEM;
	}
	mwb_socket_addresses(skb, &ep.remote, &ep.local);
	rcu_read_lock_bh();
	err = mwb_send_to(NULL, session, state, &ep, &hdr, payload, len);
	rcu_read_unlock_bh();
	return err;
}

int mwb_send_stranger(struct mwb_session *session, struct mwb_socket *socket,
		      struct sk_buff *skb, u64 session_id, u8 wan_id,
		      const u8 *payload, size_t len)
{
	struct mwb_endpoint ep = { .socket = socket };
	struct mwb_wire_hdr hdr = {
		.session = session_id,
		.type = MWB_WIRE_CONTROL,
		.wan_id = wan_id,
		.priority = 255,
	};
	int err;

	mwb_socket_addresses(skb, &ep.remote, &ep.local);
	rcu_read_lock_bh();
	err = mwb_send_to(NULL, session, NULL, &ep, &hdr, payload, len);
	rcu_read_unlock_bh();
	return err;
}
