// SPDX-License-Identifier: GPL-2.0-only
/*
 * Faults on purpose, one for each detector of the debug kernel: loading this
 * has to be noticed. Never part of what users install.
 */
#include <linux/delay.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/timer.h>

static char *fault = "none";
module_param(fault, charp, 0444);
MODULE_PARM_DESC(fault, "which one");

struct seeded {
	u8 bytes[16];
	struct timer_list timer;
	struct list_head entry;
};

static DEFINE_SPINLOCK(seeded_spin);
static DEFINE_MUTEX(seeded_first);
static DEFINE_MUTEX(seeded_second);
static netdevice_tracker seeded_tracker;
static u8 __rcu *seeded_pointer;
/* What the compiler must not know. */
static volatile unsigned int seeded_far = 32;

static int seeded_none(void)
{
	struct seeded *object = kzalloc(sizeof(*object), GFP_KERNEL);
	struct sk_buff *skb = alloc_skb(100, GFP_KERNEL);

	mutex_lock(&seeded_first);
	mutex_lock(&seeded_second);
	mutex_unlock(&seeded_second);
	mutex_unlock(&seeded_first);
	kfree_skb(skb);
	kfree(object);
	return 0;
}

static int seeded_use_after_free(void)
{
	struct seeded *object = kzalloc(sizeof(*object), GFP_KERNEL);

	if (!object)
		return -ENOMEM;
	kfree(object);
	return READ_ONCE(object->bytes[3]) == 1 ? -EIO : 0;
}

static int seeded_beyond_end(void)
{
	u8 *object = kmalloc(24, GFP_KERNEL);

	if (!object)
		return -ENOMEM;
	WRITE_ONCE(object[seeded_far - 8], 1);
	kfree(object);
	return 0;
}

static int seeded_double_free(void)
{
	struct sk_buff *skb = alloc_skb(100, GFP_KERNEL);

	if (!skb)
		return -ENOMEM;
	kfree_skb(skb);
	kfree_skb(skb);
	return 0;
}

static int seeded_shift(void)
{
	return 1U << seeded_far == 3 ? -EIO : 0;
}

static int seeded_sleep(void)
{
	spin_lock_bh(&seeded_spin);
	msleep(20);
	spin_unlock_bh(&seeded_spin);
	return 0;
}

static int seeded_inversion(void)
{
	mutex_lock(&seeded_first);
	mutex_lock(&seeded_second);
	mutex_unlock(&seeded_second);
	mutex_unlock(&seeded_first);
	mutex_lock(&seeded_second);
	mutex_lock(&seeded_first);
	mutex_unlock(&seeded_first);
	mutex_unlock(&seeded_second);
	return 0;
}

static int seeded_rcu(void)
{
	return rcu_dereference(seeded_pointer) ? -EIO : 0;
}

static int seeded_leak(void)
{
	return alloc_skb(100, GFP_KERNEL) ? 0 : -ENOMEM;
}

static int seeded_refcount(void)
{
	refcount_t refs = REFCOUNT_INIT(1);

	refcount_dec(&refs);
	return 0;
}

static int seeded_list(void)
{
	struct seeded *object = kzalloc(sizeof(*object), GFP_KERNEL);
	LIST_HEAD(list);

	if (!object)
		return -ENOMEM;
	list_add(&object->entry, &list);
	list_add(&object->entry, &list);
	kfree(object);
	return 0;
}

static void seeded_timeout(struct timer_list *timer)
{
}

static int seeded_timer(void)
{
	struct seeded *object = kzalloc(sizeof(*object), GFP_KERNEL);

	if (!object)
		return -ENOMEM;
	timer_setup(&object->timer, seeded_timeout, 0);
	mod_timer(&object->timer, jiffies + 1000 * HZ);
	timer_setup(&object->timer, seeded_timeout, 0);
	timer_delete_sync(&object->timer);
	kfree(object);
	return 0;
}

/* The device "seeded0" can never go. */
static int seeded_device(void)
{
	struct net_device *dev = netdev_get_by_name(&init_net, "seeded0",
						    &seeded_tracker,
						    GFP_KERNEL);

	return dev ? 0 : -ENODEV;
}

static const struct {
	const char *name;
	int (*commit)(void);
} seeded_faults[] = {
	{ "none", seeded_none },
	{ "use-after-free", seeded_use_after_free },
	{ "beyond-end", seeded_beyond_end },
	{ "double-free", seeded_double_free },
	{ "shift", seeded_shift },
	{ "sleep", seeded_sleep },
	{ "inversion", seeded_inversion },
	{ "rcu", seeded_rcu },
	{ "leak", seeded_leak },
	{ "refcount", seeded_refcount },
	{ "list", seeded_list },
	{ "timer", seeded_timer },
	{ "device", seeded_device },
};

static int __init seeded_init(void)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(seeded_faults); i++)
		if (!strcmp(fault, seeded_faults[i].name))
			return seeded_faults[i].commit();
	return -EINVAL;
}

static void __exit seeded_exit(void)
{
}

module_init(seeded_init);
module_exit(seeded_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Faults that a debug kernel has to notice");
