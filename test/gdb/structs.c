// The structures that shdb shows of an image, as a C program would hold them: the same content, at the same addresses, as
// tcpImage() in test/support/fake-image.ts. So gdb's print, ptype, whatis, x, output and printf can be held against shdb's.
//
//   cc -g -O0 -o structs structs.c        run by record.mjs
#include <string.h>
#include <sys/mman.h>

enum struct_hist_verb { TCP_REF, TCP_UNREF, TCP_SEND2CHILD, TCP_DESTROY };

struct struct_hist_action {
  enum struct_hist_verb verb;
  unsigned long t;
  int pid;
  int tid;
  char *log;
};

struct struct_hist {
  void *obj;
  char *obj_name;
  unsigned long created;
  int ref;
  int len;
  int flush_offset;
  struct struct_hist_action *actions;
};

struct struct_hist_list {
  char *obj_name;
  int len;
  int win_sz;
  unsigned long total_obj;
  int auto_logging;
  struct struct_hist **objects;
};

struct struct_hist *sh;
struct struct_hist_list *shl;

static void *at(unsigned long address, unsigned long bytes) {
  void *p = mmap((void *)address, bytes, PROT_READ | PROT_WRITE,
                 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
  return p;
}

static char *text(int place, const char *text) {
  return strcpy((char *)0x7f95acf70000 + place * 128, text);
}

void stop(void) {}

int main(void) {
  at(0x7f95acf60000, 0x20000);
  at(0x480000000000, 4096);
  at(0x400000000000, 4096);
  struct struct_hist_action *actions = at(0x200000200000, 4096);
  char *name = strcpy((char *)0x480000000000, "TCP con");
  actions[0] = (struct struct_hist_action){TCP_REF, 48360500000, 49219, 1, text(0, "connect, (1)")};
  actions[1] = (struct struct_hist_action){TCP_UNREF, 48360500000, 49219, 2, text(1, "send 6, (1)")};
  actions[2] = (struct struct_hist_action){TCP_REF, 48360600000, 49313, 3, text(2, "tcpconn read, (1)")};
  actions[3] = (struct struct_hist_action){TCP_SEND2CHILD, 48360600000, 49313, 3, text(3, "read")};
  actions[4] = (struct struct_hist_action){TCP_UNREF, 51601200000, 49313, 3, text(4, "tcpworker destroy, (1)")};
  actions[5] = (struct struct_hist_action){TCP_DESTROY, 51601200000, 49313, 3,
    text(5, "type=2 \"quoted\" \t\n\\ \303\251 aaaaaaaaaaaaaaaaaaaa")};
  sh = (struct struct_hist *)0x7f95acf61000;
  *sh = (struct struct_hist){(void *)0x7f95acf6ea60, name, 48360499000, 1, 6, 0, actions};
  shl = (struct struct_hist_list *)0x7f95acf60400;
  struct struct_hist **objects = (struct struct_hist **)0x400000000000;
  objects[0] = sh;
  *shl = (struct struct_hist_list){name, 1, 10000, 1, 0, objects};
  stop();
  return 0;
}
