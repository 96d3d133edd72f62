/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Names of the enumerations of the interface, for parsing and printing.
 */
#ifndef MWB_NAMES_H
#define MWB_NAMES_H

#include <stdint.h>

/**
 * struct mwb_names - the names of an enumeration that counts from 0
 */
struct mwb_names {
	/** @name: name of each value */
	const char *const *name;
	/** @count: number of values */
	unsigned int count;
};

extern const struct mwb_names mwb_mode_names;
extern const struct mwb_names mwb_security_names;
extern const struct mwb_names mwb_fec_names;
extern const struct mwb_names mwb_cipher_names;
extern const struct mwb_names mwb_wan_type_names;
extern const struct mwb_names mwb_wan_state_names;
extern const struct mwb_names mwb_wan_reason_names;
extern const struct mwb_names mwb_wan_use_names;
extern const struct mwb_names mwb_event_names;
extern const struct mwb_names mwb_class_switch_names;

const char *mwb_name(const struct mwb_names *names, uint64_t value);
int mwb_name_value(const struct mwb_names *names, const char *word);

#endif /* MWB_NAMES_H */
