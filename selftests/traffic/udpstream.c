// SPDX-License-Identifier: GPL-2.0-only
/*
 * Numbered UDP packets at a steady pace, and what became of them: lost,
 * duplicated, reordered, corrupted, the longest gap between two arrivals, the
 * last arrival, and whether it was told how many had been sent: without that,
 * what was lost at the end is not counted.
 *
 * udpstream -l [-p PORT] [-g GROUP -I DEV] [-w SECONDS]		receive
 * udpstream [-p PORT] [-r PPS] [-s SIZE] [-n COUNT] [-f FLOWS] [-t TOS]
 *	     [-I DEV] ADDR						send
 *
 * The receiver ends when the sender's last packets have told it how many were
 * sent and nothing came for a while, after SECONDS of silence, or by SIGTERM.
 * Both ends are on one machine: the delays are differences of one clock.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MAGIC		0x6d776264
#define MAX_FLOWS	64
#define MAX_COUNT	(1u << 22)
#define MAX_SIZE	65000
#define NSEC_PER_SEC	1000000000ll
#define NSEC_PER_MSEC	1000000.0
/* Silence that ends the reception once the sender is done. */
#define LINGER_MS	500
#define FINS		10
#define JITTER_BIN	100000ll	/* ns */
#define JITTER_BINS	10000

struct packet {
	uint32_t magic;
	uint32_t flow;
	uint64_t seq;
	int64_t sent;
	/* Packets sent in this flow, only in the last ones; else 0. */
	uint64_t total;
	unsigned char pattern[];
};

struct flow {
	uint64_t total;
	uint64_t highest;
	bool any;
	unsigned char seen[MAX_COUNT / 8];
};

struct options {
	bool listen;
	int port;
	int pps;
	int size;
	uint64_t count;
	int flows;
	int tos;
	int wait;
	unsigned int ifindex;
	struct in6_addr group;
	struct in6_addr addr;
};

static struct flow *flows[MAX_FLOWS];
static uint64_t received, duplicates, reordered, corrupt, ecn[4];
static int64_t first, last, gap, gap_end, delay_sum, delay_max;
static uint64_t jitter[JITTER_BINS];
static int ttl = -1, tos;
static volatile sig_atomic_t stop;

static void on_signal(int sig)
{
	(void)sig;
	stop = 1;
}

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static int64_t now(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return ts.tv_sec * NSEC_PER_SEC + ts.tv_nsec;
}

static unsigned char pattern(const struct packet *p, size_t i)
{
	return p->seq * 31 + p->flow * 7 + i + (i >> 8);
}

static void note_transit(int64_t transit)
{
	static int64_t before;
	int64_t bin = llabs(transit - before) / JITTER_BIN;

	if (received)
		jitter[bin < JITTER_BINS ? bin : JITTER_BINS - 1]++;
	before = transit;
}

static void note_packet(const struct packet *p, size_t len, int64_t arrival)
{
	struct flow *f;
	size_t i;

	if (len < sizeof(*p) || p->magic != MAGIC || p->flow >= MAX_FLOWS ||
	    p->seq >= MAX_COUNT) {
		corrupt++;
		return;
	}
	if (!flows[p->flow])
		flows[p->flow] = calloc(1, sizeof(**flows));
	f = flows[p->flow];
	if (!f)
		die("calloc");
	if (p->total) {
		f->total = p->total;
		return;
	}

	for (i = 0; i < len - sizeof(*p); i++) {
		if (p->pattern[i] != pattern(p, i)) {
			corrupt++;
			break;
		}
	}
	if (f->seen[p->seq / 8] & 1 << p->seq % 8) {
		duplicates++;
		return;
	}
	f->seen[p->seq / 8] |= 1 << p->seq % 8;
	if (f->any && p->seq < f->highest)
		reordered++;
	if (!f->any || p->seq > f->highest)
		f->highest = p->seq;
	f->any = true;

	note_transit(arrival - p->sent);
	if (received && arrival - last > gap) {
		gap = arrival - last;
		gap_end = arrival;
	}
	if (!received)
		first = arrival;
	last = arrival;
	received++;
	delay_sum += arrival - p->sent;
	if (arrival - p->sent > delay_max)
		delay_max = arrival - p->sent;
}

/* The 99th percentile of the differences in transit time of two packets that
 * follow each other, ms (RFC 3550, 6.4.1, without its average).
 */
static double jitter_p99(void)
{
	uint64_t sum = 0;
	int i;

	for (i = 0; i < JITTER_BINS - 1; i++) {
		sum += jitter[i];
		if (sum * 100 >= received * 99)
			break;
	}
	return (i + 1) * JITTER_BIN / NSEC_PER_MSEC;
}

static bool complete(void)
{
	bool any = false;
	int i;

	for (i = 0; i < MAX_FLOWS; i++) {
		if (flows[i] && !flows[i]->total)
			return false;
		any = any || flows[i];
	}
	return any;
}

static void report(void)
{
	uint64_t sent = 0, lost = 0, n, seq;
	double seconds;
	int i;

	for (i = 0; i < MAX_FLOWS; i++) {
		if (!flows[i])
			continue;
		n = flows[i]->total ? flows[i]->total : flows[i]->highest + 1;
		sent += n;
		for (seq = 0; seq < n; seq++)
			lost += !(flows[i]->seen[seq / 8] & 1 << seq % 8);
	}
	seconds = (last - first) / (double)NSEC_PER_SEC;
	printf("sent=%" PRIu64 " received=%" PRIu64 " lost=%" PRIu64
	       " duplicates=%" PRIu64 " reordered=%" PRIu64
	       " corrupt=%" PRIu64, sent, received, lost, duplicates,
	       reordered, corrupt);
	printf(" gap_ms=%.0f gap_end_ms=%.0f last_ms=%.0f complete=%d",
	       gap / NSEC_PER_MSEC, gap_end / NSEC_PER_MSEC,
	       last / NSEC_PER_MSEC, complete());
	printf(" seconds=%.3f", seconds);
	printf(" jitter_p99_ms=%.1f", jitter_p99());
	printf(" delay_ms=%.2f delay_max_ms=%.2f ttl=%d tos=0x%x",
	       received ? delay_sum / NSEC_PER_MSEC / received : 0,
	       delay_max / NSEC_PER_MSEC, ttl, tos);
	printf(" not_ect=%" PRIu64 " ect1=%" PRIu64 " ect0=%" PRIu64
	       " ce=%" PRIu64 "\n", ecn[0], ecn[1], ecn[2], ecn[3]);
}

static void join(int fd, const struct options *o)
{
	struct ipv6_mreq six = { .ipv6mr_multiaddr = o->group,
				 .ipv6mr_interface = o->ifindex };
	struct ip_mreqn four = { .imr_ifindex = o->ifindex };

	if (IN6_IS_ADDR_UNSPECIFIED(&o->group))
		return;
	if (!IN6_IS_ADDR_V4MAPPED(&o->group)) {
		if (setsockopt(fd, IPPROTO_IPV6, IPV6_JOIN_GROUP, &six,
			       sizeof(six)))
			die("IPV6_JOIN_GROUP");
		return;
	}
	memcpy(&four.imr_multiaddr, &o->group.s6_addr[12], 4);
	if (setsockopt(fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &four, sizeof(four)))
		die("IP_ADD_MEMBERSHIP");
}

static int receiver_socket(const struct options *o)
{
	struct sockaddr_in6 sa = { .sin6_family = AF_INET6,
				   .sin6_port = htons(o->port) };
	int fd = socket(AF_INET6, SOCK_DGRAM, 0);
	int on = 1, off = 0, room = 16 << 20;

	if (fd < 0)
		die("socket");
	setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off));
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room));
	setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof(on));
	setsockopt(fd, IPPROTO_IP, IP_RECVTOS, &on, sizeof(on));
	setsockopt(fd, IPPROTO_IP, IP_RECVTTL, &on, sizeof(on));
	setsockopt(fd, IPPROTO_IPV6, IPV6_RECVTCLASS, &on, sizeof(on));
	setsockopt(fd, IPPROTO_IPV6, IPV6_RECVHOPLIMIT, &on, sizeof(on));
	if (bind(fd, (struct sockaddr *)&sa, sizeof(sa)))
		die("bind");
	join(fd, o);
	return fd;
}

/* Reads what the kernel tells beside the packet; returns the arrival time. */
static int64_t read_cmsgs(struct msghdr *msg)
{
	int64_t arrival = now(CLOCK_REALTIME);
	struct cmsghdr *c;
	struct timespec ts;
	int value;

	for (c = CMSG_FIRSTHDR(msg); c; c = CMSG_NXTHDR(msg, c)) {
		if (c->cmsg_level == SOL_SOCKET) {
			memcpy(&ts, CMSG_DATA(c), sizeof(ts));
			arrival = ts.tv_sec * NSEC_PER_SEC + ts.tv_nsec;
		} else if (c->cmsg_level == IPPROTO_IP &&
			   c->cmsg_type == IP_TOS) {
			tos = *CMSG_DATA(c);
			ecn[tos & 3]++;
		} else {
			memcpy(&value, CMSG_DATA(c), sizeof(value));
			if (c->cmsg_level != IPPROTO_IPV6 ||
			    c->cmsg_type != IPV6_TCLASS) {
				ttl = value;
				continue;
			}
			tos = value;
			ecn[tos & 3]++;
		}
	}
	return arrival;
}

static void receive(const struct options *o)
{
	static unsigned char buf[MAX_SIZE + 1000] __attribute__((aligned(8)));
	struct iovec iov = { .iov_base = buf, .iov_len = sizeof(buf) };
	unsigned char control[512];
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	struct pollfd pfd = { .events = POLLIN };
	ssize_t len;

	pfd.fd = receiver_socket(o);
	puts("ready");
	fflush(stdout);
	while (!stop) {
		if (poll(&pfd, 1, complete() ? LINGER_MS : o->wait * 1000) <= 0)
			break;
		msg.msg_control = control;
		msg.msg_controllen = sizeof(control);
		len = recvmsg(pfd.fd, &msg, 0);
		if (len < 0)
			continue;
		note_packet((struct packet *)buf, len, read_cmsgs(&msg));
	}
	report();
}

static int sender_socket(const struct options *o)
{
	int fd = socket(AF_INET6, SOCK_DGRAM, 0);
	struct ip_mreqn four = { .imr_ifindex = o->ifindex };
	int off = 0, room = 4 << 20, hops = 8;

	if (fd < 0)
		die("socket");
	setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off));
	setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &room, sizeof(room));
	setsockopt(fd, IPPROTO_IP, IP_TOS, &o->tos, sizeof(o->tos));
	setsockopt(fd, IPPROTO_IPV6, IPV6_TCLASS, &o->tos, sizeof(o->tos));
	if (o->ifindex) {
		setsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, &four,
			   sizeof(four));
		setsockopt(fd, IPPROTO_IP, IP_MULTICAST_TTL, &hops,
			   sizeof(hops));
		setsockopt(fd, IPPROTO_IPV6, IPV6_MULTICAST_IF, &o->ifindex,
			   sizeof(o->ifindex));
		setsockopt(fd, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, &hops,
			   sizeof(hops));
	}
	return fd;
}

static void sleep_until(int64_t when)
{
	struct timespec ts = { .tv_sec = when / NSEC_PER_SEC,
			       .tv_nsec = when % NSEC_PER_SEC };

	clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL);
}

/* What cannot be sent is lost like any other: the numbers tell. */
static void transmit(const struct options *o)
{
	struct sockaddr_in6 sa = { .sin6_family = AF_INET6,
				   .sin6_port = htons(o->port),
				   .sin6_addr = o->addr };
	static uint64_t buf[MAX_SIZE / 8 + 1];
	struct packet *p = (struct packet *)buf;
	uint64_t sent[MAX_FLOWS] = { 0 }, n;
	int fd[MAX_FLOWS], i, errors = 0;
	int64_t start;
	size_t j;

	for (i = 0; i < o->flows; i++)
		fd[i] = sender_socket(o);
	p->magic = MAGIC;
	start = now(CLOCK_MONOTONIC);
	for (n = 0; n < o->count && !stop; n++) {
		sleep_until(start + n * NSEC_PER_SEC / o->pps);
		p->flow = n % o->flows;
		p->seq = sent[p->flow]++;
		for (j = 0; j < o->size - sizeof(*p); j++)
			p->pattern[j] = pattern(p, j);
		p->sent = now(CLOCK_REALTIME);
		if (sendto(fd[p->flow], p, o->size, 0, (struct sockaddr *)&sa,
			   sizeof(sa)) < 0)
			errors++;
	}
	for (i = 0; i < FINS * o->flows; i++) {
		p->flow = i % o->flows;
		p->seq = 0;
		p->total = sent[p->flow];
		if (!p->flow)
			usleep(20000);
		sendto(fd[p->flow], p, sizeof(*p), 0, (struct sockaddr *)&sa,
		       sizeof(sa));
	}
	printf("errors=%d\n", errors);
}

static struct in6_addr parse_addr(const char *arg)
{
	char mapped[INET6_ADDRSTRLEN + 8];
	struct in6_addr addr;

	snprintf(mapped, sizeof(mapped), "%s%s",
		 strchr(arg, ':') ? "" : "::ffff:", arg);
	if (inet_pton(AF_INET6, mapped, &addr) != 1) {
		fprintf(stderr, "not an address: %s\n", arg);
		exit(2);
	}
	return addr;
}

static int number(const char *arg, long min, long max)
{
	char *end;
	long value = strtol(arg, &end, 0);

	if (!*arg || *end || value < min || value > max) {
		fprintf(stderr, "%s: not in %ld-%ld\n", arg, min, max);
		exit(2);
	}
	return value;
}

static void parse(struct options *o, int argc, char **argv)
{
	int c;

	while ((c = getopt(argc, argv, "lp:r:s:n:f:t:w:g:I:")) >= 0) {
		switch (c) {
		case 'l':
			o->listen = true;
			break;
		case 'p':
			o->port = number(optarg, 1, 65535);
			break;
		case 'r':
			o->pps = number(optarg, 1, 1000000);
			break;
		case 's':
			o->size = number(optarg, sizeof(struct packet),
					 MAX_SIZE);
			break;
		case 'n':
			o->count = number(optarg, 1, MAX_COUNT);
			break;
		case 'f':
			o->flows = number(optarg, 1, MAX_FLOWS);
			break;
		case 't':
			o->tos = number(optarg, 0, 255);
			break;
		case 'w':
			o->wait = number(optarg, 1, 3600);
			break;
		case 'g':
			o->group = parse_addr(optarg);
			break;
		case 'I':
			o->ifindex = if_nametoindex(optarg);
			if (!o->ifindex)
				die(optarg);
			break;
		default:
			exit(2);
		}
	}
	if (argc - optind != !o->listen) {
		fprintf(stderr, "either -l or one address\n");
		exit(2);
	}
	if (!o->listen)
		o->addr = parse_addr(argv[optind]);
}

int main(int argc, char **argv)
{
	struct options o = { .port = 7000, .pps = 100, .size = 200,
			     .count = 100, .flows = 1, .wait = 10 };
	struct sigaction sa = { .sa_handler = on_signal };

	parse(&o, argc, argv);
	sigaction(SIGTERM, &sa, NULL);
	sigaction(SIGINT, &sa, NULL);
	if (o.listen)
		receive(&o);
	else
		transmit(&o);
	return 0;
}
