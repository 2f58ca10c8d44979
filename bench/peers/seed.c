/* The design of the seed, written afresh from its description: each history is a growable array of 144-byte actions
 * under a spin lock; text is formatted when it is logged, with a "file:function:line" prefix. An action takes the time of
 * day from a cell that a timer would keep, as servers of that kind do. At 300 actions everything is forgotten.
 *
 *   seed THREADS own|same     then on stdin a number of calls a thread, a line each; answers nanoseconds a call of one thread
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { OBJECTS = 16, ACTIONS_MAX = 300, THREADS_MAX = 64, TEXT = 120 };

struct action {
  int verb;
  int pid;
  unsigned long long t;
  long thread;
  char text[TEXT];
};
_Static_assert(sizeof(struct action) == 144, "an action is 144 bytes");

struct history {
  atomic_flag lock;
  int length, room;
  struct action *actions;
  char apart[64];
};

static struct history own[THREADS_MAX][OBJECTS], same[1];
static volatile unsigned long long ticks = 1;
static int threads, is_same;
static long calls;
static pthread_barrier_t begin, end;

static inline void relax(void)
{
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#endif
}

__attribute__((noinline, format(printf, 3, 4))) static int
log_action(struct history *h, int verb, const char *format, ...)
{
  while (atomic_flag_test_and_set_explicit(&h->lock, memory_order_acquire))
    while (*(volatile unsigned char *)&h->lock) relax();
  if (h->length == ACTIONS_MAX) h->length = 0;
  if (h->length == h->room) {
    int room = h->room ? h->room * 2 : 8;
    struct action *actions = realloc(h->actions, room * sizeof *actions);
    if (!actions) {
      atomic_flag_clear_explicit(&h->lock, memory_order_release);
      return 0;
    }
    h->actions = actions;
    h->room = room;
  }
  struct action *a = &h->actions[h->length++];
  a->verb = verb;
  a->pid = 1;
  a->t = ticks;
  a->thread = 1;
  va_list rest;
  va_start(rest, format);
  vsnprintf(a->text, TEXT, format, rest);
  va_end(rest);
  atomic_flag_clear_explicit(&h->lock, memory_order_release);
  return 1;
}
#define LOG(h, verb, format, ...) \
  log_action(h, verb, "%s:%s:%d " format, "seed.c", __func__, __LINE__, __VA_ARGS__)

static double seconds(void)
{
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec + now.tv_nsec * 1e-9;
}

static void *work(void *who)
{
  long me = (long)who;
  for (;;) {
    pthread_barrier_wait(&begin);
    if (calls <= 0) return NULL;
    long refused = 0;
    for (long n = 0; n < calls; n++) {
      struct history *h = is_same ? same : &own[me][n & (OBJECTS - 1)];
      if (!LOG(h, 3, "send %d", (int)n)) refused++;
    }
    if (refused) abort();
    pthread_barrier_wait(&end);
  }
}

int main(int count, char **words)
{
  threads = count > 1 ? atoi(words[1]) : 1;
  is_same = count > 2 && strcmp(words[2], "same") == 0;
  if (threads < 1 || threads > THREADS_MAX) return 2;
  pthread_barrier_init(&begin, NULL, threads + 1);
  pthread_barrier_init(&end, NULL, threads + 1);
  for (long n = 0; n < threads; n++) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, work, (void *)n)) return 1;
  }
  while (scanf("%ld", &calls) == 1 && calls > 0) {
    double from = seconds();
    pthread_barrier_wait(&begin);
    pthread_barrier_wait(&end);
    printf("%.3f\n", (seconds() - from) * 1e9 / calls);
    fflush(stdout);
  }
  return 0;
}
