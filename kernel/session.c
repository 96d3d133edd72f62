// SPDX-License-Identifier: GPL-2.0-only
/*
 * The session: its life cycle, associations, control plane, and what it
 * publishes to the data path.
 */
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>

#include "compat/hrtimer.h"
#include "netlink.h"
#include "path.h"
#include "session.h"
#include "socket.h"
#include "wan.h"

/* A wait that is shorter is not rounded up to jiffies. */
#define MWB_SESSION_EXACT (100 * (u64)NSEC_PER_MSEC)

struct workqueue_struct *mwb_wq;

/* Control packets that are looked at before it is the timers' turn */
enum { MWB_SESSION_BATCH = 256 };

/* How good a WAN is; those of the best that there are carry data. */
enum mwb_session_rank {
	MWB_SESSION_SOUND,
	MWB_SESSION_DEGRADED,
	MWB_SESSION_SUSPECT,
	MWB_SESSION_UNUSABLE,
};

static enum mwb_session_rank mwb_session_rank(struct mwb_session *session,
					      const struct mwb_wan *wan)
{
	if (!wan || !session->current_assoc || !session->running ||
	    !wan->settings.admin_up || !rcu_access_pointer(wan->endpoint) ||
	    !mwb_health_is_usable(&wan->health))
		return MWB_SESSION_UNUSABLE;
	if (wan->health.suspect || wan->moving)
		return MWB_SESSION_SUSPECT;
	return wan->health.state == MWB_HEALTH_DEGRADED ? MWB_SESSION_DEGRADED :
							  MWB_SESSION_SOUND;
}

/* The worst rank that carries data. Copies on all paths are not hurt by any. */
static enum mwb_session_rank mwb_session_carries(struct mwb_session *session)
{
	enum mwb_session_rank best = MWB_SESSION_SUSPECT;
	int i;

	if (session->settings.mode == MWBOND_MODE_REDUNDANT)
		return best;
	for (i = 0; i < MWB_MAX_WANS; i++)
		best = min(best, mwb_session_rank(session, session->wan[i]));
	return best;
}

static void mwb_session_replace_paths(struct mwb_session *session,
				      struct mwb_paths *paths)
{
	struct mwb_paths *old;

	old = rcu_replace_pointer(session->paths, paths,
				  lockdep_is_held(&session->mutex));
	if (old)
		kfree_rcu(old, rcu);
}

static void mwb_session_set_carrier(struct mwb_session *session, bool on)
{
	bool before = netif_carrier_ok(session->dev);

	if (on) {
		session->down_since = U64_MAX;
		netif_carrier_on(session->dev);
	} else {
		if (session->down_since == U64_MAX)
			session->down_since = mwb_now();
		netif_carrier_off(session->dev);
	}
	if (on != before ||
	    (session->settings.mtu_auto &&
	     mwb_session_path_mtu(session) != READ_ONCE(session->dev->mtu)))
		mwb_session_follow(session);
}

void mwb_session_publish(struct mwb_session *session)
{
	enum mwb_session_rank worst = mwb_session_carries(session);
	struct mwb_paths *paths;
	struct mwb_sched_path *path;
	int i;

	lockdep_assert_held(&session->mutex);
	paths = kzalloc(sizeof(*paths), GFP_KERNEL);
	session->stale = !paths || mwb_fec_configure(session);
	if (!paths) {
		/* The old ones may name what the caller is about to free. */
		mwb_session_replace_paths(session, NULL);
		return;
	}
	paths->assoc = session->current_assoc;
	paths->mode = session->settings.mode;
	paths->fec = session->settings.fec;
	paths->fec_timeout = session->settings.fec_timeout;
	paths->redundancy = session->settings.redundancy;
	paths->duplicate = session->settings.duplicate;
	paths->repair = session->settings.repair;
	for (i = 0; i < MWB_MAX_WANS; i++) {
		struct mwb_wan *wan = session->wan[i];

		paths->wan[i] = wan;
		if (wan)
			wan->carries = mwb_session_rank(session, wan) <= worst;
		if (!wan || !wan->carries)
			continue;
		path = &paths->table.path[paths->table.count++];
		path->index = i;
		path->priority = wan->settings.priority;
		path->cost = mwb_sched_cost(mwb_wan_score(wan));
		path->latency = mwb_wan_latency(wan);
		path->utilisation = wan->utilisation;
		path->fill = mwb_sched_fill(mwb_wan_rate(wan));
		path->window = wan->util_window;
	}
	mwb_class_publish(session, paths);
	mwb_session_set_carrier(session, paths->table.count);
	/* No Ack can bring back what the old ones say. */
	spin_lock_bh(&session->tx.lock);
	mwb_queue_update(session, paths);
	mwb_session_replace_paths(session, paths);
	spin_unlock_bh(&session->tx.lock);
}

void mwb_session_kick(struct mwb_session *session)
{
	mod_delayed_work(mwb_wq, &session->work, 0);
}

void mwb_session_underlay(struct mwb_session *session)
{
	WRITE_ONCE(session->underlay_changed, true);
	mwb_session_kick(session);
}

/* The WANs that the peer had announced go with the association. */
static void mwb_session_remove_dynamic(struct mwb_session *session)
{
	int i;

	for (i = 0; i < MWB_MAX_WANS; i++)
		if (session->wan[i] && session->wan[i]->dynamic)
			mwb_wan_remove(session->wan[i]);
}

static void mwb_session_restart_wans(struct mwb_session *session)
{
	struct mwb_association *assoc = session->current_assoc;
	int i;

	for (i = 0; i < MWB_MAX_WANS; i++) {
		struct mwb_wan *wan = session->wan[i];

		if (!wan)
			continue;
		mwb_wan_set_wire_id(wan);
		WRITE_ONCE(wan->rx_stamp, 0);
		if (assoc)
			mwb_association_path(assoc, wan->wire_id);
		mwb_wan_restart(wan, MWB_HEALTH_RESTART);
		/* Down or not, what was reported counted from another start. */
		mwb_wan_pace_restart(wan);
	}
}

/* No more is sent by the present association, and what waits goes: it has the
 * numbers of that one.
 */
static void mwb_session_leave(struct mwb_session *session)
{
	struct mwb_association *old = session->current_assoc;

	session->current_assoc = NULL;
	mwb_secure_leave(session);
	mwb_session_publish(session);
	mwb_association_destroy(old);
	synchronize_net();
	mwb_queue_purge(session);
	mwb_session_remove_dynamic(session);
}

void mwb_session_forget(struct mwb_session *session)
{
	lockdep_assert_held(&session->mutex);
	if (!session->current_assoc)
		return;
	mwb_session_leave(session);
	mwb_session_restart_wans(session);
	mwb_session_publish(session);
	mwb_netlink_event(session, NULL, MWBOND_EVENT_SESSION_CLOSED, NULL);
}

void mwb_session_restart(struct mwb_session *session)
{
	mwb_session_forget(session);
	session->initiate_at = 0;
	session->initiate_interval = 0;
}

/* As mwb_session_forget(); a handshake under way is given up, too. */
static void mwb_session_end(struct mwb_session *session)
{
	mwb_association_destroy(session->pending_assoc);
	session->pending_assoc = NULL;
	mwb_secure_give_up(session);
	mwb_session_forget(session);
}

void mwb_session_adopt(struct mwb_session *session,
		       struct mwb_association *assoc)
{
	lockdep_assert_held(&session->mutex);
	session->pending_assoc = NULL;
	if (session->current_assoc)
		mwb_session_leave(session);
	session->current_assoc = assoc;
	mwb_session_restart_wans(session);
	session->initiate_at = U64_MAX;
	session->initiate_interval = 0;
	session->down_since = mwb_now();
	mwb_session_publish(session);
	mwb_stats_inc(session->stats, MWB_STAT_handshakes);
	mwb_netlink_event(session, NULL, MWBOND_EVENT_SESSION_ESTABLISHED, NULL);
}

static void mwb_session_dispatch(struct mwb_session *session,
				 struct sk_buff *skb)
{
	const u8 *payload = skb->data + MWB_WIRE_HDR_LEN;
	struct mwb_association *pending = session->pending_assoc;
	struct mwb_wire_hdr hdr;
	struct mwb_wan *wan;

	if (mwb_wire_parse(skb->data, skb->len, &hdr))
		return;
	if (pending && !pending->initiator &&
	    hdr.session == pending->local_id &&
	    pending->secure == mwb_control_cb(skb)->sealed)
		mwb_session_adopt(session, pending);
	if (mwb_control_cb(skb)->moved) {
		mwb_handshake_moved(session, skb, &hdr);
		return;
	}
	if (hdr.type == MWB_WIRE_CONTROL) {
		mwb_handshake_receive(session, skb, &hdr, payload);
		return;
	}
	if (!session->current_assoc ||
	    hdr.session != session->current_assoc->local_id ||
	    session->current_assoc->secure != mwb_control_cb(skb)->sealed)
		return;
	wan = mwb_wan_find_wire(session, hdr.wan_id);
	if (wan)
		mwb_probe_receive(session, wan, &hdr, payload,
				  mwb_control_arrival(skb));
}

static void mwb_session_report_loops(struct mwb_session *session)
{
	int i;

	for (i = 0; i < MWB_MAX_WANS; i++) {
		struct mwb_wan *wan = session->wan[i];

		if (wan && READ_ONCE(wan->loop) && !wan->loop_reported) {
			wan->loop_reported = true;
			mwb_netlink_event(session, wan,
					  MWBOND_EVENT_WAN_LOOP, NULL);
		}
	}
}

/* Those whose packets could not be sent, or all if the underlay has changed. */
static void mwb_session_look(struct mwb_session *session)
{
	bool all = READ_ONCE(session->underlay_changed);
	int i;

	WRITE_ONCE(session->underlay_changed, false);
	for (i = 0; i < MWB_MAX_WANS; i++) {
		struct mwb_wan *wan = session->wan[i];

		if (!wan || !(all || READ_ONCE(wan->failed)))
			continue;
		WRITE_ONCE(wan->failed, false);
		mwb_wan_look(wan);
	}
}

static enum hrtimer_restart mwb_session_wake(struct hrtimer *timer)
{
	mwb_session_kick(container_of(timer, struct mwb_session, wake));
	return HRTIMER_NORESTART;
}

/* Run the work again at @next. A kick that came meanwhile is not put off. */
static void mwb_session_schedule(struct mwb_session *session, u64 next)
{
	u64 now = mwb_now();
	u64 wait = next > now ? next - now : 0;

	if (next == U64_MAX)
		return;
	if (wait && wait < MWB_SESSION_EXACT)
		hrtimer_start(&session->wake, ns_to_ktime(wait),
			      HRTIMER_MODE_REL_SOFT);
	else
		queue_delayed_work(mwb_wq, &session->work,
				   wait ? nsecs_to_jiffies(wait) + 1 : 0);
}

/* Does the mode go by latency, loss or utilisation, which change all along? */
static bool mwb_session_measures(const struct mwb_session *session)
{
	switch (session->settings.mode) {
	case MWBOND_MODE_WEIGHTED:
	case MWBOND_MODE_LEAST_USED:
	case MWBOND_MODE_LEAST_LATENCY:
	case MWBOND_MODE_ADAPTIVE:
		return true;
	default:
		return false;
	}
}

static void mwb_session_work(struct work_struct *work)
{
	struct mwb_session *session = container_of(to_delayed_work(work),
						   struct mwb_session, work);
	struct sk_buff *skb;
	u64 next, now;
	u32 left;

	mutex_lock(&session->mutex);
	if (!session->running) {
		skb_queue_purge(&session->control);
		goto out;
	}
	/* What goes on coming must not keep the timers from their turn. */
	for (left = MWB_SESSION_BATCH; left; left--) {
		skb = skb_dequeue(&session->control);
		if (!skb)
			break;
		mwb_session_dispatch(session, skb);
		consume_skb(skb);
	}
	mwb_session_look(session);
	now = mwb_now();
	next = min(mwb_handshake_run(session, now),
		   mwb_probe_run(session, now));
	mwb_session_report_loops(session);
	mwb_fec_expire(session, now);
	if (mwb_session_measures(session) || session->stale)
		mwb_session_publish(session);
	mwb_session_schedule(session, left ? next : now);
out:
	mutex_unlock(&session->mutex);
}

static void mwb_session_settings_init(struct mwb_settings *settings)
{
	settings->mode = MWBOND_MODE_AUTO;
	settings->security = -1;
	settings->mtu_auto = true;
	settings->fec.kind = MWBOND_FEC_OFF;
	settings->fec.k = MWB_FEC_K_DEFAULT;
	settings->fec.m = MWB_FEC_M_DEFAULT;
	settings->redundancy = MWB_FEC_REDUNDANCY_DEFAULT;
	settings->duplicate = 1;
	settings->repair = true;
	settings->reorder_buffer = MWB_REORDER_BUFFER_DEFAULT;
	settings->reorder_timeout = MWB_REORDER_TIMEOUT_DEFAULT;
	settings->skew_budget = MWB_SKEW_BUDGET_DEFAULT;
}

int mwb_session_init(struct mwb_session *session, struct net_device *dev,
		     struct net *net)
{
	int err;

	session->dev = dev;
	session->net = net;
	mutex_init(&session->mutex);
	mwb_session_settings_init(&session->settings);
	session->initiate_at = U64_MAX;
	session->down_since = U64_MAX;
	get_random_bytes(&session->token_key, sizeof(session->token_key));
	session->tx_busy = jiffies - MWB_SESSION_LONG;
	INIT_DELAYED_WORK(&session->work, mwb_session_work);
	hrtimer_setup(&session->wake, mwb_session_wake, CLOCK_MONOTONIC,
		      HRTIMER_MODE_REL_SOFT);
	INIT_WORK(&session->follow_work, mwb_session_follow_work);
	skb_queue_head_init(&session->control);
	INIT_HLIST_NODE(&session->listen_entry[0]);
	INIT_HLIST_NODE(&session->listen_entry[1]);
	INIT_HLIST_NODE(&session->peer_entry[0]);
	INIT_HLIST_NODE(&session->peer_entry[1]);

	session->stats = mwb_stats_alloc();
	if (!session->stats)
		return -ENOMEM;
	session->sched = alloc_percpu(struct mwb_sched_state);
	if (!session->sched) {
		err = -ENOMEM;
		goto err_stats;
	}
	err = mwb_reorder_create(session);
	if (err)
		goto err_sched;
	err = mwb_queue_create(session);
	if (err)
		goto err_reorder;
	err = mwb_feedback_create(session);
	if (err)
		goto err_queue;
	err = mwb_fec_create(session);
	if (err)
		goto err_feedback;
	return 0;

err_feedback:
	mwb_feedback_destroy(session);
err_queue:
	mwb_queue_destroy(session);
err_reorder:
	mwb_reorder_destroy(session);
err_sched:
	free_percpu(session->sched);
err_stats:
	free_percpu(session->stats);
	return err;
}

/*
 * Nothing can reach the session when this returns:
 *  1. the device is down: mwb_session_stop() has run, so no work runs and NAPI
 *     is off (the work queues itself only while the device is running);
 *  2. the listeners are left: no receiver finds the session by its number;
 *  3. the WANs are removed with their sockets: no receiver comes by those;
 *  4. the associations are out of the table, and a grace period has passed.
 */
void mwb_session_destroy(struct mwb_session *session)
{
	struct mwb_paths *paths;
	int i;

	ASSERT_RTNL();
	mwb_session_stop(session);
	mutex_lock(&session->mutex);
	mwb_listener_leave(session, session->listener);
	for (i = 0; i < MWB_MAX_WANS; i++)
		if (session->wan[i])
			mwb_wan_remove(session->wan[i]);
	mwb_association_destroy(session->pending_assoc);
	mwb_association_destroy(session->current_assoc);
	session->pending_assoc = NULL;
	session->current_assoc = NULL;
	paths = rcu_replace_pointer(session->paths, NULL,
				    lockdep_is_held(&session->mutex));
	mutex_unlock(&session->mutex);
	synchronize_net();
	kfree(paths);
	/* A receiver may have kicked the work until the grace period was over. */
	cancel_delayed_work_sync(&session->work);
	skb_queue_purge(&session->control);
	skb_queue_purge(&session->rx);
	mwb_fec_destroy(session);
	mwb_feedback_destroy(session);
	mwb_queue_destroy(session);
	mwb_reorder_destroy(session);
	free_percpu(session->sched);
	free_percpu(session->stats);
	memzero_explicit(&session->settings, sizeof(session->settings));
	memzero_explicit(&session->secure, sizeof(session->secure));
}

int mwb_session_open(struct mwb_session *session,
		     struct netlink_ext_ack *extack)
{
	struct mwb_settings *settings = &session->settings;
	const char *missing;
	int err = 0;

	ASSERT_RTNL();
	mutex_lock(&session->mutex);
	missing = mwb_secure_missing(session);
	if (missing) {
		NL_SET_ERR_MSG(extack, "Keys or a session number are missing");
		netdev_err(session->dev, "%s\n", missing);
		err = settings->security == MWBOND_SECURITY_NONE ?
		      -EDESTADDRREQ : -ENOKEY;
		goto out;
	}
	mwb_reorder_start(session);
	session->running = true;
	session->initiate_at = 0;
	session->initiate_interval = 0;
	netif_carrier_off(session->dev);
	mwb_session_kick(session);
out:
	mutex_unlock(&session->mutex);
	return err;
}

void mwb_session_stop(struct mwb_session *session)
{
	ASSERT_RTNL();
	mutex_lock(&session->mutex);
	if (!session->running) {
		mutex_unlock(&session->mutex);
		return;
	}
	mwb_handshake_close(session);
	session->running = false;
	mwb_session_end(session);
	mutex_unlock(&session->mutex);
	/* The work sets the timer only while running, under the mutex. */
	hrtimer_cancel(&session->wake);
	cancel_delayed_work_sync(&session->work);
	/* Receivers may have passed before the associations were gone. */
	synchronize_net();
	mwb_fec_send_stop(session);
	mwb_fec_receive_stop(session);
	mwb_feedback_stop(session);
	mwb_reorder_stop(session);
	skb_queue_purge(&session->control);
}

void mwb_session_detach(struct mwb_session *session)
{
	int i;

	ASSERT_RTNL();
	mutex_lock(&session->mutex);
	session->net = NULL;
	mwb_session_end(session);
	mwb_listener_leave(session, session->listener);
	for (i = 0; i < MWB_MAX_WANS; i++)
		if (session->wan[i])
			mwb_wan_detach(session->wan[i]);
	mwb_session_publish(session);
	skb_queue_purge(&session->control);
	mutex_unlock(&session->mutex);
}

static bool mwb_session_listen_differs(const struct mwb_settings *a,
				       const struct mwb_settings *b)
{
	return a->number != b->number || a->security != b->security ||
	       a->cipher != b->cipher ||
	       memcmp(a->private_key, b->private_key, MWB_CRYPTO_KEY_LEN) ||
	       memcmp(a->peer_key, b->peer_key, MWB_CRYPTO_KEY_LEN) ||
	       memcmp(a->preshared_key, b->preshared_key,
		      MWB_CRYPTO_KEY_LEN) ||
	       !mwb_address_equal(&a->listen, &b->listen);
}

/* Can the device listen there, given its namespace and its WANs? */
static int mwb_session_check_listen(struct mwb_session *session,
				    const struct mwb_address *listen,
				    struct netlink_ext_ack *extack)
{
	int i;

	if (!listen->port)
		return 0;
	if (!session->net) {
		NL_SET_ERR_MSG(extack,
			       "The namespace in which the device was made is gone");
		return -ENETDOWN;
	}
	for (i = 0; i < MWB_MAX_WANS; i++) {
		const struct mwb_wan *wan = session->wan[i];

		if (wan && !wan->dynamic &&
		    mwb_listener_is_at(session->net, listen,
				       &wan->settings.remote)) {
			NL_SET_ERR_MSG(extack,
				       "This is the remote address of a WAN of the device");
			return -ELOOP;
		}
	}
	return 0;
}

/* Is the old listener in the way of the new one, and goes when it is left? An
 * address and "any" exclude each other.
 */
static bool mwb_session_blocks_itself(const struct mwb_session *session,
				      const struct mwb_settings *new)
{
	return session->settings.listen.port == new->listen.port &&
	       mwb_listener_is_own(session);
}

/* If it fails, all is as before, but for a session that had to be ended, and for
 * the old listener if that cannot be had again.
 */
static int mwb_session_listen(struct mwb_session *session,
			      const struct mwb_settings *new,
			      const struct mwb_secure_keys *keys,
			      struct netlink_ext_ack *extack)
{
	struct mwb_settings *settings = &session->settings;
	struct mwb_socket *listener[2], *old[2];
	int err;

	err = mwb_session_check_listen(session, &new->listen, extack);
	if (err)
		return err;
	err = mwb_listener_join(session, session->net, new, keys, listener,
				extack);
	if (err && !(err == -EADDRINUSE &&
		     mwb_session_blocks_itself(session, new)))
		goto out;
	/* The peer's WANs use the listeners. It tries again when it knows. */
	mwb_handshake_close(session);
	mwb_session_end(session);
	session->initiate_at = 0;
	old[0] = session->listener[0];
	old[1] = session->listener[1];
	mwb_listener_leave(session, old);
	if (err) {
		err = mwb_listener_join(session, session->net, new, keys,
					listener, extack);
		if (err && mwb_listener_join(session, session->net, settings,
					     &session->secure.keys, listener,
					     NULL)) {
			netdev_err(session->dev, "does not listen any more\n");
			memset(&settings->listen, 0, sizeof(settings->listen));
		}
	}
	if (!err)
		mwb_secure_identify(session, new, keys);
	WRITE_ONCE(session->listener[0], listener[0]);
	WRITE_ONCE(session->listener[1], listener[1]);
	mwb_listener_enter(session);
	skb_queue_purge(&session->control);
out:
	if (err == -EADDRINUSE)
		NL_SET_ERR_MSG(extack,
			       "The listening address and port are in use");
	return err;
}

int mwb_session_configure(struct mwb_session *session,
			  const struct mwb_settings *new,
			  struct netlink_ext_ack *extack)
{
	struct mwb_settings *settings = &session->settings;
	struct mwb_secure_keys keys = { };
	int err;

	ASSERT_RTNL();
	err = mwb_secure_check(session, new, &keys, extack);
	if (err)
		return err;
	mutex_lock(&session->mutex);
	if (mwb_session_listen_differs(settings, new)) {
		err = mwb_session_listen(session, new, &keys, extack);
		if (err)
			goto out;
	}
	settings->listen = new->listen;
	settings->mode = new->mode;
	settings->mtu_auto = new->mtu_auto;
	WRITE_ONCE(settings->reorder_buffer, new->reorder_buffer);
	WRITE_ONCE(settings->reorder_timeout, new->reorder_timeout);
	WRITE_ONCE(settings->skew_budget, new->skew_budget);
	settings->fec = new->fec;
	settings->fec_timeout = new->fec_timeout;
	settings->redundancy = new->redundancy;
	settings->duplicate = new->duplicate;
	settings->repair = new->repair;
	mwb_session_publish(session);
	if (new->mtu_auto)
		mwb_session_follow(session);
	mwb_session_kick(session);
out:
	mutex_unlock(&session->mutex);
	memzero_explicit(&keys, sizeof(keys));
	return err;
}
