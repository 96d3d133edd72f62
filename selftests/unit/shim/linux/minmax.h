/* SPDX-License-Identifier: GPL-2.0-only */
/* Stands in for the kernel's header in user space. */
#ifndef _SHIM_LINUX_MINMAX_H
#define _SHIM_LINUX_MINMAX_H

/* As strict as the kernel's: both sides have the same type. */
#define min(a, b) ({				\
	__auto_type _min_a = (a);		\
	__auto_type _min_b = (b);		\
	(void)(&_min_a == &_min_b);		\
	_min_a < _min_b ? _min_a : _min_b; })

#define max(a, b) ({				\
	__auto_type _max_a = (a);		\
	__auto_type _max_b = (b);		\
	(void)(&_max_a == &_max_b);		\
	_max_a > _max_b ? _max_a : _max_b; })

#define min_t(type, a, b) min((type)(a), (type)(b))
#define max_t(type, a, b) max((type)(a), (type)(b))
#define clamp_t(type, value, low, high) \
	min_t(type, max_t(type, value, low), high)

#define swap(a, b) ({				\
	typeof(a) _swap = (a);			\
	(a) = (b);				\
	(b) = _swap; })

#endif /* _SHIM_LINUX_MINMAX_H */
