// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where the packets of a WAN go, and by what: its endpoint, which follows the
 * settings, the interfaces and routes here, and the peer.
 */
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>

#include "netlink.h"
#include "path.h"
#include "session.h"
#include "socket.h"
#include "wan.h"

static struct mwb_endpoint *mwb_endpoint_alloc(void)
{
	struct mwb_endpoint *ep = kzalloc(sizeof(*ep), GFP_KERNEL);

	if (ep && dst_cache_init(&ep->dst_cache, GFP_KERNEL)) {
		kfree(ep);
		return NULL;
	}
	return ep;
}

void mwb_endpoint_free(struct mwb_endpoint *ep)
{
	if (!ep)
		return;
	dst_cache_destroy(&ep->dst_cache);
	kfree(ep);
}

static void mwb_endpoint_free_rcu(struct rcu_head *rcu)
{
	mwb_endpoint_free(container_of(rcu, struct mwb_endpoint, rcu));
}

/* Return: the endpoint before, which senders may still read */
static struct mwb_endpoint *mwb_wan_replace_endpoint(struct mwb_wan *wan,
						     struct mwb_endpoint *ep)
{
	WRITE_ONCE(wan->loop, false);
	wan->loop_reported = false;
	return rcu_replace_pointer(wan->endpoint, ep,
				   lockdep_is_held(&wan->session->mutex));
}

static void mwb_wan_publish_endpoint(struct mwb_wan *wan,
				     struct mwb_endpoint *ep)
{
	struct mwb_endpoint *old = mwb_wan_replace_endpoint(wan, ep);

	if (old)
		call_rcu(&old->rcu, mwb_endpoint_free_rcu);
}

/* The index of the underlay interface; 0 for none wanted, -ENODEV if absent. */
static int mwb_wan_oif(struct mwb_wan *wan, const char *name)
{
	struct net_device *dev;
	int oif;

	if (!name[0])
		return 0;
	rcu_read_lock();
	dev = dev_get_by_name_rcu(wan->session->net, name);
	oif = dev ? dev->ifindex : -ENODEV;
	rcu_read_unlock();
	return oif;
}

/* Publish the endpoint that settings and underlay give, but for the remote
 * address, or none.
 */
static int mwb_wan_bind_to(struct mwb_wan *wan,
			   const struct mwb_address *remote)
{
	const struct mwb_wan_settings *settings = &wan->settings;
	struct mwb_endpoint *ep = NULL;
	int oif;

	if (!wan->socket || !wan->session->net)
		goto out;
	oif = mwb_wan_oif(wan, settings->dev);
	if (oif < 0)
		goto out;
	ep = mwb_endpoint_alloc();
	if (!ep)
		return -ENOMEM;
	ep->socket = wan->socket;
	ep->remote = *remote;
	ep->local = settings->local;
	if (mwb_address_is_any(&ep->local))
		ep->local.family = AF_UNSPEC;
	ep->oif = oif;
	ep->mark = settings->fwmark;
out:
	mwb_wan_publish_endpoint(wan, ep);
	return 0;
}

/* The same, to where the settings say. */
int mwb_wan_bind(struct mwb_wan *wan)
{
	return mwb_wan_bind_to(wan, &wan->settings.remote);
}

/* To where the peer's packets come from */
static int mwb_wan_bind_dynamic(struct mwb_wan *wan,
				const struct mwb_address *remote,
				const struct mwb_address *local)
{
	struct mwb_session *session = wan->session;
	struct mwb_socket *socket;
	struct mwb_endpoint *ep;

	socket = session->listener[remote->family == AF_INET6];
	if (!socket)
		return -ENOTCONN;
	ep = mwb_endpoint_alloc();
	if (!ep)
		return -ENOMEM;
	ep->socket = socket;
	ep->remote = *remote;
	ep->local = *local;
	wan->settings.remote = *remote;
	wan->settings.local = *local;
	mwb_wan_publish_endpoint(wan, ep);
	return 0;
}

/* Its own socket is bound to the local address, or to any of the family. */
struct mwb_socket *mwb_wan_open(struct mwb_wan *wan,
				const struct mwb_wan_settings *settings,
				struct netlink_ext_ack *extack)
{
	struct mwb_address local = settings->local;

	if (!local.family)
		local.family = settings->remote.family;
	return mwb_socket_open(wan->session, &local, extack);
}

/* What came by the socket is in the queue with a pointer to it. */
void mwb_wan_close(struct mwb_wan *wan, struct mwb_socket *socket)
{
	struct sk_buff_head *queue = &wan->session->control;
	struct sk_buff_head mine;
	struct sk_buff *skb, *next;

	mwb_socket_close(socket);
	__skb_queue_head_init(&mine);
	spin_lock_irq(&queue->lock);
	skb_queue_walk_safe(queue, skb, next) {
		if (mwb_control_cb(skb)->socket != socket)
			continue;
		__skb_unlink(skb, queue);
		__skb_queue_tail(&mine, skb);
	}
	spin_unlock_irq(&queue->lock);
	__skb_queue_purge(&mine);
}

void mwb_wan_detach(struct mwb_wan *wan)
{
	struct mwb_endpoint *ep = mwb_wan_replace_endpoint(wan, NULL);

	mwb_health_down(&wan->health, MWB_HEALTH_UNDERLAY, mwb_now());
	mwb_wan_health_changed(wan);
	synchronize_net();
	/* Its routes belong to the namespace: they go before that does. */
	mwb_endpoint_free(ep);
	if (wan->socket)
		mwb_wan_close(wan, wan->socket);
	wan->socket = NULL;
}

int mwb_wan_set_endpoint(struct mwb_wan *wan, const struct mwb_address *remote,
			 const struct mwb_address *local)
{
	const struct mwb_endpoint *old =
		rcu_dereference_protected(wan->endpoint,
					  lockdep_is_held(&wan->session->mutex));
	struct mwb_session *session = wan->session;
	bool known = old && mwb_address_equal(&old->remote, remote);
	bool same_host = old && mwb_address_same_host(&old->remote, remote);
	int err;

	wan->moving = false;
	if (known && (!wan->dynamic || mwb_address_equal(&old->local, local)))
		goto out;
	err = wan->dynamic ? mwb_wan_bind_dynamic(wan, remote, local) :
			     mwb_wan_bind_to(wan, remote);
	if (err)
		return err;
	/* What was sent to the old address is lost, and another one need not
	 * be reached at the same rate.
	 */
	if (old && !known) {
		if (!same_host) {
			mwb_wan_pace_restart(wan);
			mwb_wan_pmtu_restart(wan);
		}
		mwb_feedback_down(wan);
	}
	mwb_netlink_event(session, wan, MWBOND_EVENT_WAN_ENDPOINT, NULL);
out:
	mwb_session_publish(session);
	return 0;
}

void mwb_wan_set_moving(struct mwb_wan *wan, u64 until)
{
	bool before = wan->moving;

	wan->moving = until;
	wan->moving_until = until;
	if (wan->moving == before)
		return;
	mwb_session_publish(wan->session);
	/* What is under way may be lost: it goes by the others. */
	if (wan->moving && !wan->carries)
		mwb_feedback_down(wan);
}

void mwb_wan_renew(struct mwb_wan *wan)
{
	struct mwb_socket *old = wan->socket;
	struct mwb_socket *socket;

	if (!wan->settings.local.port) {
		socket = mwb_wan_open(wan, &wan->settings, NULL);
		if (!IS_ERR(socket))
			wan->socket = socket;
	}
	if (mwb_wan_bind(wan))
		swap(wan->socket, old);
	if (old == wan->socket)
		return;
	/* Senders may hold the endpoint that names the old socket. */
	synchronize_net();
	mwb_wan_close(wan, old);
}

void mwb_wan_look(struct mwb_wan *wan)
{
	struct mwb_session *session = wan->session;
	int err = -ENETUNREACH, before = wan->route;
	struct mwb_endpoint *ep;
	struct mwb_route route;
	u64 now = mwb_now();

	lockdep_assert_held(&session->mutex);
	wan->route = 0;
	rcu_read_lock_bh();
	ep = rcu_dereference_bh(wan->endpoint);
	if (ep)
		err = mwb_socket_route(session, ep, &route);
	if (!err) {
		wan->route = route.dst->dev->ifindex;
		dst_release(route.dst);
	}
	rcu_read_unlock_bh();
	if (err) {
		mwb_health_down(&wan->health, MWB_HEALTH_UNDERLAY, now);
		mwb_wan_health_changed(wan);
		return;
	}
	if (wan->route == before)
		return;
	/* It is another line, or one that has returned. */
	if (before) {
		mwb_wan_pace_restart(wan);
		mwb_wan_pmtu_restart(wan);
	}
	wan->heartbeat_at = now;
	wan->announce_interval = 0;
	if (wan->announce_at != U64_MAX)
		wan->announce_at = now;
	if (!session->current_assoc) {
		session->initiate_at = 0;
		session->initiate_interval = 0;
	}
}

void mwb_wan_underlay(struct mwb_session *session, struct net_device *dev,
		      unsigned long event)
{
	int i;

	ASSERT_RTNL();
	mutex_lock(&session->mutex);
	for (i = 0; i < MWB_MAX_WANS; i++) {
		struct mwb_wan *wan = session->wan[i];
		struct mwb_endpoint *ep;
		int oif;

		/* An interface that has come up may have sent nothing yet,
		 * though there was a route: to be tried again.
		 */
		if (wan && wan->route == dev->ifindex)
			wan->route = 0;
		if (!wan || wan->dynamic || !wan->settings.dev[0] ||
		    !session->net)
			continue;
		ep = rcu_dereference_protected(wan->endpoint,
					       lockdep_is_held(&session->mutex));
		oif = event == NETDEV_UNREGISTER &&
		      !strcmp(dev->name, wan->settings.dev) ?
		      -ENODEV : mwb_wan_oif(wan, wan->settings.dev);
		if (event == NETDEV_DOWN && ep && ep->oif == dev->ifindex) {
			mwb_wan_restart(wan, MWB_HEALTH_UNDERLAY);
			continue;
		}
		if (oif == (ep ? ep->oif : -ENODEV))
			continue;
		if (oif < 0)
			mwb_wan_publish_endpoint(wan, NULL);
		else if (mwb_wan_bind(wan))
			continue;
		mwb_wan_restart(wan, MWB_HEALTH_UNDERLAY);
	}
	mutex_unlock(&session->mutex);
}
