/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One end of the bond: what the module does round the core, without skbs and
 * locks. Choice of path, packet numbers, health and reordering are the
 * kernel's own files, and in mode auto all that is between choice and link.
 */
#ifndef _MWBOND_SIM_BOND_H
#define _MWBOND_SIM_BOND_H

#include <linux/types.h>

#include "../../kernel/core/health.h"
#include "../../kernel/core/reorder.h"
#include "../../kernel/core/sched.h"
#include "../../kernel/core/seqno.h"
#include "auto.h"
#include "choice.h"
#include "clock.h"
#include "event.h"
#include "link.h"
#include "network.h"
#include "rules.h"

struct mwb_bond;

/**
 * struct mwb_bond_path - one WAN
 * @bond: end that it belongs to
 * @out: to the other end
 * @index: in the session
 * @settings: weight, priority
 * @health: by heartbeats
 * @replay: numbers that have arrived
 * @number: of the next packet to be sent; in mode auto of the first
 * @bytes: sent since @measured
 * @measured: when the utilisation was measured, ns
 * @utilisation: by the rate that this end knows, parts per million
 * @window: measurements
 * @stamp: the latest timestamp of the peer that has arrived, ns
 * @data: when data last arrived, by the clock of this end, ns; 0: never
 * @heartbeat: the next one is due
 * @mode: of mode auto
 */
struct mwb_bond_path {
	struct mwb_bond *bond;
	struct mwb_link *out;
	u8 index;
	const struct mwb_network_link *settings;
	struct mwb_health health;
	struct mwb_replay replay;
	u64 number;
	u64 bytes;
	u64 measured;
	u32 utilisation;
	u8 window;
	u64 stamp;
	u64 data;
	struct mwb_event heartbeat;
	struct mwb_auto_path mode;
};

/**
 * struct mwb_bond - one end
 * @events: simulated time
 * @rules: who watches
 * @net: network
 * @which: end, 0 or 1
 * @receive: gets each segment in its turn
 * @owner: for @receive
 * @clock: of this end
 * @path: WANs
 * @table: the usable ones
 * @sched: where the choice left off
 * @choice: who watches that
 * @sequence: next number of each bucket
 * @reorder: what the peer has sent
 * @bucket: its memory
 * @deadline: of @reorder
 * @mode: of mode auto
 * @packets: there are, at both ends
 * @sent: packets that were sent
 * @refused: segments that no WAN was usable for
 * @quiet: no more heartbeats
 */
struct mwb_bond {
	struct mwb_events *events;
	struct mwb_rules *rules;
	const struct mwb_network *net;
	u32 which;
	void (*receive)(void *owner, u32 end, const struct mwb_segment *segment);
	void *owner;
	struct mwb_watch clock;
	struct mwb_bond_path path[MWB_NETWORK_LINKS];
	struct mwb_sched_table table;
	struct mwb_sched_state sched;
	struct mwb_choice choice;
	u64 sequence[MWB_NETWORK_BUCKETS];
	struct mwb_reorder reorder;
	struct mwb_reorder_bucket bucket[MWB_NETWORK_BUCKETS];
	struct mwb_event deadline;
	struct mwb_auto mode;
	u32 *packets;
	u32 sent;
	u32 refused;
	bool quiet;
};

/**
 * mwb_bond_init() - an end, from which heartbeats go at once
 * @bond: first all zeros; @events, @rules, @net, @which, @receive, @owner,
 *	@packets and @path[].out are set
 */
void mwb_bond_init(struct mwb_bond *bond);

/* Send a segment of so many bytes with its IP header. */
void mwb_bond_send(struct mwb_bond *bond, const struct mwb_segment *segment,
		   u32 len);

/* A link has brought a packet; takes it over. */
void mwb_bond_receive(struct mwb_bond *bond, struct mwb_packet *packet);

/* A link has lost a packet to @bond; takes it over. */
void mwb_bond_lost(struct mwb_bond *bond, struct mwb_packet *packet);

/* No more heartbeats, and all has come to rest. */
void mwb_bond_settle(struct mwb_bond *bond);

/* Give back what is still there. */
void mwb_bond_exit(struct mwb_bond *bond);

/* For the files of the bond: by the clock of this end, ns */
u64 mwb_bond_now(const struct mwb_bond *bond);
/* @len: bytes with the inner IP header, or of the payload */
struct mwb_packet *mwb_bond_alloc(struct mwb_bond *bond,
				  enum mwb_packet_type type, u32 len);
void mwb_bond_free(struct mwb_bond *bond, struct mwb_packet *packet);
/* Number and stamp a packet, and give it to the link. @keep: see
 * mwb_auto_number()
 */
void mwb_bond_output(struct mwb_bond_path *path, struct mwb_packet *packet,
		     struct mwb_packet *keep);
/* Packets that there are at this end, but for what is on the links */
u32 mwb_bond_packets(const struct mwb_bond *bond);

#endif /* _MWBOND_SIM_BOND_H */
