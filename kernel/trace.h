/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tracepoints.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM mwbond

#if !defined(_MWBOND_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _MWBOND_TRACE_H

#include <linux/netdevice.h>
#include <linux/string.h>
#include <linux/tracepoint.h>
#include <uapi/linux/mwbond.h>

#include "core/rate.h"
#include "stats.h"

/* The value of an enumerator is not known to user space unless it is told. */
#define MWB_COUNTER(name) TRACE_DEFINE_ENUM(MWB_STAT_##name);
MWB_COUNTERS(MWB_COUNTER)
#undef MWB_COUNTER
TRACE_DEFINE_ENUM(MWBOND_WAN_STATE_DOWN);
TRACE_DEFINE_ENUM(MWBOND_WAN_STATE_STARTING);
TRACE_DEFINE_ENUM(MWBOND_WAN_STATE_UP);
TRACE_DEFINE_ENUM(MWBOND_WAN_STATE_DEGRADED);
TRACE_DEFINE_ENUM(MWBOND_WAN_STATE_RECOVERING);

#define MWB_TRACE_COUNTER(name) { MWB_STAT_##name, #name },
#define mwb_trace_counter(value) \
	__print_symbolic(value, MWB_COUNTERS(MWB_TRACE_COUNTER) { -1, NULL })

#define mwb_trace_state(value) \
	__print_symbolic(value, \
			 { MWBOND_WAN_STATE_DOWN, "down" }, \
			 { MWBOND_WAN_STATE_STARTING, "starting" }, \
			 { MWBOND_WAN_STATE_UP, "up" }, \
			 { MWBOND_WAN_STATE_DEGRADED, "degraded" }, \
			 { MWBOND_WAN_STATE_RECOVERING, "recovering" })

/* A packet, or a copy of one, is dropped; @why is the counter. */
TRACE_EVENT(mwb_drop,
	    TP_PROTO(const struct net_device *dev, enum mwb_stat why,
		     unsigned int len),
	    TP_ARGS(dev, why, len),
	    TP_STRUCT__entry(__array(char, device, IFNAMSIZ)
			     __field(u32, why)
			     __field(u32, len)
			    ),
	    TP_fast_assign(strscpy(__entry->device, dev->name, IFNAMSIZ);
			   __entry->why = why;
			   __entry->len = len;
			  ),
	    TP_printk("dev=%s reason=%s len=%u", __entry->device,
		      mwb_trace_counter(__entry->why), __entry->len)
);

/* A tunnel packet; @wan is the WAN id in it, @len the UDP payload. */
DECLARE_EVENT_CLASS(mwb_packet,
		    TP_PROTO(const struct net_device *dev, u8 wan, u8 type,
			     u32 number, unsigned int len),
		    TP_ARGS(dev, wan, type, number, len),
		    TP_STRUCT__entry(__array(char, device, IFNAMSIZ)
				     __field(u32, number)
				     __field(u32, len)
				     __field(u8, wan)
				     __field(u8, type)
				    ),
		    TP_fast_assign(strscpy(__entry->device, dev->name,
					   IFNAMSIZ);
				   __entry->number = number;
				   __entry->len = len;
				   __entry->wan = wan;
				   __entry->type = type;
				  ),
		    TP_printk("dev=%s wan=%u type=%u number=%u len=%u",
			      __entry->device, __entry->wan, __entry->type,
			      __entry->number, __entry->len)
);

DEFINE_EVENT(mwb_packet, mwb_xmit,
	     TP_PROTO(const struct net_device *dev, u8 wan, u8 type,
		      u32 number, unsigned int len),
	     TP_ARGS(dev, wan, type, number, len)
);

DEFINE_EVENT(mwb_packet, mwb_receive,
	     TP_PROTO(const struct net_device *dev, u8 wan, u8 type,
		      u32 number, unsigned int len),
	     TP_ARGS(dev, wan, type, number, len)
);

/* States are of enum mwbond_wan_state. */
TRACE_EVENT(mwb_wan_state,
	    TP_PROTO(const struct net_device *dev, const char *wan, u32 old,
		     u32 state),
	    TP_ARGS(dev, wan, old, state),
	    TP_STRUCT__entry(__array(char, device, IFNAMSIZ)
			     __array(char, wan, IFNAMSIZ)
			     __field(u32, old)
			     __field(u32, state)
			    ),
	    TP_fast_assign(strscpy(__entry->device, dev->name, IFNAMSIZ);
			   strscpy(__entry->wan, wan, IFNAMSIZ);
			   __entry->old = old;
			   __entry->state = state;
			  ),
	    TP_printk("dev=%s wan=%s old=%s new=%s", __entry->device,
		      __entry->wan, mwb_trace_state(__entry->old),
		      mwb_trace_state(__entry->state))
);

/* What the peer's report makes of a path: bytes/s, ns, parts per million. */
TRACE_EVENT(mwb_rate,
	    TP_PROTO(const struct net_device *dev, u8 wan,
		     const struct mwb_rate *rate, u64 hold),
	    TP_ARGS(dev, wan, rate, hold),
	    TP_STRUCT__entry(__array(char, device, IFNAMSIZ)
			     __field(u64, rate)
			     __field(u64, delivery)
			     __field(u64, queue)
			     __field(u64, noise)
			     __field(u64, hold)
			     __field(u32, loss)
			     __field(u8, wan)
			     __field(bool, starting)
			    ),
	    TP_fast_assign(strscpy(__entry->device, dev->name, IFNAMSIZ);
			   __entry->rate = rate->rate;
			   __entry->delivery = rate->view.delivery;
			   __entry->queue = rate->view.queue;
			   __entry->noise = rate->noise + rate->floor;
			   __entry->hold = hold;
			   __entry->loss = rate->loss;
			   __entry->wan = wan;
			   __entry->starting = rate->starting;
			  ),
	    TP_printk("dev=%s wan=%u rate=%llu delivery=%llu queue=%llu noise=%llu loss=%u hold=%llu%s",
		      __entry->device, __entry->wan, __entry->rate,
		      __entry->delivery, __entry->queue, __entry->noise,
		      __entry->loss, __entry->hold,
		      __entry->starting ? " starting" : "")
);

#endif /* _MWBOND_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
