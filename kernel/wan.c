// SPDX-License-Identifier: GPL-2.0-only
/*
 * WANs: adding, changing and removing them; their endpoints and underlay.
 */
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>

#include "netlink.h"
#include "path.h"
#include "session.h"
#include "socket.h"
#include "trace.h"
#include "wan.h"

void mwb_wan_defaults(struct mwb_wan_settings *settings)
{
	memset(settings, 0, sizeof(*settings));
	settings->weight = 100;
	settings->priority = 100;
	settings->heartbeat = 200;
	settings->failures = 3;
	settings->admin_up = true;
}

struct mwb_wan *mwb_wan_find(struct mwb_session *session, const char *name)
{
	int i;

	lockdep_assert_held(&session->mutex);
	for (i = 0; i < MWB_MAX_WANS; i++)
		if (session->wan[i] &&
		    !strcmp(session->wan[i]->settings.name, name))
			return session->wan[i];
	return NULL;
}

struct mwb_wan *mwb_wan_find_id(struct mwb_session *session, u8 id)
{
	int i;

	lockdep_assert_held(&session->mutex);
	for (i = 0; i < MWB_MAX_WANS; i++)
		if (session->wan[i] && !session->wan[i]->dynamic &&
		    session->wan[i]->settings.id == id)
			return session->wan[i];
	return NULL;
}

struct mwb_wan *mwb_wan_find_wire(struct mwb_session *session, u8 wire_id)
{
	int i;

	lockdep_assert_held(&session->mutex);
	for (i = 0; i < MWB_MAX_WANS; i++)
		if (session->wan[i] && session->wan[i]->wire_id == wire_id)
			return session->wan[i];
	return NULL;
}

void mwb_wan_set_wire_id(struct mwb_wan *wan)
{
	const struct mwb_association *assoc = wan->session->current_assoc;

	WRITE_ONCE(wan->wire_id, wan->settings.id +
		   (assoc && !assoc->initiator ? MWB_WIRE_WAN_RESPONDER : 0));
}

void mwb_wan_restart(struct mwb_wan *wan, enum mwb_health_reason reason)
{
	u64 now = mwb_now();

	memset(&wan->beacon, 0, sizeof(wan->beacon));
	wan->confirmed = false;
	wan->moving = false;
	mwb_wan_pmtu_restart(wan);
	wan->announce_at = now;
	wan->announce_interval = 0;
	wan->heartbeat_at = now;
	mwb_health_down(&wan->health, reason, now);
	mwb_wan_health_changed(wan);
	mwb_session_kick(wan->session);
}

void mwb_wan_health_changed(struct mwb_wan *wan)
{
	struct mwb_session *session = wan->session;
	struct mwb_health_move move;
	bool moved = false;

	lockdep_assert_held(&session->mutex);
	while (mwb_health_moved(&wan->health, &move)) {
		if (!moved)
			mwb_session_publish(session);
		moved = true;
		trace_mwb_wan_state(session->dev, wan->settings.name,
				    move.from, move.to);
		if (move.to == MWB_HEALTH_DOWN) {
			mwb_feedback_down(wan);
			mwb_wan_pace_restart(wan);
		}
		mwb_netlink_event(session, wan, MWBOND_EVENT_WAN_STATE, &move);
	}
	if (wan->suspect == wan->health.suspect)
		return;
	wan->suspect = wan->health.suspect;
	if (!moved)
		mwb_session_publish(session);
	/* What is under way may be lost: it goes by those that are sound. */
	if (wan->suspect && !wan->carries)
		mwb_feedback_down(wan);
}

static struct mwb_wan *mwb_wan_alloc(struct mwb_session *session)
{
	struct mwb_wan *wan;
	int i;

	for (i = 0; i < MWB_MAX_WANS; i++)
		if (!session->wan[i])
			break;
	if (i == MWB_MAX_WANS)
		return ERR_PTR(-ENOSPC);
	wan = kzalloc(sizeof(*wan), GFP_KERNEL);
	if (!wan)
		return ERR_PTR(-ENOMEM);
	wan->session = session;
	wan->index = i;
	wan->rx_data = jiffies - MWB_SESSION_LONG;
	mwb_wan_pace_init(wan);
	wan->stats = netdev_alloc_pcpu_stats(struct mwb_wan_stats);
	if (!wan->stats) {
		kfree(wan);
		return ERR_PTR(-ENOMEM);
	}
	return wan;
}

/* Nothing reads it any more. */
static void mwb_wan_free(struct mwb_wan *wan)
{
	hrtimer_cancel(&wan->pace_timer);
	if (wan->socket)
		mwb_wan_close(wan, wan->socket);
	mwb_endpoint_free(rcu_dereference_protected(wan->endpoint, 1));
	free_percpu(wan->stats);
	kfree(wan);
}

/* What its health is judged by */
static void mwb_wan_health_set(struct mwb_wan *wan)
{
	const struct mwb_wan_settings *settings = &wan->settings;
	struct mwb_health *h = &wan->health;

	h->interval = settings->heartbeat * (u64)NSEC_PER_MSEC;
	h->failures = settings->failures;
	h->usual = mwb_wan_usual(wan);
	h->limits.latency = settings->max_latency * (u64)NSEC_PER_MSEC;
	h->limits.jitter = settings->max_jitter * (u64)NSEC_PER_MSEC;
	h->limits.loss = settings->max_loss;
}

/* Into the session and before the data path. */
static int mwb_wan_insert(struct mwb_wan *wan)
{
	struct mwb_session *session = wan->session;
	struct mwb_association *assoc = session->current_assoc;
	u64 now = mwb_now();

	mwb_health_init(&wan->health, wan->settings.heartbeat *
			(u64)NSEC_PER_MSEC, wan->settings.failures, now);
	mwb_wan_health_set(wan);
	wan->heartbeat_at = now;
	wan->announce_at = now;
	if (assoc && !mwb_association_path(assoc, wan->wire_id))
		return -ENOMEM;
	session->wan[wan->index] = wan;
	mwb_session_publish(session);
	mwb_netlink_event(session, wan, MWBOND_EVENT_WAN_ADDED, NULL);
	mwb_session_kick(session);
	return 0;
}

/* There are more numbers than WANs. */
static u8 mwb_wan_free_id(struct mwb_session *session)
{
	u8 id = 1;

	while (mwb_wan_find_id(session, id))
		id++;
	return id;
}

/* The device would be its own peer. */
static int mwb_wan_check_remote(struct mwb_session *session,
				const struct mwb_wan_settings *new,
				struct netlink_ext_ack *extack)
{
	if (!mwb_listener_is_at(session->net, &session->settings.listen,
				&new->remote))
		return 0;
	NL_SET_ERR_MSG(extack,
		       "The remote address is where this device listens itself");
	return -ELOOP;
}

int mwb_wan_add(struct mwb_session *session, const struct mwb_wan_settings *new,
		struct netlink_ext_ack *extack)
{
	struct mwb_wan *wan;
	int err;

	lockdep_assert_held(&session->mutex);
	if (mwb_wan_find(session, new->name)) {
		NL_SET_ERR_MSG(extack, "The device has a WAN of this name");
		return -EEXIST;
	}
	if (new->id != MWB_WAN_ID_AUTO && mwb_wan_find_id(session, new->id)) {
		NL_SET_ERR_MSG(extack, "The device has a WAN with this id");
		return -EEXIST;
	}
	err = mwb_wan_check_remote(session, new, extack);
	if (err)
		return err;
	wan = mwb_wan_alloc(session);
	if (IS_ERR(wan)) {
		if (PTR_ERR(wan) == -ENOSPC)
			NL_SET_ERR_MSG(extack, "The device has 16 WANs already");
		return PTR_ERR(wan);
	}
	wan->settings = *new;
	mwb_wan_pace_set(wan);
	if (new->id == MWB_WAN_ID_AUTO)
		wan->settings.id = mwb_wan_free_id(session);
	mwb_wan_set_wire_id(wan);
	wan->socket = mwb_wan_open(wan, new, extack);
	if (IS_ERR(wan->socket)) {
		err = PTR_ERR(wan->socket);
		wan->socket = NULL;
		goto err_free;
	}
	err = mwb_wan_bind(wan);
	if (err)
		goto err_free;
	err = mwb_wan_insert(wan);
	if (err)
		goto err_free;
	if (!session->current_assoc)
		session->initiate_at = 0;
	return 0;

err_free:
	mwb_wan_free(wan);
	return err;
}

static bool mwb_wan_endpoint_differs(const struct mwb_wan_settings *a,
				     const struct mwb_wan_settings *b)
{
	return !mwb_address_equal(&a->remote, &b->remote) ||
	       !mwb_address_equal(&a->local, &b->local) ||
	       a->remote.scope != b->remote.scope ||
	       strcmp(a->dev, b->dev) || a->fwmark != b->fwmark;
}

static void mwb_wan_forget_utilisation(struct mwb_wan *wan)
{
	wan->utilisation = 0;
	wan->util_window++;
}

/* Settings that do not touch the endpoint. */
static void mwb_wan_apply(struct mwb_wan *wan,
			  const struct mwb_wan_settings *new)
{
	struct mwb_wan_settings *settings = &wan->settings;

	settings->type = new->type;
	settings->weight = new->weight;
	settings->priority = new->priority;
	/* A share of another rate says nothing. */
	if (settings->rate != new->rate)
		mwb_wan_forget_utilisation(wan);
	settings->rate = new->rate;
	mwb_wan_pace_set(wan);
	settings->heartbeat = new->heartbeat;
	settings->failures = new->failures;
	settings->max_latency = new->max_latency;
	settings->max_jitter = new->max_jitter;
	settings->max_loss = new->max_loss;
	settings->admin_up = new->admin_up;
	mwb_wan_health_set(wan);
	if (!new->admin_up) {
		mwb_health_down(&wan->health, MWB_HEALTH_OFF, mwb_now());
		mwb_wan_health_changed(wan);
	}
}

int mwb_wan_change(struct mwb_wan *wan, const struct mwb_wan_settings *new,
		   struct netlink_ext_ack *extack)
{
	struct mwb_session *session = wan->session;
	struct mwb_wan_settings before = wan->settings;
	struct mwb_socket *old_socket = NULL;
	struct mwb_socket *socket = NULL;
	int err;

	lockdep_assert_held(&session->mutex);
	if (wan->dynamic) {
		if (mwb_wan_endpoint_differs(&before, new) ||
		    new->type != before.type || new->rate != before.rate ||
		    new->heartbeat != before.heartbeat ||
		    new->failures != before.failures) {
			NL_SET_ERR_MSG(extack,
				       "Only weight, priority, limits, up and down can be set for a WAN of the peer");
			return -EOPNOTSUPP;
		}
		wan->own_share |= new->weight != before.weight ||
				  new->priority != before.priority;
	}
	if (!mwb_wan_endpoint_differs(&before, new)) {
		mwb_wan_apply(wan, new);
		goto announce;
	}
	err = mwb_wan_check_remote(session, new, extack);
	if (err)
		return err;
	if (!mwb_address_equal(&before.local, &new->local) ||
	    before.remote.family != new->remote.family) {
		socket = mwb_wan_open(wan, new, extack);
		if (IS_ERR(socket))
			return PTR_ERR(socket);
		old_socket = wan->socket;
		wan->socket = socket;
	}
	wan->settings.remote = new->remote;
	wan->settings.local = new->local;
	strscpy(wan->settings.dev, new->dev, sizeof(wan->settings.dev));
	wan->settings.fwmark = new->fwmark;
	err = mwb_wan_bind(wan);
	if (err) {
		wan->settings = before;
		if (socket) {
			wan->socket = old_socket;
			mwb_wan_close(wan, socket);
		}
		return err;
	}
	mwb_wan_apply(wan, new);
	mwb_wan_restart(wan, MWB_HEALTH_RESTART);
	if (old_socket) {
		/* Senders may hold the endpoint that names the old socket. */
		synchronize_net();
		mwb_wan_close(wan, old_socket);
	}
	mwb_netlink_event(session, wan, MWBOND_EVENT_WAN_ENDPOINT, NULL);
announce:
	/* What the peer knows of the WAN may be out of date. */
	wan->announce_at = mwb_now();
	wan->announce_interval = 0;
	mwb_session_publish(session);
	mwb_session_kick(session);
	return 0;
}

void mwb_wan_remove(struct mwb_wan *wan)
{
	struct mwb_session *session = wan->session;

	lockdep_assert_held(&session->mutex);
	if (!wan->dynamic)
		mwb_handshake_withdraw(wan);
	session->wan[wan->index] = NULL;
	mwb_session_publish(session);
	mwb_netlink_event(session, wan, MWBOND_EVENT_WAN_REMOVED, NULL);
	synchronize_net();
	/* The peer takes no more from it, and its state stays. */
	mwb_feedback_down(wan);
	mwb_wan_free(wan);
}

/* A name that no other WAN of the session has, from the one announced. */
static void mwb_wan_dynamic_name(struct mwb_session *session, u8 wire_id,
				 const char *wanted, char *name)
{
	struct mwb_wan *other = mwb_wan_find(session, wanted);

	if (!other || (other->dynamic && other->wire_id == wire_id))
		strscpy(name, wanted, MWB_WIRE_NAME_LEN);
	else
		snprintf(name, MWB_WIRE_NAME_LEN, "peer-%u", wire_id);
}

void mwb_wan_announced(struct mwb_wan *wan, const struct mwb_wire_control *ctl)
{
	struct mwb_wan_settings *settings = &wan->settings;

	lockdep_assert_held(&wan->session->mutex);
	settings->type = ctl->wan_type;
	if (!wan->own_share) {
		settings->weight = ctl->weight;
		settings->priority = ctl->priority;
	}
	settings->rate = ctl->rate * 1000ULL;
	mwb_wan_pace_set(wan);
	settings->heartbeat = ctl->heartbeat;
	settings->failures = ctl->failures;
	mwb_wan_health_set(wan);
}

struct mwb_wan *mwb_wan_add_dynamic(struct mwb_session *session, u8 wire_id,
				    const struct mwb_wire_control *ctl)
{
	struct mwb_wan *wan;
	int err;

	lockdep_assert_held(&session->mutex);
	wan = mwb_wan_alloc(session);
	if (IS_ERR(wan))
		return wan;
	mwb_wan_defaults(&wan->settings);
	wan->dynamic = true;
	wan->wire_id = wire_id;
	wan->settings.id = wire_id % MWB_WIRE_WAN_RESPONDER;
	mwb_wan_dynamic_name(session, wire_id, ctl->name, wan->settings.name);
	mwb_wan_announced(wan, ctl);
	err = mwb_wan_insert(wan);
	if (err) {
		mwb_wan_free(wan);
		return ERR_PTR(err);
	}
	return wan;
}
