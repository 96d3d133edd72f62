/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The functions of libmnl that the tests replace, as the linker calls them.
 */
#ifndef MWB_TRANSPORT_H
#define MWB_TRANSPORT_H

#include <libmnl/libmnl.h>

struct mnl_socket *__wrap_mnl_socket_open(int bus);
int __wrap_mnl_socket_bind(struct mnl_socket *nl, unsigned int groups,
			   pid_t pid);
int __wrap_mnl_socket_setsockopt(const struct mnl_socket *nl, int type,
				 void *buf, socklen_t len);
int __wrap_mnl_socket_get_fd(const struct mnl_socket *nl);
ssize_t __wrap_mnl_socket_sendto(const struct mnl_socket *nl, const void *buf,
				 size_t len);
ssize_t __wrap_mnl_socket_recvfrom(const struct mnl_socket *nl, void *buf,
				   size_t len);
int __wrap_mnl_socket_close(struct mnl_socket *nl);

#endif /* MWB_TRANSPORT_H */
