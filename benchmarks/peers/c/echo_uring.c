// C io_uring echo server, as fast as we know how: multishot accept, multishot receive into a ring of buffers, batched send
// entries, one system call a turn, deferred task running. echo_uring port [threads]. One loop per thread, SO_REUSEPORT.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <liburing.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#define BUFFERS 4096
#define BUFFER_SIZE 4096
enum { ACCEPT = 1, RECEIVE = 2, SEND = 3, CLOSE = 4 };
#define DATA(op, fd, buffer) (((uint64_t)(op) << 56) | ((uint64_t)(buffer) << 32) | (uint32_t)(fd))
static int port;
static int open_listener(void) {
  int l = socket(AF_INET, SOCK_STREAM, 0), one = 1;
  setsockopt(l, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  setsockopt(l, SOL_SOCKET, SO_REUSEPORT, &one, sizeof one);
  struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  if (bind(l, (void *)&a, sizeof a) || listen(l, 4096)) { perror("listen"); exit(1); }
  return l;
}
static struct io_uring_sqe *entry(struct io_uring *r) {
  struct io_uring_sqe *s = io_uring_get_sqe(r);
  if (!s) { io_uring_submit(r); s = io_uring_get_sqe(r); }
  return s;
}
static void arm_accept(struct io_uring *r, int l) {
  struct io_uring_sqe *s = entry(r);
  io_uring_prep_multishot_accept(s, l, 0, 0, 0);
  s->user_data = DATA(ACCEPT, l, 0);
}
static void arm_receive(struct io_uring *r, int fd) {
  struct io_uring_sqe *s = entry(r);
  io_uring_prep_recv_multishot(s, fd, 0, 0, 0);
  s->flags |= IOSQE_BUFFER_SELECT;
  s->buf_group = 0;
  s->user_data = DATA(RECEIVE, fd, 0);
}
static void *loop(void *unused) {
  (void)unused;
  struct io_uring r;
  struct io_uring_params p = {.flags = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_CQSIZE | IORING_SETUP_CLAMP, .cq_entries = 16384};
  int error = io_uring_queue_init_params(4096, &r, &p);
  if (error) { fprintf(stderr, "queue_init %d\n", error); exit(1); }
  io_uring_register_ring_fd(&r);
  struct io_uring_buf_ring *ring;
  char *buffers = aligned_alloc(4096, (size_t)BUFFERS * BUFFER_SIZE);
  if (posix_memalign((void **)&ring, 4096, BUFFERS * sizeof(struct io_uring_buf))) exit(1);
  struct io_uring_buf_reg registration = {.ring_addr = (uintptr_t)ring, .ring_entries = BUFFERS, .bgid = 0};
  if ((error = io_uring_register_buf_ring(&r, &registration, 0))) { fprintf(stderr, "buf_ring %d\n", error); exit(1); }
  io_uring_buf_ring_init(ring);
  int mask = io_uring_buf_ring_mask(BUFFERS);
  for (int i = 0; i < BUFFERS; i++) io_uring_buf_ring_add(ring, buffers + (size_t)i * BUFFER_SIZE, BUFFER_SIZE, i, mask, i);
  io_uring_buf_ring_advance(ring, BUFFERS);
  int l = open_listener();
  arm_accept(&r, l);
  static __thread struct io_uring_cqe *completions[4096];
  for (;;) {
    io_uring_submit_and_wait(&r, 1);
    unsigned n = io_uring_peek_batch_cqe(&r, completions, 4096);
    int returned = 0;
    for (unsigned i = 0; i < n; i++) {
      struct io_uring_cqe *c = completions[i];
      int op = c->user_data >> 56, fd = (uint32_t)c->user_data, result = c->res, more = c->flags & IORING_CQE_F_MORE;
      struct io_uring_sqe *s;
      if (op == ACCEPT) {
        int one = 1;
        if (result >= 0) { setsockopt(result, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one); arm_receive(&r, result); }
        if (!more) arm_accept(&r, l);
      } else if (op == RECEIVE) {
        int id = c->flags >> 16;
        if (result <= 0) {
          if (c->flags & IORING_CQE_F_BUFFER) io_uring_buf_ring_add(ring, buffers + (size_t)id * BUFFER_SIZE, BUFFER_SIZE, id, mask, returned++);
          if (result == -ENOBUFS) { arm_receive(&r, fd); continue; }
          s = entry(&r); io_uring_prep_close(s, fd); s->user_data = DATA(CLOSE, fd, 0);
          continue;
        }
        s = entry(&r);
        io_uring_prep_send(s, fd, buffers + (size_t)id * BUFFER_SIZE, result, MSG_WAITALL | MSG_NOSIGNAL);
        s->user_data = DATA(SEND, fd, id);
        if (!more) arm_receive(&r, fd);
      } else if (op == SEND) {
        int id = (c->user_data >> 32) & 0xffff;
        io_uring_buf_ring_add(ring, buffers + (size_t)id * BUFFER_SIZE, BUFFER_SIZE, id, mask, returned++);
      }
    }
    io_uring_cq_advance(&r, n);
    if (returned) io_uring_buf_ring_advance(ring, returned);
  }
  return 0;
}
int main(int c, char **v) {
  port = c > 1 ? atoi(v[1]) : 9000;
  int threads = c > 2 ? atoi(v[2]) : 1;
  for (int i = 1; i < threads; i++) { pthread_t t; pthread_create(&t, 0, loop, 0); }
  loop(0);
}
