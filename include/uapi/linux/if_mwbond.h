/* SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR MIT) */
/*
 * rtnetlink attributes of mwbond devices, in IFLA_INFO_DATA. Ranges and
 * meanings are those of the attributes of the same name of the generic netlink
 * family, see Documentation/netlink/specs/mwbond.yaml.
 */
#ifndef _UAPI_LINUX_IF_MWBOND_H
#define _UAPI_LINUX_IF_MWBOND_H

enum {
	IFLA_MWBOND_UNSPEC,
	IFLA_MWBOND_MODE,		/* u32, enum mwbond_mode */
	IFLA_MWBOND_SECURITY,		/* u32, enum mwbond_security */
	IFLA_MWBOND_SESSION,		/* u32 */
	IFLA_MWBOND_LISTEN_PORT,	/* u16 */
	IFLA_MWBOND_LISTEN_IPV4,	/* be32 */
	IFLA_MWBOND_LISTEN_IPV6,	/* struct in6_addr */
	IFLA_MWBOND_MTU_AUTO,		/* u8 */
	IFLA_MWBOND_REORDER_BUFFER,	/* u32, packets */
	IFLA_MWBOND_REORDER_TIMEOUT,	/* u32, ms */
	IFLA_MWBOND_SKEW_BUDGET,	/* u32, ms */
	IFLA_MWBOND_FEC,		/* u32, enum mwbond_fec */
	IFLA_MWBOND_FEC_DATA,		/* u32 */
	IFLA_MWBOND_FEC_PARITY,		/* u32 */
	IFLA_MWBOND_FEC_TIMEOUT,	/* u32, ms */
	IFLA_MWBOND_REDUNDANCY,		/* u32, parts per million */
	IFLA_MWBOND_DUPLICATE,		/* u32 */
	IFLA_MWBOND_REPAIR,		/* u8 */
	__IFLA_MWBOND_MAX,
};

#define IFLA_MWBOND_MAX (__IFLA_MWBOND_MAX - 1)

#endif /* _UAPI_LINUX_IF_MWBOND_H */
