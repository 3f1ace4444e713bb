// C epoll echo server. echo_epoll port [threads]. One loop per thread, SO_REUSEPORT listeners, edge triggered,
// one recv per event when it comes back short, direct send.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
static int port;
static int mklisten(void) {
  int l = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), one = 1;
  setsockopt(l, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  setsockopt(l, SOL_SOCKET, SO_REUSEPORT, &one, sizeof one);
  struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  if (bind(l, (void *)&a, sizeof a) || listen(l, 4096)) { perror("listen"); exit(1); }
  return l;
}
static void *loop(void *x) {
  (void)x;
  int l = mklisten(), ep = epoll_create1(0); static __thread char buf[16384]; static __thread struct epoll_event ev[1024];
  struct epoll_event e = {.events = EPOLLIN, .data.fd = l};
  epoll_ctl(ep, EPOLL_CTL_ADD, l, &e);
  for (;;) {
    int n = epoll_wait(ep, ev, 1024, -1);
    for (int i = 0; i < n; i++) {
      int fd = ev[i].data.fd;
      if (fd == l) {
        int c; while ((c = accept4(l, 0, 0, SOCK_NONBLOCK)) >= 0) {
          int one = 1; setsockopt(c, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
          struct epoll_event ce = {.events = EPOLLIN | EPOLLRDHUP | EPOLLET, .data.fd = c};
          epoll_ctl(ep, EPOLL_CTL_ADD, c, &ce);
        }
        continue;
      }
      for (;;) {
        ssize_t r = recv(fd, buf, sizeof buf, 0);
        if (r <= 0) { if (r < 0 && errno == EAGAIN) break; close(fd); break; }
        if (send(fd, buf, r, MSG_NOSIGNAL) != r) { close(fd); break; } // does not wait for room: a client that does not read is cut off
        if (r < (ssize_t)sizeof buf && !(ev[i].events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR))) break;
      }
    }
  }
  return 0;
}
int main(int c, char **v) {
  port = c > 1 ? atoi(v[1]) : 9000; int t = c > 2 ? atoi(v[2]) : 1;
  for (int i = 1; i < t; i++) { pthread_t p; pthread_create(&p, 0, loop, 0); }
  loop(0);
}
