/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Requests to the kernel. Only nl.c knows netlink; what goes in and comes out
 * are the structures of obj.h.
 */
#ifndef MWB_NL_H
#define MWB_NL_H

#include "obj.h"

struct mnl_socket;

/**
 * struct mwb_nl - a connection to the kernel
 */
struct mwb_nl {
	/** @sock: the socket */
	struct mnl_socket *sock;
	/** @family: number of the family mwbond */
	uint16_t family;
	/** @group: number of its multicast group */
	uint32_t group;
	/** @seq: sequence number of the last request */
	uint32_t seq;
	/** @error: error number of the kernel's last refusal, or 0 */
	int error;
	/** @err: what is wrong, after a function returned -1 */
	struct mwb_err err;
};

/**
 * typedef mwb_nl_event_t - called for each event
 * @event: what happened; NULL when events were lost
 * @arg: as given to mwb_nl_monitor()
 *
 * Return: 0 to go on, anything else to stop.
 */
typedef int (*mwb_nl_event_t)(const struct mwb_wan *event, void *arg);

int mwb_nl_open(struct mwb_nl *nl);
void mwb_nl_close(struct mwb_nl *nl);

int mwb_nl_dev_get(struct mwb_nl *nl, const char *ifname,
		   struct mwb_dev **devs, size_t *count);
int mwb_nl_dev_set(struct mwb_nl *nl, const struct mwb_dev *dev);
int mwb_nl_wan_get(struct mwb_nl *nl, const char *ifname, const char *name,
		   struct mwb_wan **wans, size_t *count);
int mwb_nl_wan_do(struct mwb_nl *nl, enum mwbond_cmd cmd,
		  const struct mwb_wan *wan);
int mwb_nl_class_get(struct mwb_nl *nl, const char *ifname, const char *name,
		     struct mwb_class **classes, size_t *count);
int mwb_nl_class_do(struct mwb_nl *nl, enum mwbond_cmd cmd,
		    const struct mwb_class *class);
int mwb_nl_monitor(struct mwb_nl *nl, mwb_nl_event_t event, void *arg);

#endif /* MWB_NL_H */
