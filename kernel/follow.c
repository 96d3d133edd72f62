// SPDX-License-Identifier: GPL-2.0-only
/*
 * What of the device follows its paths: the MTU, and whether it is operational.
 */
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <net/ipv6.h>

#include "session.h"
#include "wan.h"

u32 mwb_session_path_mtu(struct mwb_session *session)
{
	u32 mtu = MWB_MTU_MAX;
	bool known = false;
	int i;

	lockdep_assert_held(&session->mutex);
	for (i = 0; i < MWB_MAX_WANS; i++) {
		struct mwb_wan *wan = session->wan[i];

		if (!wan || !rcu_access_pointer(wan->endpoint) ||
		    !READ_ONCE(wan->mtu))
			continue;
		mtu = min(mtu, READ_ONCE(wan->mtu));
		known = true;
	}
	mtu -= mwb_fec_overhead(session);
	/* IPv6 would go from the device with its addresses. */
	return known ? max_t(u32, mtu, IPV6_MIN_MTU) : MWB_MTU_DEFAULT;
}

/* The kernel would take up to a second to note a change of the carrier, and
 * routes that others are to replace stay until then.
 */
static void mwb_session_follow_carrier(struct net_device *dev)
{
	u8 operstate = netif_carrier_ok(dev) ? IF_OPER_UP : IF_OPER_DOWN;

	if (!netif_running(dev) || dev->link_mode != IF_LINK_MODE_DEFAULT ||
	    READ_ONCE(dev->operstate) == operstate)
		return;
	WRITE_ONCE(dev->operstate, operstate);
	netdev_state_change(dev);
}

static void mwb_session_follow_mtu(struct mwb_session *session)
{
	struct net_device *dev = session->dev;
	bool follow;
	u32 mtu;

	mutex_lock(&session->mutex);
	follow = session->settings.mtu_auto;
	mtu = mwb_session_path_mtu(session);
	mutex_unlock(&session->mutex);
	if (!follow || dev->mtu == mtu)
		return;
	session->mtu_following = true;
	dev_set_mtu(dev, mtu);
	session->mtu_following = false;
}

void mwb_session_follow_work(struct work_struct *work)
{
	struct mwb_session *session = container_of(work, struct mwb_session,
						   follow_work);
	struct net_device *dev = session->dev;

	rtnl_lock();
	if (dev->reg_state == NETREG_REGISTERED) {
		mwb_session_follow_carrier(dev);
		mwb_session_follow_mtu(session);
	}
	rtnl_unlock();
	dev_put(dev);
}

void mwb_session_follow(struct mwb_session *session)
{
	/* The work holds the device, which waits for it when it goes. */
	dev_hold(session->dev);
	if (!queue_work(mwb_wq, &session->follow_work))
		dev_put(session->dev);
}
