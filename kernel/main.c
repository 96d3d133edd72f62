// SPDX-License-Identifier: GPL-2.0-only
/*
 * Module init and exit.
 */
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <net/genetlink.h>
#include <net/rtnetlink.h>

#include "crypto.h"
#include "device.h"
#include "netlink.h"
#include "session.h"
#include "simd.h"
#include "version.h"

static int __init mwb_init(void)
{
	int err;

	mwb_simd_init();
	mwb_crypto_init();
	mwb_wq = alloc_workqueue("mwbond", WQ_UNBOUND | WQ_HIGHPRI, 0);
	if (!mwb_wq)
		return -ENOMEM;
	err = mwb_session_table_init();
	if (err)
		goto err_wq;
	/* Devices send events until they are gone. */
	err = mwb_netlink_init();
	if (err)
		goto err_table;
	err = mwb_device_init();
	if (err)
		goto err_netlink;
	return 0;

err_netlink:
	mwb_netlink_exit();
err_table:
	rcu_barrier();
	mwb_session_table_exit();
err_wq:
	destroy_workqueue(mwb_wq);
	return err;
}

static void __exit mwb_exit(void)
{
	mwb_device_exit();
	mwb_netlink_exit();
	/* What frees associations, keys and endpoints runs from RCU. */
	rcu_barrier();
	mwb_session_table_exit();
	destroy_workqueue(mwb_wq);
}

module_init(mwb_init);
module_exit(mwb_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Bonds several WAN links into one IP link");
MODULE_AUTHOR("The mwbond developers");
MODULE_VERSION(MWB_VERSION);
MODULE_ALIAS_RTNL_LINK("mwbond");
MODULE_ALIAS_GENL_FAMILY("mwbond");
