/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What travels: a datagram of the tunnel and what is in it.
 */
#ifndef _MWBOND_SIM_PACKET_H
#define _MWBOND_SIM_PACKET_H

#include <linux/list.h>
#include <linux/types.h>

#include "../../kernel/core/queue.h"
#include "../../kernel/core/reorder.h"

/* IPv4, UDP, header, tag; the plain mode reckons with the tag, too. */
enum {
	MWB_PACKET_OVERHEAD = 92,
	MWB_PACKET_UDP = 28,		/* of it, IPv4 and UDP */
	MWB_PACKET_DATA = 1408,		/* inner, with all headers */
	MWB_PACKET_PAYLOAD = 1356,	/* of it, for the application */
	MWB_PACKET_ACK = 52,
	MWB_PACKET_HEARTBEAT = 40,
	MWB_PACKET_WIRE = MWB_PACKET_DATA + MWB_PACKET_OVERHEAD,
	MWB_PACKET_SACK = 64,		/* segments that an ACK tells of */
};

/**
 * struct mwb_segment - what a TCP says to the other
 * @flow: which of them
 * @ack: acknowledges; else it is data
 * @number: data: of the segment. ACK: all below have arrived
 * @recent: ACK: the segment that caused it
 * @before: ACK: bit i: segment @recent - 1 - i has arrived
 */
struct mwb_segment {
	u8 flow;
	bool ack;
	u32 number;
	u32 recent;
	u64 before;
};

enum mwb_packet_type {
	MWB_PACKET_INNER,
	MWB_PACKET_REQUEST,
	MWB_PACKET_ANSWER,
	MWB_PACKET_REPORT,		/* an Ack of the bond */
};

/**
 * struct mwb_packet - a datagram
 * @list: where it is on a link
 * @node: bucket, sequence number, timestamp; for the reorder buffer
 * @queue: where it waits to be sent, or to be repaired
 * @ordered: is to be delivered in sequence
 * @repairs: it was sent again so often
 * @hold: time from the timestamp to its delivery, 100 us; 0: at once
 * @departure: simulated time of the timestamp, ns
 * @arrival: when it leaves the link, ns
 * @type: enum mwb_packet_type
 * @path: index of the path
 * @len: bytes, with all headers
 * @low: packet number as it is on the wire
 * @number: all of it, which is not on the wire
 * @heartbeat: its sequence number, or that of the report
 * @payload: of a report
 * @segment: of an inner packet
 */
struct mwb_packet {
	struct list_head list;
	struct mwb_reorder_node node;
	struct mwb_queue_node queue;
	bool ordered;
	u8 repairs;
	u16 hold;
	u64 departure;
	u64 arrival;
	enum mwb_packet_type type;
	u8 path;
	u32 len;
	u32 low;
	u64 number;
	u64 heartbeat;
	u8 *payload;
	struct mwb_segment segment;
};

#endif /* _MWBOND_SIM_PACKET_H */
