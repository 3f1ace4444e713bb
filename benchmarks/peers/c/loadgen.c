// Echo load generator: one thread, epoll, C connections.
// loadgen -p port [-c conns] [-P pipeline] [-m msgsize] [-d secs] [-w warmup] [-s server_pid] [-k N] [-i idle] [-r rate]
// Closed loop: P messages under way on each connection, the next one is sent when one comes back.
// -r rate: fixed rate instead, in messages a second over all connections. A message is due whether or not others came back, and its
// latency counts from then: what a stalled server makes others wait is not left out (coordinated omission).
// -i idle: that many further connections are opened first, and do nothing.
// -k N: connection churn: close and reconnect after every N messages on a connection (use with -P 1); source addresses
// rotate over 127.0.0.2..201 so that TIME_WAIT does not run out of ports. Then rps counts messages; connections/s = rps / N.
// Prints one JSON line. Server CPU is of server_pid (all threads) over the measured window: the sum is exact, its division into
// user and kernel time is by the clock tick on most kernels.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

typedef struct { int fd; int head; int tail; int left; int64_t partial; int64_t *ts; } conn_t;
#define HB 64 /* sub-buckets per power of two */
static uint64_t hist[64 * HB];
static inline int bucket(uint64_t v) {
  if (v < HB) return (int)v;
  int e = 63 - __builtin_clzll(v);
  return (e - 5) * HB + (int)((v >> (e - 6)) & (HB - 1));
}
static uint64_t unbucket(int b) {
  if (b < HB) return b;
  int e = b / HB + 5;
  return (1ull << e) + ((uint64_t)(b % HB) << (e - 6));
}
static inline int64_t now(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return t.tv_sec * 1000000000LL + t.tv_nsec; }
typedef struct { double user, kernel; } cpu_t;
static cpu_t srv_cpu(int pid) {
  cpu_t none = {0, 0};
  if (!pid) return none;
  char p[64], b[1024]; snprintf(p, sizeof p, "/proc/%d/stat", pid);
  FILE *f = fopen(p, "r"); if (!f) return none;
  size_t n = fread(b, 1, sizeof b - 1, f); fclose(f); b[n] = 0;
  char *q = strrchr(b, ')'); if (!q) return none;
  unsigned long u = 0, s = 0;
  sscanf(q + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &u, &s);
  double tick = sysconf(_SC_CLK_TCK);
  return (cpu_t){u / tick, s / tick};
}
static uint64_t pct(uint64_t total, double q) {
  uint64_t want = (uint64_t)(total * q), s = 0;
  for (int i = 0; i < 64 * HB; i++) { s += hist[i]; if (s > want) return unbucket(i); }
  return 0;
}
static struct sockaddr_in a; static int ep, K;
static int dial(conn_t *c, int i) {
  static unsigned rot;
  int fd = socket(AF_INET, SOCK_STREAM, 0), one = 1;
  if (K) {
    struct sockaddr_in b = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(0x7f000002 + rot++ % 200)};
    setsockopt(fd, IPPROTO_IP, 24 /* IP_BIND_ADDRESS_NO_PORT */, &one, sizeof one); bind(fd, (void *)&b, sizeof b);
  }
  if (connect(fd, (void *)&a, sizeof a)) { perror("connect"); exit(1); }
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
  c->fd = fd; c->left = K;
  struct epoll_event e = {.events = EPOLLIN | EPOLLET, .data.u32 = i};
  epoll_ctl(ep, EPOLL_CTL_ADD, fd, &e);
  return fd;
}
int main(int argc, char **argv) {
  int port = 9000, C = 64, P = 1, M = 64, pid = 0, idle = 0, o; double D = 2, W = 0.5, rate = 0;
  while ((o = getopt(argc, argv, "p:c:P:m:d:w:s:k:i:r:")) != -1) switch (o) {
    case 'i': idle = atoi(optarg); break; case 'r': rate = atof(optarg); break;
    case 'p': port = atoi(optarg); break; case 'c': C = atoi(optarg); break; case 'P': P = atoi(optarg); break;
    case 'm': M = atoi(optarg); break; case 'd': D = atof(optarg); break; case 'w': W = atof(optarg); break;
    case 'k': K = atoi(optarg); break; case 's': pid = atoi(optarg); break; }
  struct rlimit files; getrlimit(RLIMIT_NOFILE, &files); files.rlim_cur = files.rlim_max; setrlimit(RLIMIT_NOFILE, &files);
  ep = epoll_create1(0);
  if (rate > 0) P = 4096; // the longest backlog of a connection
  conn_t *cs = calloc(C, sizeof *cs);
  size_t BS = (size_t)M * P > 65536 ? (size_t)M * P : 65536;
  char *buf = malloc(BS), *msg = malloc((size_t)M * P);
  for (size_t i = 0; i < (size_t)M * P; i++) msg[i] = 'a' + i % 26;
  a = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  for (int i = 0; i < idle; i++) {
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in b = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(0x7f000002 + i % 200)};
    bind(fd, (void *)&b, sizeof b);
    if (fd < 0 || connect(fd, (void *)&a, sizeof a)) { perror("idle connection"); exit(5); }
  }
  for (int i = 0; i < C; i++) {
    cs[i].ts = calloc(P, sizeof(int64_t)); dial(&cs[i], i);
  }
  if (idle) { usleep(500000); printf("idle\n"); fflush(stdout); getchar(); } // the caller looks at the server's memory
  usleep(20000);
  int64_t t0 = now(), tm = t0 + (int64_t)(W * 1e9), te = tm + (int64_t)(D * 1e9), tstart = 0, tend = 0;
  int64_t gap = rate > 0 ? (int64_t)(1e9 / rate) : 0, due = now(); int turn = 0;
  for (int i = 0; !gap && i < C; i++) {
    int64_t t = now(); for (int k = 0; k < P; k++) cs[i].ts[k] = t;
    if (send(cs[i].fd, msg, (size_t)M * P, MSG_NOSIGNAL) != (ssize_t)M * P) { perror("send0"); return 1; }
  }
  static struct epoll_event ev[1024];
  uint64_t total = 0; int measuring = 0; cpu_t cpu0 = {0, 0}, cpu1 = {0, 0}; struct rusage r0, r1;
  for (;;) {
    int n = epoll_wait(ep, ev, 1024, gap ? 0 : 1000);
    int64_t t = now();
    for (; gap && due <= t; due += gap, turn = turn + 1 == C ? 0 : turn + 1) {
      conn_t *c = &cs[turn];
      c->ts[c->tail] = due; if (++c->tail == P) c->tail = 0;
      if (c->tail == c->head || send(c->fd, msg, M, MSG_NOSIGNAL) != M) { fprintf(stderr, "the server does not keep up with the rate\n"); return 6; }
    }
    if (!measuring && t >= tm) { measuring = 1; cpu0 = srv_cpu(pid); getrusage(RUSAGE_SELF, &r0); tstart = now(); te = tstart + (int64_t)(D * 1e9); }
    if (measuring && t >= te) { cpu1 = srv_cpu(pid); getrusage(RUSAGE_SELF, &r1); tend = now(); break; }
    if (n == 0 && !gap) { fprintf(stderr, "stalled 1 s\n"); if (t > te + 3000000000LL) return 2; }
    for (int i = 0; i < n; i++) {
      conn_t *c = &cs[ev[i].data.u32];
      ssize_t r = recv(c->fd, buf, BS, 0);
      if (r <= 0) { if (r < 0 && errno == EAGAIN) continue; fprintf(stderr, "connection lost: %zd %d\n", r, errno); return 3; }
      t = now();
      c->partial += r;
      int k = 0;
      while (c->partial >= M) {
        c->partial -= M; k++;
        if (measuring) { hist[bucket((uint64_t)(t - c->ts[c->head]))]++; total++; }
        if (!gap) c->ts[c->head] = t;
        if (++c->head == P) c->head = 0;
      }
      if (gap) continue;
      if (K && (c->left -= k) <= 0) { close(c->fd); dial(c, (int)(c - cs)); for (int q = 0; q < P; q++) c->ts[q] = t; c->head = 0; }
      if (k && send(c->fd, msg, (size_t)k * M, MSG_NOSIGNAL) != (ssize_t)k * M) { fprintf(stderr, "short send\n"); return 4; }
    }
  }
  double sec = (tend - tstart) / 1e9, user = cpu1.user - cpu0.user, kernel = cpu1.kernel - cpu0.kernel;
  double lg = (r1.ru_utime.tv_sec - r0.ru_utime.tv_sec) + (r1.ru_stime.tv_sec - r0.ru_stime.tv_sec) + (r1.ru_utime.tv_usec - r0.ru_utime.tv_usec + r1.ru_stime.tv_usec - r0.ru_stime.tv_usec) / 1e6;
  printf("{\"requests\":%lu,\"seconds\":%.4f,\"serverUser\":%.4f,\"serverKernel\":%.4f,\"load\":%.4f,\"p50\":%lu,\"p99\":%lu,\"p999\":%lu}\n",
         total, sec, user, kernel, lg, pct(total, .5), pct(total, .99), pct(total, .999));
  return 0;
}
