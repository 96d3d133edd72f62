// SPDX-License-Identifier: GPL-2.0-only
/*
 * The handshake of the plain mode, and how paths become known and are
 * confirmed: Documentation/wire.rst, "Control". Runs in the session's work.
 */
#include "path.h"
#include "session.h"
#include "socket.h"
#include "trace.h"
#include "wan.h"

#define MWB_RETRY_MIN		(100 * (u64)NSEC_PER_MSEC)
#define MWB_INITIATE_MAX	(500 * (u64)NSEC_PER_MSEC)
#define MWB_ANNOUNCE_MAX	((u64)NSEC_PER_SEC)
/* Without a path for so long, the end that had initiated does so again. */
#define MWB_INITIATE_DOWN	((u64)NSEC_PER_SEC)
/* The other end leaves it the first try; and a new session gets its chance,
 * however long the round-trip time.
 */
#define MWB_INITIATE_PATIENCE	(3 * (u64)NSEC_PER_SEC)
/* An initiation that was answered: time for the peer to go on. */
#define MWB_INITIATE_ANSWERED	((u64)NSEC_PER_SEC)
/* Unanswered for so long, our initiation gives way to the peer's. */
#define MWB_INITIATE_STANDS	(2 * (u64)NSEC_PER_SEC)
/* A path that is Down for so long may have another address by now, or there is
 * something on the way that takes none of its packets any more: it is introduced
 * anew, from another port; then after twice the time, and so on.
 */
#define MWB_RENEW_MIN		(2 * (u64)NSEC_PER_SEC)
#define MWB_RENEW_MAX		(60 * (u64)NSEC_PER_SEC)
/* A challenge is answered in this time, and some round trips. */
#define MWB_CHALLENGE_WAIT	(200 * (u64)NSEC_PER_MSEC)
/* The peer has our answer when the first heartbeat comes. */
#define MWB_CONFIRM_SETTLE	(10 * (u64)NSEC_PER_MSEC)
/* Associations made for initiations: one in this time, so many in a burst. */
#define MWB_RESPOND_EACH	(20 * (u64)NSEC_PER_MSEC)
#define MWB_RESPOND_BURST	50

static void mwb_handshake_refuse(struct mwb_session *session,
				 struct sk_buff *skb, enum mwb_stat why)
{
	mwb_stats_inc(session->stats, why);
	trace_mwb_drop(session->dev, why, skb->len);
}

static int mwb_handshake_send(struct mwb_wan *wan,
			      struct mwb_association *assoc, u64 session_id,
			      const struct mwb_wire_control *ctl)
{
	struct mwb_session *session = wan->session;
	u8 buf[MWB_WIRE_CONTROL_MAX];
	size_t len;

	len = mwb_wire_build_control(buf, ctl);
	return mwb_send_message(wan, assoc, session_id, MWB_WIRE_CONTROL,
				session->control_sequence++, buf, len);
}

static void mwb_handshake_reply(struct mwb_session *session,
				struct sk_buff *skb, u64 session_id, u8 wan_id,
				const struct mwb_wire_control *ctl)
{
	u8 buf[MWB_WIRE_CONTROL_MAX];
	size_t len;

	len = mwb_wire_build_control(buf, ctl);
	mwb_send_reply(session, skb, session_id, wan_id, buf, len);
}

static const struct mwb_endpoint *
mwb_handshake_endpoint(const struct mwb_wan *wan)
{
	return rcu_dereference_protected(wan->endpoint,
					 lockdep_is_held(&wan->session->mutex));
}

bool mwb_handshake_can_start(const struct mwb_wan *wan)
{
	return wan && !wan->dynamic && wan->settings.admin_up &&
	       rcu_access_pointer(wan->endpoint);
}

static bool mwb_handshake_may_initiate(const struct mwb_session *session)
{
	int i;

	if (!session->running || !session->net)
		return false;
	for (i = 0; i < MWB_MAX_WANS; i++)
		if (mwb_handshake_can_start(session->wan[i]))
			return true;
	return false;
}

static bool mwb_handshake_is_initiating(const struct mwb_session *session)
{
	return session->pending_assoc && session->pending_assoc->initiator;
}

static void mwb_handshake_give_up(struct mwb_session *session)
{
	mwb_association_destroy(session->pending_assoc);
	session->pending_assoc = NULL;
	session->initiate_interval = 0;
	mwb_secure_give_up(session);
}

static void mwb_handshake_initiate(struct mwb_session *session, u64 now)
{
	struct mwb_wire_control ctl = {
		.subtype = MWB_CONTROL_INITIATION,
		.security = MWBOND_SECURITY_NONE,
	};
	int i;

	if (!mwb_handshake_is_initiating(session)) {
		mwb_handshake_give_up(session);
		session->pending_assoc = mwb_association_create(session, true,
								0);
		session->pending_since = now;
	}
	session->initiate_interval = session->initiate_interval ?
		min(2 * session->initiate_interval, MWB_INITIATE_MAX) :
		MWB_RETRY_MIN;
	session->initiate_at = now + session->initiate_interval;
	if (!session->pending_assoc)
		return;
	if (session->pending_assoc->secure) {
		mwb_secure_initiate(session, session->pending_assoc, now);
		return;
	}

	ctl.session = session->pending_assoc->local_id;
	for (i = 0; i < MWB_MAX_WANS; i++)
		if (mwb_handshake_can_start(session->wan[i]))
			mwb_handshake_send(session->wan[i], NULL,
					   session->settings.number, &ctl);
}

/* Brings session->initiate_at up to date, and initiates when it is time. */
static u64 mwb_handshake_run_initiation(struct mwb_session *session, u64 now)
{
	struct mwb_association *assoc = session->current_assoc;

	if (assoc && session->down_since == U64_MAX) {
		/* All is well (again). */
		if (mwb_handshake_is_initiating(session))
			mwb_handshake_give_up(session);
		session->initiate_at = U64_MAX;
		return U64_MAX;
	}
	if (!mwb_handshake_may_initiate(session))
		return U64_MAX;
	if (session->initiate_at == U64_MAX)
		session->initiate_at = !assoc ? now : session->down_since +
			(assoc->initiator ? MWB_INITIATE_DOWN :
					    MWB_INITIATE_PATIENCE);
	if (now >= session->initiate_at)
		mwb_handshake_initiate(session, now);
	return session->initiate_at;
}

static void mwb_handshake_announce(struct mwb_wan *wan, u64 now)
{
	struct mwb_association *assoc = wan->session->current_assoc;
	const struct mwb_wan_settings *settings = &wan->settings;
	struct mwb_wire_control ctl = {
		.subtype = MWB_CONTROL_ANNOUNCE,
		.wan_type = settings->type,
		.priority = settings->priority,
		.failures = settings->failures,
		.weight = settings->weight,
		.heartbeat = settings->heartbeat,
		.rate = min_t(u64, DIV_ROUND_UP_ULL(settings->rate, 1000),
			      U32_MAX),
	};

	strscpy(ctl.name, settings->name, sizeof(ctl.name));
	wan->announce_interval = wan->announce_interval ?
		min(2 * wan->announce_interval, MWB_ANNOUNCE_MAX) :
		MWB_RETRY_MIN;
	wan->announce_at = now + wan->announce_interval;
	mwb_handshake_send(wan, assoc, assoc->remote_id, &ctl);
}

/* Return: when it is to be done, ns */
static u64 mwb_handshake_renew(struct mwb_wan *wan, u64 now)
{
	u64 since = max3(wan->health.since, wan->confirmed_at, wan->renewed_at);

	if (wan->health.state != MWB_HEALTH_DOWN) {
		wan->renew_interval = 0;
		return U64_MAX;
	}
	if (!wan->renew_interval)
		wan->renew_interval = MWB_RENEW_MIN;
	if (now < since + wan->renew_interval)
		return since + wan->renew_interval;
	wan->renewed_at = now;
	wan->renew_interval = min(2 * wan->renew_interval, MWB_RENEW_MAX);
	mwb_wan_renew(wan);
	wan->confirmed = false;
	wan->announce_at = now;
	wan->announce_interval = 0;
	return now + wan->renew_interval;
}

/* Announces the WAN until the peer has challenged us over it. */
static u64 mwb_handshake_run_wan(struct mwb_wan *wan, u64 now)
{
	u64 next;

	if (!mwb_handshake_can_start(wan))
		return U64_MAX;
	next = mwb_handshake_renew(wan, now);
	if (!wan->session->current_assoc)
		return next;
	if (now >= wan->announce_at)
		mwb_handshake_announce(wan, now);
	return min(next, wan->announce_at);
}

/* The challenge is not answered: its packets go where they went before. */
static u64 mwb_handshake_run_move(struct mwb_wan *wan, u64 now)
{
	if (!wan || !wan->moving)
		return U64_MAX;
	if (now < wan->moving_until)
		return wan->moving_until;
	mwb_wan_set_moving(wan, 0);
	return U64_MAX;
}

u64 mwb_handshake_run(struct mwb_session *session, u64 now)
{
	u64 next;
	int i;

	lockdep_assert_held(&session->mutex);
	if (!session->running)
		return U64_MAX;
	next = mwb_secure_run(session, now);
	next = min(next, mwb_handshake_run_initiation(session, now));
	for (i = 0; i < MWB_MAX_WANS; i++)
		next = min3(next, mwb_handshake_run_wan(session->wan[i], now),
			    mwb_handshake_run_move(session->wan[i], now));
	return next;
}

static bool mwb_handshake_respond_limit(struct mwb_session *session, u64 now)
{
	u64 at = max(session->respond_at, now);

	if (at - now >= MWB_RESPOND_BURST * MWB_RESPOND_EACH)
		return false;
	session->respond_at = at + MWB_RESPOND_EACH;
	return true;
}

/*
 * The association that answers the initiation @remote_id: the one made for it,
 * if it came before, else a new one.
 */
struct mwb_association *mwb_handshake_responder(struct mwb_session *session,
						u64 remote_id,
						enum mwb_stat *why)
{
	struct mwb_association *assoc = session->current_assoc;
	struct mwb_association *pending = session->pending_assoc;
	u64 now = mwb_now();

	*why = MWB_STAT_rx_handshake;
	if (assoc && !assoc->initiator && assoc->remote_id == remote_id)
		return assoc;
	if (pending && !pending->initiator && pending->remote_id == remote_id)
		return pending;
	/* Both ends initiate: the larger id stands, while it has hope. */
	if (pending && pending->initiator && pending->local_id > remote_id &&
	    now - session->pending_since < MWB_INITIATE_STANDS)
		return NULL;
	if (!mwb_handshake_respond_limit(session, now))
		return NULL;

	mwb_handshake_give_up(session);
	session->pending_assoc = mwb_association_create(session, false,
							remote_id);
	session->pending_since = now;
	session->initiate_at = now + MWB_INITIATE_ANSWERED;
	*why = MWB_STAT_rx_no_memory;
	return session->pending_assoc;
}

/* Has one of our own initiations come back? */
static bool mwb_handshake_is_own(const struct mwb_session *session,
				 u64 remote_id)
{
	const struct mwb_association *assoc = session->current_assoc;
	const struct mwb_association *pending = session->pending_assoc;

	return (assoc && assoc->initiator && assoc->local_id == remote_id) ||
	       (pending && pending->initiator &&
		pending->local_id == remote_id);
}

static void mwb_handshake_initiation(struct mwb_session *session,
				     struct sk_buff *skb,
				     const struct mwb_wire_hdr *hdr,
				     const struct mwb_wire_control *ctl)
{
	struct mwb_wire_control response = {
		.subtype = MWB_CONTROL_RESPONSE,
		.security = MWBOND_SECURITY_NONE,
	};
	struct mwb_association *assoc;
	struct mwb_wan *wan;
	enum mwb_stat why;

	if (hdr->session != session->settings.number ||
	    hdr->wan_id >= MWB_WIRE_WAN_RESPONDER ||
	    mwb_control_cb(skb)->socket->session ||
	    session->settings.security != MWBOND_SECURITY_NONE) {
		mwb_handshake_refuse(session, skb, MWB_STAT_rx_handshake);
		return;
	}
	if (mwb_handshake_is_own(session, ctl->session)) {
		wan = mwb_wan_find_id(session, hdr->wan_id);
		if (wan)
			WRITE_ONCE(wan->loop, true);
		mwb_handshake_refuse(session, skb, MWB_STAT_rx_handshake);
		return;
	}
	assoc = mwb_handshake_responder(session, ctl->session, &why);
	if (!assoc) {
		mwb_handshake_refuse(session, skb, why);
		return;
	}
	response.session = assoc->local_id;
	mwb_handshake_reply(session, skb, assoc->remote_id, hdr->wan_id,
			    &response);
}

bool mwb_handshake_response_from(struct mwb_session *session,
				 struct sk_buff *skb,
				 const struct mwb_wire_hdr *hdr,
				 enum mwb_stat *why)
{
	/* Before the roles are known there are no wire ids. */
	struct mwb_wan *wan = mwb_wan_find_id(session, hdr->wan_id);
	/* The peer may have moved since it was configured. */
	const struct mwb_endpoint *ep = wan ? mwb_handshake_endpoint(wan) : NULL;

	*why = wan ? MWB_STAT_rx_source : MWB_STAT_rx_wan;
	return ep && mwb_socket_is_from(skb, &ep->remote);
}

void mwb_handshake_adopt(struct mwb_session *session,
			 struct mwb_association *assoc)
{
	mwb_session_adopt(session, assoc);
	session->initiate_at = mwb_now() + MWB_INITIATE_PATIENCE;
}

static void mwb_handshake_response(struct mwb_session *session,
				   struct sk_buff *skb,
				   const struct mwb_wire_hdr *hdr,
				   const struct mwb_wire_control *ctl)
{
	struct mwb_association *assoc = session->current_assoc;
	struct mwb_association *pending = session->pending_assoc;
	enum mwb_stat why;

	/* The first one has won; this one came over another WAN. */
	if (assoc && assoc->initiator && hdr->session == assoc->local_id &&
	    ctl->session == assoc->remote_id)
		return;
	if (!pending || !pending->initiator ||
	    hdr->session != pending->local_id) {
		mwb_handshake_refuse(session, skb, MWB_STAT_rx_handshake);
		return;
	}
	if (!mwb_handshake_response_from(session, skb, hdr, &why)) {
		mwb_handshake_refuse(session, skb, why);
		return;
	}
	pending->remote_id = ctl->session;
	mwb_handshake_adopt(session, pending);
}

/* The WAN ids of the peer's WANs are those of the other role. */
static bool mwb_handshake_is_peers(const struct mwb_association *assoc,
				   u8 wire_id)
{
	return assoc->initiator == (wire_id > MWB_WIRE_WAN_RESPONDER);
}

/* What only who gets the packets sent to @remote can answer. The same for the same
 * address: announcements are repeated in less than a round-trip time, and each
 * answer will do.
 */
static u64 mwb_handshake_token(const struct mwb_wan *wan,
			       const struct mwb_address *remote)
{
	const struct mwb_session *session = wan->session;
	struct {
		u64 session;
		struct in6_addr address;
		u32 scope;
		__be16 port;
		u8 wan_id;
		u8 family;
	} __aligned(SIPHASH_ALIGNMENT) of = {
		.session = session->current_assoc->local_id,
		.scope = remote->scope,
		.port = remote->port,
		.wan_id = wan->wire_id,
		.family = remote->family,
	};

	BUILD_BUG_ON(sizeof(of) != 32);
	if (remote->family == AF_INET)
		of.address.s6_addr32[0] = remote->v4.s_addr;
	else
		of.address = remote->v6;
	return siphash(&of, sizeof(of), &session->token_key);
}

static void mwb_handshake_challenge(struct mwb_wan *wan, struct sk_buff *skb)
{
	struct mwb_association *assoc = wan->session->current_assoc;
	struct mwb_wire_control ctl = { .subtype = MWB_CONTROL_CHALLENGE };
	struct mwb_address remote, local;

	mwb_socket_addresses(skb, &remote, &local);
	ctl.token = mwb_handshake_token(wan, &remote);
	mwb_handshake_reply(wan->session, skb, assoc->remote_id, wan->wire_id,
			    &ctl);
}

static void mwb_handshake_announced(struct mwb_session *session,
				    struct sk_buff *skb,
				    const struct mwb_wire_hdr *hdr,
				    const struct mwb_wire_control *ctl)
{
	struct mwb_wan *wan;

	if (!mwb_handshake_is_peers(session->current_assoc, hdr->wan_id) ||
	    mwb_control_cb(skb)->socket->session) {
		mwb_handshake_refuse(session, skb, MWB_STAT_rx_handshake);
		return;
	}
	wan = mwb_wan_find_wire(session, hdr->wan_id);
	if (wan) {
		mwb_wan_announced(wan, ctl);
	} else {
		wan = mwb_wan_add_dynamic(session, hdr->wan_id, ctl);
		if (IS_ERR(wan)) {
			mwb_handshake_refuse(session, skb,
					     PTR_ERR(wan) == -ENOSPC ?
					     MWB_STAT_rx_wan_limit :
					     MWB_STAT_rx_no_memory);
			return;
		}
	}
	mwb_handshake_challenge(wan, skb);
}

static void mwb_handshake_confirm(struct mwb_wan *wan)
{
	u64 now = mwb_now();

	if (!wan->confirmed)
		wan->heartbeat_at = now +
				    (wan->dynamic ? 0 : MWB_CONFIRM_SETTLE);
	wan->confirmed = true;
	wan->confirmed_at = now;
}

void mwb_handshake_moved(struct mwb_session *session, struct sk_buff *skb,
			 const struct mwb_wire_hdr *hdr)
{
	const struct mwb_association *assoc = session->current_assoc;
	const struct mwb_endpoint *ep;
	struct mwb_wan *wan;

	lockdep_assert_held(&session->mutex);
	wan = mwb_wan_find_wire(session, hdr->wan_id);
	ep = wan ? mwb_handshake_endpoint(wan) : NULL;
	/* It may be there already, or belong to a session that is over. */
	if (!ep || !assoc || hdr->session != assoc->local_id ||
	    mwb_socket_is_from(skb, &ep->remote))
		return;
	mwb_handshake_challenge(wan, skb);
	mwb_wan_set_moving(wan, mwb_now() + MWB_CHALLENGE_WAIT +
				3 * mwb_wan_latency(wan));
}

/* The peer has heard of our WAN, or its packets now come from elsewhere, and asks
 * whether it is really there.
 */
static void mwb_handshake_challenged(struct mwb_session *session,
				     struct sk_buff *skb, struct mwb_wan *wan,
				     const struct mwb_wire_control *ctl)
{
	const struct mwb_endpoint *ep = mwb_handshake_endpoint(wan);
	struct mwb_association *assoc = session->current_assoc;
	struct mwb_wire_control answer = {
		.subtype = MWB_CONTROL_ANSWER,
		.token = ctl->token,
	};

	if (!ep || !mwb_socket_is_from(skb, &ep->remote)) {
		mwb_handshake_refuse(session, skb, MWB_STAT_rx_source);
		return;
	}
	if (!wan->settings.admin_up ||
	    mwb_handshake_send(wan, assoc, assoc->remote_id, &answer) ||
	    wan->dynamic)
		return;
	mwb_handshake_confirm(wan);
	wan->announce_at = U64_MAX;
	wan->announce_interval = 0;
}

static void mwb_handshake_answered(struct mwb_session *session,
				   struct sk_buff *skb, struct mwb_wan *wan,
				   const struct mwb_wire_control *ctl)
{
	const struct mwb_socket *socket = mwb_control_cb(skb)->socket;
	struct mwb_address remote, local;

	mwb_socket_addresses(skb, &remote, &local);
	if (wan->socket != (wan->dynamic ? NULL : socket) ||
	    ctl->token != mwb_handshake_token(wan, &remote)) {
		mwb_handshake_refuse(session, skb, MWB_STAT_rx_handshake);
		return;
	}
	if (mwb_wan_set_endpoint(wan, &remote, &local)) {
		mwb_handshake_refuse(session, skb, MWB_STAT_rx_no_memory);
		return;
	}
	if (wan->dynamic)
		mwb_handshake_confirm(wan);
}

/* A packet of that size has arrived. */
static void mwb_handshake_size(struct mwb_wan *wan, u16 size)
{
	struct mwb_association *assoc = wan->session->current_assoc;
	const struct mwb_wire_control answer = {
		.subtype = MWB_CONTROL_SIZE_ANSWER,
		.size = size,
	};

	mwb_handshake_send(wan, assoc, assoc->remote_id, &answer);
}

static void mwb_handshake_withdrawn(struct mwb_session *session,
				    struct sk_buff *skb, u8 wire_id)
{
	struct mwb_wan *wan = mwb_wan_find_wire(session, wire_id);

	if (!mwb_handshake_is_peers(session->current_assoc, wire_id)) {
		mwb_handshake_refuse(session, skb, MWB_STAT_rx_handshake);
		return;
	}
	/* It is said over several paths, so it may be gone. */
	if (wan)
		mwb_wan_remove(wan);
}

/* What only the peer of the present session may say, over a known path. */
static void mwb_handshake_receive_path(struct mwb_session *session,
				       struct sk_buff *skb,
				       const struct mwb_wire_hdr *hdr,
				       const struct mwb_wire_control *ctl)
{
	struct mwb_wan *wan = mwb_wan_find_wire(session, hdr->wan_id);
	const struct mwb_endpoint *ep;

	if (!wan) {
		mwb_handshake_refuse(session, skb, MWB_STAT_rx_wan);
		return;
	}
	if (ctl->subtype == MWB_CONTROL_CHALLENGE) {
		mwb_handshake_challenged(session, skb, wan, ctl);
		return;
	}
	if (ctl->subtype == MWB_CONTROL_ANSWER) {
		mwb_handshake_answered(session, skb, wan, ctl);
		return;
	}
	ep = mwb_handshake_endpoint(wan);
	if (!ep || !mwb_socket_is_from(skb, &ep->remote)) {
		mwb_handshake_refuse(session, skb, MWB_STAT_rx_source);
		return;
	}
	switch (ctl->subtype) {
	case MWB_CONTROL_WITHDRAW:
		mwb_handshake_withdrawn(session, skb, ctl->wan_id);
		return;
	case MWB_CONTROL_SIZE:
		mwb_handshake_size(wan, ctl->size);
		return;
	case MWB_CONTROL_SIZE_ANSWER:
		mwb_wan_pmtu_answered(wan, ctl->size);
		return;
	}
	mwb_session_restart(session);
}

void mwb_handshake_receive(struct mwb_session *session, struct sk_buff *skb,
			   const struct mwb_wire_hdr *hdr, const u8 *payload)
{
	struct mwb_association *assoc = session->current_assoc;
	bool secure = session->settings.security == MWBOND_SECURITY_NOISE;
	bool sealed = mwb_control_cb(skb)->sealed;
	struct mwb_wire_control ctl;
	int err;

	lockdep_assert_held(&session->mutex);
	err = mwb_wire_parse_control(payload, hdr->data_len, &ctl);
	if (err == -EOPNOTSUPP && secure && !sealed) {
		mwb_secure_receive(session, skb, hdr, &ctl, payload);
		return;
	}
	if (!err && secure != sealed) {
		mwb_handshake_refuse(session, skb, MWB_STAT_rx_security);
		return;
	}
	if (err) {
		mwb_handshake_refuse(session, skb, err == -EOPNOTSUPP ?
				     MWB_STAT_rx_handshake :
				     MWB_STAT_rx_payload);
		return;
	}
	if (secure && (ctl.subtype == MWB_CONTROL_INITIATION ||
		       ctl.subtype == MWB_CONTROL_RESPONSE)) {
		mwb_handshake_refuse(session, skb, MWB_STAT_rx_handshake);
		return;
	}
	if (ctl.subtype == MWB_CONTROL_INITIATION) {
		mwb_handshake_initiation(session, skb, hdr, &ctl);
		return;
	}
	if (ctl.subtype == MWB_CONTROL_RESPONSE) {
		mwb_handshake_response(session, skb, hdr, &ctl);
		return;
	}
	/* It was another session when the packet was queued. */
	if (!assoc || hdr->session != assoc->local_id) {
		mwb_handshake_refuse(session, skb, MWB_STAT_rx_session);
		return;
	}
	if (ctl.subtype == MWB_CONTROL_ANNOUNCE)
		mwb_handshake_announced(session, skb, hdr, &ctl);
	else
		mwb_handshake_receive_path(session, skb, hdr, &ctl);
}

/* Over all paths that are up but @wan; over @wan if that is none. */
static void mwb_handshake_tell(struct mwb_session *session, struct mwb_wan *wan,
			       const struct mwb_wire_control *ctl)
{
	struct mwb_association *assoc = session->current_assoc;
	bool told = false;
	int i;

	for (i = 0; i < MWB_MAX_WANS; i++) {
		struct mwb_wan *other = session->wan[i];

		if (!other || other == wan ||
		    !mwb_health_is_usable(&other->health))
			continue;
		if (!mwb_handshake_send(other, assoc, assoc->remote_id, ctl))
			told = true;
	}
	if (!told && wan && wan->confirmed)
		mwb_handshake_send(wan, assoc, assoc->remote_id, ctl);
}

void mwb_handshake_withdraw(struct mwb_wan *wan)
{
	struct mwb_wire_control ctl = {
		.subtype = MWB_CONTROL_WITHDRAW,
		.wan_id = wan->wire_id,
	};

	lockdep_assert_held(&wan->session->mutex);
	if (wan->session->current_assoc)
		mwb_handshake_tell(wan->session, wan, &ctl);
}

void mwb_handshake_close(struct mwb_session *session)
{
	struct mwb_wire_control ctl = { .subtype = MWB_CONTROL_CLOSE };

	lockdep_assert_held(&session->mutex);
	if (session->current_assoc)
		mwb_handshake_tell(session, NULL, &ctl);
}
