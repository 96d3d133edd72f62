// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copies a file over TCP; the sender hands its pages to the kernel in the way
 * that is to be tested.
 *
 * tcpcopy -l [-p PORT] FILE		receive
 * tcpcopy [-z | -f] [-p PORT] FILE ADDR	send: by MSG_ZEROCOPY, by sendfile()
 *					or, by default, by send()
 *
 * With MSG_ZEROCOPY a buffer is filled again as soon as the kernel says that
 * it is done with it: what still reads it then sends the wrong bytes.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/errqueue.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#ifndef SO_ZEROCOPY
#define SO_ZEROCOPY	60
#endif
#ifndef MSG_ZEROCOPY
#define MSG_ZEROCOPY	0x4000000
#endif

#define BUFS		8
#define BUF_SIZE	65536

enum how { SEND, ZEROCOPY, SENDFILE };

static unsigned int completed, copied;

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static struct sockaddr_in6 address(const char *arg, int port)
{
	struct sockaddr_in6 sa = { .sin6_family = AF_INET6,
				   .sin6_port = htons(port) };
	char mapped[INET6_ADDRSTRLEN + 8];

	if (!arg)
		return sa;
	snprintf(mapped, sizeof(mapped), "%s%s",
		 strchr(arg, ':') ? "" : "::ffff:", arg);
	if (inet_pton(AF_INET6, mapped, &sa.sin6_addr) != 1) {
		fprintf(stderr, "not an address: %s\n", arg);
		exit(2);
	}
	return sa;
}

static void receive(int sock, const struct sockaddr_in6 *sa, const char *name)
{
	static char buf[BUF_SIZE];
	int on = 1, conn, file;
	ssize_t n;

	setsockopt(sock, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(sock, (const struct sockaddr *)sa, sizeof(*sa)) ||
	    listen(sock, 1))
		die("listen");
	file = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	if (file < 0)
		die(name);
	puts("ready");
	fflush(stdout);
	conn = accept(sock, NULL, NULL);
	if (conn < 0)
		die("accept");
	while ((n = read(conn, buf, sizeof(buf))) > 0)
		if (write(file, buf, n) != n)
			die(name);
	if (n < 0)
		die("read");
}

static void send_all(int sock, const char *buf, size_t len, int flags)
{
	ssize_t n;

	while (len) {
		n = send(sock, buf, len, flags);
		if (n < 0)
			die("send");
		buf += n;
		len -= n;
	}
}

/* Waits until the kernel has given back the sends before number until. */
static void wait_completed(int sock, unsigned int until)
{
	struct pollfd pfd = { .fd = sock };
	struct sock_extended_err err;
	struct cmsghdr *c;
	char control[128];
	struct msghdr msg;

	while (completed < until) {
		memset(&msg, 0, sizeof(msg));
		msg.msg_control = control;
		msg.msg_controllen = sizeof(control);
		if (recvmsg(sock, &msg, MSG_ERRQUEUE) < 0) {
			if (errno != EAGAIN)
				die("recvmsg");
			if (poll(&pfd, 1, 30000) <= 0) {
				fprintf(stderr, "no completion\n");
				exit(1);
			}
			continue;
		}
		for (c = CMSG_FIRSTHDR(&msg); c; c = CMSG_NXTHDR(&msg, c)) {
			memcpy(&err, CMSG_DATA(c), sizeof(err));
			if (err.ee_origin != SO_EE_ORIGIN_ZEROCOPY)
				continue;
			completed = err.ee_data + 1;
			copied += err.ee_code & SO_EE_CODE_ZEROCOPY_COPIED;
		}
	}
}

static void send_zerocopy(int sock, int file)
{
	char *bufs = mmap(NULL, BUFS * BUF_SIZE, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	unsigned int until[BUFS] = { 0 }, calls = 0, i;
	ssize_t n, done, part;
	int on = 1;
	char *buf;

	if (bufs == MAP_FAILED)
		die("mmap");
	if (setsockopt(sock, SOL_SOCKET, SO_ZEROCOPY, &on, sizeof(on)))
		die("SO_ZEROCOPY");
	for (i = 0;; i = (i + 1) % BUFS) {
		buf = bufs + i * BUF_SIZE;
		wait_completed(sock, until[i]);
		n = read(file, buf, BUF_SIZE);
		if (n <= 0)
			break;
		for (done = 0; done < n; done += part) {
			part = send(sock, buf + done, n - done, MSG_ZEROCOPY);
			if (part < 0)
				die("send");
			calls++;
		}
		until[i] = calls;
	}
	wait_completed(sock, calls);
	printf("completions=%u copied=%u\n", completed, copied);
}

static void transmit(int sock, const struct sockaddr_in6 *sa, enum how how,
		     const char *name)
{
	static char buf[BUF_SIZE];
	struct stat st;
	int file = open(name, O_RDONLY);
	off_t done = 0;
	ssize_t n;

	if (file < 0 || fstat(file, &st))
		die(name);
	if (connect(sock, (const struct sockaddr *)sa, sizeof(*sa)))
		die("connect");
	switch (how) {
	case SEND:
		while ((n = read(file, buf, sizeof(buf))) > 0)
			send_all(sock, buf, n, 0);
		break;
	case ZEROCOPY:
		send_zerocopy(sock, file);
		break;
	case SENDFILE:
		while (done < st.st_size)
			if (sendfile(sock, file, &done, 1 << 20) <= 0)
				die("sendfile");
		break;
	}
}

int main(int argc, char **argv)
{
	struct sockaddr_in6 sa;
	enum how how = SEND;
	bool server = false;
	int c, port = 7001;
	int sock, off = 0;

	while ((c = getopt(argc, argv, "lzfp:")) >= 0) {
		switch (c) {
		case 'l':
			server = true;
			break;
		case 'z':
			how = ZEROCOPY;
			break;
		case 'f':
			how = SENDFILE;
			break;
		case 'p':
			port = atoi(optarg);
			break;
		default:
			return 2;
		}
	}
	if (argc - optind != (server ? 1 : 2)) {
		fprintf(stderr, "wrong number of arguments\n");
		return 2;
	}
	sa = address(server ? NULL : argv[optind + 1], port);
	sock = socket(AF_INET6, SOCK_STREAM, 0);
	if (sock < 0)
		die("socket");
	setsockopt(sock, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off));
	if (server)
		receive(sock, &sa, argv[optind]);
	else
		transmit(sock, &sa, how, argv[optind]);
	return 0;
}
