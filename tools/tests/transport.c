// SPDX-License-Identifier: GPL-2.0-only
/*
 * Takes the place of libmnl's sockets, by the linker's option --wrap: messages
 * go to a test instead of the kernel, over the Unix socket whose name is in
 * MWB_TEST_SOCKET. Two kinds of datagram are shorter than a netlink message:
 * what setsockopt() got goes there as two u32, and an error number for
 * recvfrom() comes back as one.
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "transport.h"

static int transport_fd = -1;

struct mnl_socket *__wrap_mnl_socket_open(int bus)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	const char *path = getenv("MWB_TEST_SOCKET");

	errno = ENOPROTOOPT;
	if (!path || strlen(path) >= sizeof(addr.sun_path))
		return NULL;
	snprintf(addr.sun_path, sizeof(addr.sun_path), "%s", path);
	transport_fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	if (transport_fd < 0)
		return NULL;
	if (connect(transport_fd, (struct sockaddr *)&addr, sizeof(addr))) {
		close(transport_fd);
		return NULL;
	}
	return (struct mnl_socket *)&transport_fd;
}

int __wrap_mnl_socket_bind(struct mnl_socket *nl, unsigned int groups,
			   pid_t pid)
{
	return 0;
}

int __wrap_mnl_socket_setsockopt(const struct mnl_socket *nl, int type,
				 void *buf, socklen_t len)
{
	uint32_t option[2] = { type, *(int *)buf };

	return send(transport_fd, option, sizeof(option), MSG_NOSIGNAL) < 0 ?
	       -1 : 0;
}

int __wrap_mnl_socket_get_fd(const struct mnl_socket *nl)
{
	return transport_fd;
}

ssize_t __wrap_mnl_socket_sendto(const struct mnl_socket *nl, const void *buf,
				 size_t len)
{
	return send(transport_fd, buf, len, MSG_NOSIGNAL);
}

ssize_t __wrap_mnl_socket_recvfrom(const struct mnl_socket *nl, void *buf,
				   size_t len)
{
	ssize_t got = recv(transport_fd, buf, len, 0);

	if (!got) {
		errno = EPIPE;
		return -1;
	}
	if (got == sizeof(uint32_t)) {
		errno = *(uint32_t *)buf;
		return -1;
	}
	return got;
}

int __wrap_mnl_socket_close(struct mnl_socket *nl)
{
	return close(transport_fd);
}
