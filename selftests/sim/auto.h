/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Mode auto at one end of the bond: what kernel/queue.c and kernel/feedback.c do
 * round the core, without skbs, locks and errors of the stack below.
 */
#ifndef _MWBOND_SIM_AUTO_H
#define _MWBOND_SIM_AUTO_H

#include <linux/types.h>

#include "../../kernel/core/delay.h"
#include "../../kernel/core/loss.h"
#include "../../kernel/core/pace.h"
#include "event.h"
#include "packet.h"

struct mwb_bond;
struct mwb_bond_path;

enum {
	MWB_AUTO_ACK_LEN = 1168,	/* of an Ack, with all its reports */
	MWB_AUTO_TRUESIZE = 2304,	/* of a packet that is kept, bytes */
	MWB_AUTO_KEPT_MAX = 16 << 20,	/* of one path, bytes */
};

/**
 * struct mwb_auto_path - a WAN
 * @pace: when it may send
 * @timer: then
 * @tx: packets that are under way
 * @tx_bytes: sent, UDP payload
 * @kept: packets kept for a repair
 * @rx_bytes: received, UDP payload
 * @rx_packets: received
 * @rx_arrival: when the packet with the highest number arrived, ns
 * @rx_reported: top of the replay window in the last report
 * @delay: of what is received
 */
struct mwb_auto_path {
	struct mwb_pace pace;
	struct mwb_event timer;
	struct mwb_loss tx;
	u64 tx_bytes;
	u32 kept;
	u64 rx_bytes;
	u64 rx_packets;
	u64 rx_arrival;
	u64 rx_reported;
	struct mwb_delay delay;
};

/**
 * struct mwb_auto - one end
 * @pacer: what waits to be sent
 * @waiting: packets in @pacer.repair
 * @kept: packets kept for a repair, of all WANs
 * @acked: sequence number of the newest Ack, plus 1
 * @report: the next Ack is due
 * @due: when, ns; U64_MAX if it is not set
 * @last: when the last was sent, ns
 * @sequence: of the next
 * @hurry: Acks that are to come soon
 * @interval: from an Ack to the next, ns
 * @hurried: the same in a hurry, ns
 * @clock: the peer's
 * @dropped: packets that were not admitted
 * @repaired: packets that were sent again
 * @given_up: packets that were lost too often
 */
struct mwb_auto {
	struct mwb_pacer pacer;
	u32 waiting;
	u32 kept;
	u64 acked;
	struct mwb_event report;
	u64 due;
	u64 last;
	u64 sequence;
	u8 hurry;
	u64 interval;
	u64 hurried;
	struct mwb_clock clock;
	u32 dropped;
	u32 repaired;
	u32 given_up;
};

/* auto.c */
void mwb_auto_init(struct mwb_bond *bond);
/* No Ack will come any more: let go of what waits and what is kept. */
void mwb_auto_forget(struct mwb_bond *bond);
void mwb_auto_exit(struct mwb_bond *bond);

/* Queue a segment, or send it at once. */
void mwb_auto_send(struct mwb_bond *bond, const struct mwb_segment *segment,
		   u32 len);
/* Send what is due. */
void mwb_auto_run(struct mwb_bond *bond);
/* The usable WANs, or what is known of them, have changed. */
void mwb_auto_update(struct mwb_bond *bond);
/* Packets that were lost, by their @queue.list */
void mwb_auto_repair(struct mwb_bond *bond, struct list_head *lost);
/* The packet's number; @keep: to be kept for a repair, or NULL */
u64 mwb_auto_number(struct mwb_bond_path *path, const struct mwb_packet *packet,
		    struct mwb_packet *keep);
/* For mwb_loss_report() and the like; the context is a struct mwb_auto_settle. */
mwb_loss_settled mwb_auto_settled;
/* What is under way by a WAN that is down goes by others. */
void mwb_auto_down(struct mwb_bond_path *path);
/* What was sent long ago is not waited for. */
void mwb_auto_expire(struct mwb_bond_path *path);

/**
 * struct mwb_auto_settle - where packets go that are settled
 * @path: their path
 * @lost: those that were lost
 */
struct mwb_auto_settle {
	struct mwb_bond_path *path;
	struct list_head lost;
};

/* feedback.c */
void mwb_feedback_init(struct mwb_bond *bond);
/* A packet of a path has arrived; @top: of the replay window before */
void mwb_feedback_account(struct mwb_bond_path *path,
			  const struct mwb_packet *packet, u64 top);
/* An Ack has arrived. */
void mwb_feedback_receive(struct mwb_bond *bond,
			  const struct mwb_packet *packet);

#endif /* _MWBOND_SIM_AUTO_H */
