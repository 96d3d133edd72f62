/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Counters of a device. The order is that of the attribute set device-stats
 * in Documentation/netlink/specs/mwbond.yaml, which also says what each counts.
 */
#ifndef _MWBOND_COUNTERS_H
#define _MWBOND_COUNTERS_H

/* MWB_COUNTER(name): expanded for each counter by the includer's macro. */
#define MWB_COUNTERS(MWB_COUNTER) \
	MWB_COUNTER(tx_no_wan) \
	MWB_COUNTER(tx_invalid) \
	MWB_COUNTER(tx_too_big) \
	MWB_COUNTER(tx_segment) \
	MWB_COUNTER(tx_no_memory) \
	MWB_COUNTER(tx_route) \
	MWB_COUNTER(tx_loop) \
	MWB_COUNTER(tx_fragmented) \
	MWB_COUNTER(tx_queue) \
	MWB_COUNTER(tx_marked) \
	MWB_COUNTER(tx_repaired) \
	MWB_COUNTER(tx_given_up) \
	MWB_COUNTER(rx_short) \
	MWB_COUNTER(rx_version) \
	MWB_COUNTER(rx_type) \
	MWB_COUNTER(rx_flags) \
	MWB_COUNTER(rx_length) \
	MWB_COUNTER(rx_bucket) \
	MWB_COUNTER(rx_wan_id) \
	MWB_COUNTER(rx_checksum) \
	MWB_COUNTER(rx_session) \
	MWB_COUNTER(rx_security) \
	MWB_COUNTER(rx_auth) \
	MWB_COUNTER(rx_payload) \
	MWB_COUNTER(rx_feedback) \
	MWB_COUNTER(rx_handshake) \
	MWB_COUNTER(rx_wan) \
	MWB_COUNTER(rx_source) \
	MWB_COUNTER(rx_wan_limit) \
	MWB_COUNTER(rx_replay) \
	MWB_COUNTER(rx_unsupported) \
	MWB_COUNTER(rx_no_memory) \
	MWB_COUNTER(rx_queue_full) \
	MWB_COUNTER(rx_inner) \
	MWB_COUNTER(rx_ecn) \
	MWB_COUNTER(rx_fragment) \
	MWB_COUNTER(rx_duplicate) \
	MWB_COUNTER(rx_old) \
	MWB_COUNTER(rx_late) \
	MWB_COUNTER(rx_reordered) \
	MWB_COUNTER(rx_held) \
	MWB_COUNTER(rx_skipped) \
	MWB_COUNTER(rx_forced) \
	MWB_COUNTER(handshakes) \
	MWB_COUNTER(tx_fec_blocks) \
	MWB_COUNTER(tx_fec_parity) \
	MWB_COUNTER(tx_fec_skipped) \
	MWB_COUNTER(rx_fec_blocks) \
	MWB_COUNTER(rx_fec_recovered) \
	MWB_COUNTER(rx_fec_lost) \
	MWB_COUNTER(rx_fec_late) \
	MWB_COUNTER(rx_fec_wasted) \
	MWB_COUNTER(rx_fec_refused) \
	MWB_COUNTER(rekeys)

#endif /* _MWBOND_COUNTERS_H */
