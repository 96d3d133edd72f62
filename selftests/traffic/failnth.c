// SPDX-License-Identifier: GPL-2.0-only
/*
 * To be preloaded: of the allocations that the kernel makes while the program
 * sends messages or loads a module, number FAIL_NTH fails. After each of these
 * calls a line in the file FAIL_NOTE says how many there are to go, 0 when it
 * has failed.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Documentation/fault-injection/fault-injection.rst, "proc entries" */
static int fail_nth = -1;
static unsigned int left;

__attribute__((constructor)) static void set_up(void)
{
	const char *nth = getenv("FAIL_NTH");

	if (!nth)
		return;
	left = strtoul(nth, NULL, 10);
	fail_nth = open("/proc/self/fail-nth", O_RDWR | O_CLOEXEC);
	if (fail_nth < 0) {
		perror("fail-nth");
		exit(125);
	}
}

static void arm(void)
{
	char text[16];

	if (fail_nth < 0 || !left)
		return;
	snprintf(text, sizeof(text), "%u", left);
	if (pwrite(fail_nth, text, strlen(text), 0) < 0)
		abort();
}

/* What is still to be counted is for the next call. */
static void disarm(void)
{
	const char *note = getenv("FAIL_NOTE");
	char text[16] = "";
	int fd;

	if (fail_nth < 0 || !left)
		return;
	if (pread(fail_nth, text, sizeof(text) - 1, 0) < 0 ||
	    pwrite(fail_nth, "0", 1, 0) < 0)
		abort();
	left = strtoul(text, NULL, 10);
	if (!note)
		return;
	fd = open(note, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		abort();
	close(fd);
}

ssize_t sendto(int fd, const void *data, size_t len, int flags,
	       const struct sockaddr *to, socklen_t to_len)
{
	ssize_t ret;

	arm();
	ret = syscall(SYS_sendto, fd, data, len, flags, to, to_len);
	disarm();
	return ret;
}

ssize_t send(int fd, const void *data, size_t len, int flags)
{
	return sendto(fd, data, len, flags, NULL, 0);
}

ssize_t sendmsg(int fd, const struct msghdr *msg, int flags)
{
	ssize_t ret;

	arm();
	ret = syscall(SYS_sendmsg, fd, msg, flags);
	disarm();
	return ret;
}

int init_module(void *image, unsigned long len, const char *parameters)
{
	int ret;

	arm();
	ret = syscall(SYS_init_module, image, len, parameters);
	disarm();
	return ret;
}

/* That is how insmod calls finit_module. */
long syscall(long number, ...)
{
	static long (*real)(long number, ...);
	long arg[6], ret;
	va_list ap;
	int i;

	if (!real)
		real = dlsym(RTLD_NEXT, "syscall");
	va_start(ap, number);
	for (i = 0; i < 6; i++)
		arg[i] = va_arg(ap, long);
	va_end(ap);
	if (number == SYS_finit_module)
		arm();
	ret = real(number, arg[0], arg[1], arg[2], arg[3], arg[4], arg[5]);
	if (number == SYS_finit_module)
		disarm();
	return ret;
}
