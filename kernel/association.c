// SPDX-License-Identifier: GPL-2.0-only
/*
 * Associations: what one handshake agreed on, found by the id in the packets
 * received, and the packets of each path under it.
 */
#include <linux/rhashtable.h>

#include "session.h"

static const struct rhashtable_params mwb_association_params = {
	.key_len = sizeof(u64),
	.key_offset = offsetof(struct mwb_association, local_id),
	.head_offset = offsetof(struct mwb_association, node),
	.automatic_shrinking = true,
};

static struct rhashtable mwb_associations;

int mwb_session_table_init(void)
{
	return rhashtable_init(&mwb_associations, &mwb_association_params);
}

void mwb_session_table_exit(void)
{
	rhashtable_destroy(&mwb_associations);
}

struct mwb_association *mwb_association_lookup(u64 local_id)
{
	return rhashtable_lookup(&mwb_associations, &local_id,
				 mwb_association_params);
}

struct mwb_association *mwb_association_create(struct mwb_session *session,
					       bool initiator, u64 remote_id)
{
	struct mwb_association *assoc;
	int err;

	assoc = kvzalloc(sizeof(*assoc), GFP_KERNEL);
	if (!assoc)
		return NULL;
	assoc->session = session;
	assoc->initiator = initiator;
	assoc->secure = session->settings.security == MWBOND_SECURITY_NOISE;
	assoc->remote_id = remote_id;
	assoc->generation = ++session->generation;
	do {
		/* Session numbers are below 2^32: no id can be taken for one. */
		get_random_bytes(&assoc->local_id, sizeof(assoc->local_id));
		if (assoc->local_id <= U32_MAX)
			continue;
		err = rhashtable_insert_fast(&mwb_associations, &assoc->node,
					     mwb_association_params);
	} while (assoc->local_id <= U32_MAX || err == -EEXIST);
	if (err) {
		kvfree(assoc);
		return NULL;
	}
	return assoc;
}

static void mwb_path_state_drop(void *context, void *owner, bool lost)
{
	kfree_skb(owner);
}

/* Nothing reads it any more. */
static void mwb_path_state_free(struct mwb_path_state *state)
{
	if (!state)
		return;
	mwb_loss_expire(&state->tx, U64_MAX, true, mwb_path_state_drop, NULL);
	kfree(state->tx.slot);
	kfree(state);
}

static void mwb_association_free(struct rcu_head *rcu)
{
	struct mwb_association *assoc = container_of(rcu,
						     struct mwb_association,
						     rcu);
	int i;

	mwb_key_destroy(rcu_dereference_protected(assoc->tx_key, 1));
	for (i = 0; i < ARRAY_SIZE(assoc->rx_key); i++)
		mwb_key_destroy(rcu_dereference_protected(assoc->rx_key[i], 1));
	for (i = 0; i < ARRAY_SIZE(assoc->path); i++)
		mwb_path_state_free(rcu_dereference_protected(assoc->path[i],
							      1));
	kvfree(assoc);
}

void mwb_association_destroy(struct mwb_association *assoc)
{
	if (!assoc)
		return;
	rhashtable_remove_fast(&mwb_associations, &assoc->node,
			       mwb_association_params);
	call_rcu(&assoc->rcu, mwb_association_free);
}

struct mwb_path_state *mwb_association_path(struct mwb_association *assoc,
					    u8 wan_id)
{
	struct mwb_path_state *state;
	struct mwb_loss_slot *slot;

	state = rcu_dereference_protected(assoc->path[wan_id],
					  lockdep_is_held(&assoc->session->mutex));
	if (state)
		return state;
	state = kzalloc(sizeof(*state), GFP_KERNEL);
	if (!state)
		return NULL;
	slot = kcalloc(MWB_LOSS_SLOTS_MIN, sizeof(*slot), GFP_KERNEL);
	if (!slot) {
		kfree(state);
		return NULL;
	}
	state->assoc = assoc;
	mwb_loss_init(&state->tx, slot, MWB_LOSS_SLOTS_MIN);
	spin_lock_init(&state->tx_lock);
	mwb_replay_init(&state->replay);
	mwb_delay_init(&state->delay);
	rcu_assign_pointer(assoc->path[wan_id], state);
	return state;
}
