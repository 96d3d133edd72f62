/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Watches a run from outside the core, with records of its own, and says which
 * rule was broken.
 */
#ifndef _MWBOND_SIM_RULES_H
#define _MWBOND_SIM_RULES_H

#include <linux/types.h>

#include "../../kernel/core/queue.h"
#include "network.h"
#include "packet.h"

enum mwb_rule {
	MWB_RULE_ONCE,
	MWB_RULE_ORDER,
	MWB_RULE_REASON,
	MWB_RULE_HOPELESS,
	MWB_RULE_LOST,
	MWB_RULE_HOLE,
	MWB_RULE_EARLY,
	MWB_RULE_RELEASE,
	MWB_RULE_BUFFER,
	MWB_RULE_MEMORY,
	MWB_RULE_NUMBERS,
	MWB_RULE_PATH,
	MWB_RULE_COUNTERS,
	MWB_RULE_COMPLETE,
	MWB_RULE_STALL,
	MWB_RULE_DRAIN,
	MWB_RULE_OPTIMUM,
	MWB_RULE_REPEAT,
	MWB_RULE_REPORTS,
	MWB_RULE_QUEUE,
	MWB_RULE_KEPT,
	MWB_RULE_WINDOW,
	MWB_RULE_BEST,
	MWB_RULES,
};

/* Why a hole was given up. */
enum mwb_reason {
	MWB_REASON_ROOM,		/* the buffer was full */
	MWB_REASON_HOPELESS,		/* all paths have delivered later ones */
	MWB_REASON_TIME,		/* its time was over */
	MWB_REASONS,
};

enum mwb_record_state {
	MWB_RECORD_SENT,
	MWB_RECORD_WAITS,
	MWB_RECORD_DELIVERED,
	MWB_RECORD_OLD,
};

/**
 * struct mwb_record - what became of a sequence number
 * @arrived: when the first copy arrived, by the receiver's clock, ns
 * @release: when that may be delivered, by the same, ns
 * @sent: when it was sent, by the sender's clock, ns
 * @copies: on links
 * @lost: copies that a link lost
 * @state: enum mwb_record_state
 * @hopeless: it was given up because nothing could be under way
 */
struct mwb_record {
	u64 arrived;
	u64 release;
	u64 sent;
	u16 copies;
	u16 lost;
	u8 state;
	bool hopeless;
};

/**
 * struct mwb_sequence - the packets of a bucket from one end to the other
 * @record: by sequence number
 * @size: entries of @record
 * @sent: numbers that were sent
 * @next: 1 + the highest that was delivered or given up
 * @run: all from @next up to this one, exclusive, wait, if it is higher
 * @top: 1 + the highest that arrived
 * @since: when @next became that, ns
 * @release: the latest release there was up to @next, ns
 */
struct mwb_sequence {
	struct mwb_record *record;
	u32 size;
	u32 sent;
	u32 next;
	u32 run;
	u32 top;
	u64 since;
	u64 release;
};

/**
 * struct mwb_rules_end - what was seen of the packets to one end
 * @sequence: of each bucket
 * @stats: what the counters have to be; those that can be told from outside
 * @given_up: numbers that were, by reason
 * @forgotten: numbers that came after the history had passed them
 * @waits: packets that wait
 * @adding: the packet that has just arrived; NULL while time expires
 * @horizon: at present
 * @full: the buffer had no room before @adding
 * @in_sequence: all that are before @adding wait or were delivered
 */
struct mwb_rules_end {
	struct mwb_sequence sequence[MWB_NETWORK_BUCKETS];
	struct mwb_reorder_stats stats;
	u64 given_up[MWB_REASONS];
	u64 forgotten;
	u32 waits;
	const struct mwb_packet *adding;
	u64 horizon;
	bool full;
	bool in_sequence;
};

/**
 * struct mwb_rules - the rules in one run
 * @net: network
 * @broken: how often each was broken
 * @why: what was found the first time
 * @trace: a hash of all that happened
 * @end: the receivers
 */
struct mwb_rules {
	const struct mwb_network *net;
	u32 broken[MWB_RULES];
	char why[MWB_RULES][120];
	u64 trace;
	struct mwb_rules_end end[2];
};

void mwb_rules_init(struct mwb_rules *rules, const struct mwb_network *net);
void mwb_rules_exit(struct mwb_rules *rules);

/* What a rule says, for the one who reads the results. */
const char *mwb_rule_name(enum mwb_rule rule);

/* A rule does not hold. */
__printf(3, 4)
void mwb_rules_break(struct mwb_rules *rules, enum mwb_rule rule,
		     const char *fmt, ...);

/* Something happened: @what and @time are to be the same in each run. */
void mwb_rules_trace(struct mwb_rules *rules, u64 what, u64 time);

/*
 * What happens to the packets to end @to. All times are of its clock. A packet
 * that was sent is either lost or arrives; one that has arrived is added to the
 * reorder buffer, which has a verdict after it may have delivered some.
 */
void mwb_rules_sent(struct mwb_rules *rules, u32 to,
		    const struct mwb_packet *packet);
void mwb_rules_lost(struct mwb_rules *rules, u32 to,
		    const struct mwb_packet *packet);
void mwb_rules_add(struct mwb_rules *rules, u32 to,
		   const struct mwb_packet *packet, u32 count, u64 now);
void mwb_rules_verdict(struct mwb_rules *rules, u32 to,
		       const struct mwb_packet *packet,
		       enum mwb_reorder_verdict verdict);
/* The same for one that is not put in sequence. */
void mwb_rules_noted(struct mwb_rules *rules, u32 to,
		     const struct mwb_packet *packet,
		     enum mwb_reorder_verdict verdict, u64 now);
void mwb_rules_expire(struct mwb_rules *rules, u32 to, u64 horizon);
void mwb_rules_delivered(struct mwb_rules *rules, u32 to,
			 const struct mwb_packet *packet, u64 now);

/* A packet is about to be queued: is there room for it? */
void mwb_rules_queue(struct mwb_rules *rules, const struct mwb_queue *queue,
		     const struct mwb_packet *packet);
/* A packet has been sent: so many of its path are kept, of @limit. */
void mwb_rules_kept(struct mwb_rules *rules, u32 count, u32 limit);
/* A packet that waited is about to be sent: is there room in the window? */
void mwb_rules_window(struct mwb_rules *rules, u64 under_way, u64 window);

/* The core has had its turn: its state has to agree. */
void mwb_rules_settled(struct mwb_rules *rules, u32 to,
		       const struct mwb_reorder *ro, u64 now);

/* The run is over. */
void mwb_rules_end(struct mwb_rules *rules, u32 to,
		   const struct mwb_reorder *ro);

#endif /* _MWBOND_SIM_RULES_H */
