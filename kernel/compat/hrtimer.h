/* SPDX-License-Identifier: GPL-2.0-only */
/* A timer is given its function when it is initialized since 6.13. */
#ifndef _MWBOND_COMPAT_HRTIMER_H
#define _MWBOND_COMPAT_HRTIMER_H

#include <linux/hrtimer.h>

#ifndef MWB_HAVE_HRTIMER_SETUP
static inline void hrtimer_setup(struct hrtimer *timer,
				 enum hrtimer_restart (*function)(struct hrtimer *),
				 clockid_t clock, enum hrtimer_mode mode)
{
	hrtimer_init(timer, clock, mode);
	timer->function = function;
}
#endif

#endif /* _MWBOND_COMPAT_HRTIMER_H */
