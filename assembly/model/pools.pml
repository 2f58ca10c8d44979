/* What event.pml takes for granted: the stack of free items (pools.ts), and that a block goes with all its texts.

   STACK  Treiber's stack with a change count. Threads pop two items and push them back in the order they came; their
          stores go into a buffer of their own first, and leave it in any order. Each item must be free at most once.
   TEXTS  A writer hangs a text block on an event block, then commits; another thread looks at the commits and frees the
          block with its texts. Without -DORDERED_LOOKS that thread's loads may be satisfied in any order (ARM64). */

#ifdef TEXTS

/* The two words that the releaser reads, in the order in which memory saw them change: a hang, later the commit. */
bool hung, committed;

active proctype Writer() {
  hung = true;                       /* hangText: a swap */
  committed = true                   /* E4: a release, or x86-64 */
}

active proctype Releaser() {
  bool sawText, sawCommit;
  if
  :: sawCommit = committed; sawText = hung
#ifndef ORDERED_LOOKS
  :: sawText = hung; sawCommit = committed
#endif
  fi;
  assert(!sawCommit || sawText)      /* else the text block is neither free nor reached, for ever */
}

#else

#ifndef THREADS
#define THREADS 2
#endif
#ifndef ROUNDS
#define ROUNDS 2
#endif
#define ITEMS 3                      /* numbers 1 to 3; 0 ends the stack */

byte top, count;                     /* one word: swapped together */
byte next[ITEMS + 1];
byte slot[THREADS * 2], link[THREADS * 2];   /* up to two links on their way to memory */
bool isTaken[ITEMS + 1];

#define isFlushed(t) (slot[2 * (t)] == 0 && slot[2 * (t) + 1] == 0)
#ifdef BREAK_COUNT
#define sameCount true
#else
#define sameCount (count == c)
#endif

proctype Machine(byte t) {
end:
  do
  :: d_step { slot[2 * t] != 0 -> next[slot[2 * t]] = link[2 * t]; slot[2 * t] = 0; link[2 * t] = 0 }
  :: d_step { slot[2 * t + 1] != 0 -> next[slot[2 * t + 1]] = link[2 * t + 1]; slot[2 * t + 1] = 0; link[2 * t + 1] = 0 }
  od
}

inline pop(t, item) {
  do
  :: atomic { item = top; c = count };
     if :: item == 0 -> break :: else fi;
     n = next[item];                 /* perhaps of an item that is in use again: then the swap fails */
     atomic {
       isFlushed(t) ->
       if
       :: top == item && sameCount ->
          assert(!isTaken[item]);
          isTaken[item] = true; top = n; count++; c = 0; n = 0; break
       :: else -> c = 0; n = 0; item = 0
       fi
     }
  od
}

inline push(t, item) {
  do
  :: item == 0 -> break
  :: else ->
     atomic { n = top; c = count };
     atomic {
       if
       :: slot[2 * t] == 0 -> slot[2 * t] = item; link[2 * t] = n
       :: else -> slot[2 * t + 1] == 0; slot[2 * t + 1] = item; link[2 * t + 1] = n
       fi
     };
     atomic {
       isFlushed(t) ->
       if
       :: top == n && sameCount ->
          assert(isTaken[item]);
          isTaken[item] = false; top = item; count++; c = 0; n = 0; item = 0; break
       :: else -> c = 0; n = 0
       fi
     }
  od
}

proctype Thread(byte t) {
  byte one, two, c, n, round;
  do
  :: round == ROUNDS -> break
  :: else ->
     pop(t, one);
     if :: pop(t, two) :: true fi;
     push(t, one);
     push(t, two);
     round++
  od
}

init {
  byte n;
  atomic {
    for (n : 1 .. ITEMS) { next[n] = n - 1 };
    top = ITEMS;
    for (n : 0 .. THREADS - 1) { run Machine(n) };
    for (n : 0 .. THREADS - 1) { run Thread(n) };
    n = 0
  }
  /* All have ended: what nobody holds is in the stack, once. */
  (_nr_pr == THREADS + 1) ->
  d_step {
    n = 0;
    do
    :: top != 0 -> n++; assert(n <= ITEMS && !isTaken[top]); top = next[top]
    :: else -> break
    od;
    assert(n == ITEMS)
  }
}
#endif
