/* The life of an event and of its block, on a machine whose plain stores are seen late.

   One history slot, lives 1 and 2 in it. Writers log ROUNDS events into each; the owner ends life 1, begins life 2, ends it.
   A life has one entry, whose block holds PLACES events; where it has more EVENTS, one turn follows the other in there.
   A thread's stores go into its own buffer and from there to memory: in their order (x86-64), with -DWEAK in any order
   that keeps the stores to one word (ARM64). A locked instruction waits until its thread's buffer is empty. Loads happen
   in program order, but for E1 and E2: docs/CONCURRENCY.md argues the others, pools.pml shows one that had to be ordered.

   Steps are those of the core: E1-E4 event.ts, P1 P3 list.ts, R1 R2 blocks.ts. The free blocks are a set here; the stack is
   pools.pml. Each BREAK_… leaves one step out or puts it elsewhere, and must be found (test/verify/model.mjs). */

#ifndef WRITERS
#define WRITERS 2
#endif
#ifndef BLOCKS
#define BLOCKS 2
#endif
#ifndef LIVES
#define LIVES 2
#endif
#ifndef PLACES
#define PLACES  2                    /* events per block */
#endif
#ifndef EVENTS
#define EVENTS  PLACES               /* of a life, at most; up to 4 */
#endif
#ifndef ROUNDS
#define ROUNDS  1
#endif
#ifndef DEPTH
#define DEPTH   3                    /* stores that one thread may have under way */
#endif
#define THREADS (WRITERS + 1)
#define OWNER   WRITERS

/* Words: control live | life << 1 | claimed << 4; entry block + 1 | times taken << 2 | parity << 5 | turn << 6; tail the same,
   but the life << 2 and the parity << 7, the turn << 5 */
#define CONTROL 0
#define TAIL    1
#define ENTRY   2
#define STATE(b)    (3 + (b) * 6)    /* times taken << 4 | the parity that its entry had << 3 | FREE, IN_USE, ABANDONED + claimed */
#define LIFE(b)     (4 + (b) * 6)
#define CHECK(b, n) (5 + (b) * 6 + 2 * (n))
#define DATA(b, n)  (6 + (b) * 6 + 2 * (n))
#define WORDS       (3 + BLOCKS * 6)
#define FREE      0
#define IN_USE    1
#define ABANDONED 2

#define LATER     255

#define liveOf(c)     ((c) & 1)
#define lifeOf(c)     (((c) >> 1) & 7)
#define claimedOf(c)  ((c) >> 4)
#define turnOf(i)     ((i) / PLACES)
#define blockIn(e)    (((e) & 3) - 1)
#define parityIn(e)   (((e) >> 5) & 1)
#define turnIn(e)     ((e) >> 6)
#define entryOf(b, p, n, i) ((turnOf(i) << 6) | ((p) << 5) | (((n) & 7) << 2) | ((b) + 1))
#define turned(e, i)  ((turnOf(i) << 6) | (other(parityIn(e)) << 5) | ((e) & 31))
#define inThere(e, c) (claimedOf(c) > (turnIn(e) + 1) * PLACES -> PLACES : claimedOf(c) - turnIn(e) * PLACES)
#define tailOf(e, g)  ((parityIn(e) << 7) | (turnIn(e) << 5) | ((g) << 2) | ((e) & 3))
#define isTailOf(x, g) ((((x) >> 2) & 7) == (g))
#define isAt(x, i)    (((x) & 3) != 0 && (((x) >> 5) & 3) == turnOf(i))
/* Where loads keep their order the straight way does not ask whose tail it is. */
#ifdef WEAK
#define mayBeOf(x, g) isTailOf(x, g)
#else
#define mayBeOf(x, g) true
#endif
/* The argument, and the check that only it has, with the mark: the parity of its entry. */
#define record(g, i, p, t) (((g) << 4) | ((i) << 2) | ((p) << 1) | (t) | 128)
#define markIn(w)     (((w) >> 1) & 1)
#ifdef BREAK_PARITY
#define other(p) (p)
#else
#define other(p) (1 - (p))
#endif

byte mem[WORDS];
byte at[THREADS * DEPTH], value[THREADS * DEPTH], filled[THREADS];   /* the store buffers */
byte opened;                         /* the newest life whose handle was handed out */

/* What no thread can see: who claimed, which record is whole in memory, which block has an event under way. */
byte claimedBy[8], pins[BLOCKS];
bool whole[8], isFree[BLOCKS];
#define eventOf(g, i) ((g) * EVENTS + (i) - EVENTS)

inline load(t, a, r) {
  d_step {
    r = mem[a]; k = 0;
    do
    :: k < filled[t] -> if :: at[t * DEPTH + k] == a -> r = value[t * DEPTH + k] :: else fi; k++
    :: else -> break
    od
  }
}
inline store(t, a, v) {
  atomic { filled[t] < DEPTH -> at[t * DEPTH + filled[t]] = a; value[t * DEPTH + filled[t]] = v; filled[t]++ }
}
inline swapIf(t, a, old, new, ok) {
  atomic { filled[t] == 0 -> ok = (mem[a] == old); if :: ok -> mem[a] = new :: else fi }
}
/* A commit has reached memory: from now on nothing of its event may come, and everybody must see it. */
inline seen(a, v) {
  if
  :: a >= 3 && (a - 3) % 6 >= 2 && (a - 3) % 2 == 0 && v != 0 ->
     whole[eventOf((v >> 4) & 7, (v >> 2) & 3)] = true;
     pins[(a - 3) / 6]--
  :: else
  fi
}

/* A store that all earlier ones of its thread come before: any on x86-64, a release elsewhere. */
inline settle(t, a, v) {
#if defined(WEAK) && !defined(BREAK_PLAIN_COMMIT)
  atomic { filled[t] == 0 -> mem[a] = v; seen(a, v) }
#else
  store(t, a, v)
#endif
}
/* One store leaves the buffer of a thread. */
#define from(t, n) at[(t) * DEPTH + (n)]
inline drain(t, n) {
  mem[from(t, n)] = value[t * DEPTH + n];
  seen(from(t, n), value[t * DEPTH + n]);
  k = n;
  do
  :: k + 1 < filled[t] -> from(t, k) = from(t, k + 1); value[t * DEPTH + k] = value[t * DEPTH + k + 1]; k++
  :: else -> break
  od;
  filled[t]--;
  from(t, filled[t]) = 0; value[t * DEPTH + filled[t]] = 0; k = 0
}
proctype Machine(byte t) {
  byte k;
end:
  do
  :: d_step { filled[t] > 0 -> drain(t, 0) }
#ifdef WEAK
  :: d_step { filled[t] > 1 && from(t, 1) != from(t, 0) -> drain(t, 1) }
  :: d_step { filled[t] > 2 && from(t, 2) != from(t, 0) && from(t, 2) != from(t, 1) -> drain(t, 2) }
#endif
  od
}

/* Its n claimed events have the mark q. The places behind them, which may have the other one, are cleared. */
inline free(t, b, q, n) {
  if :: n < 1 -> store(t, CHECK(b, 0), 0) :: else fi;
#if PLACES > 1
  if :: n < 2 -> store(t, CHECK(b, 1), 0) :: else fi;
#endif
  load(t, STATE(b), v);
  store(t, STATE(b), (v & 240) | (q << 3) | FREE);
  atomic { filled[t] == 0 -> assert(!isFree[b]); assert(pins[b] == 0); isFree[b] = true; v = 0 }
}
/* Whether the first n events of the block are committed, by the mark q. */
inline look(t, b, q, n, ok) {
  ok = true; j = 0;
  do
  :: j < n -> load(t, CHECK(b, j), v); if :: v == 0 || markIn(v) != q -> ok = false; break :: else -> j++ fi
  :: else -> break
  od;
  j = 0; v = 0
}
inline release(t, b, q, n) {         /* R1 */
#ifdef BREAK_WAIT
  pins[b] == 0;
#endif
#ifdef BREAK_RELEASE
  ok = true;
#else
  look(t, b, q, n, ok);
#endif
  if
  :: ok -> free(t, b, q, n)
  :: else -> load(t, STATE(b), v); settle(t, STATE(b), (v & 240) | (q << 3) | (ABANDONED + n)); v = 0
  fi
}
inline sweep(t, b) {                 /* R2 */
  load(t, STATE(b), s);
  if
  :: (s & 7) >= ABANDONED + 1 ->
     look(t, b, ((s >> 3) & 1), (s & 7) - ABANDONED, ok);
     if
     :: ok ->
#ifdef BREAK_SWEEP
        atomic { filled[t] == 0 -> ok = ((mem[STATE(b)] & 7) == (s & 7)); if :: ok -> mem[STATE(b)] = (mem[STATE(b)] & 240) | IN_USE :: else fi };
#else
        swapIf(t, STATE(b), s, (s & 240) | IN_USE, ok);
#endif
        if :: ok -> free(t, b, ((s >> 3) & 1), (s & 7) - ABANDONED) :: else fi
     :: else
     fi
  :: else
  fi;
  s = 0; ok = false
}
/* A free block, or after one look at each abandoned one NONE. */
inline take(t, b) {
  b = 0;
  do
  :: b == BLOCKS -> break
  :: b < BLOCKS -> sweep(t, b);
     atomic { if :: isFree[b] -> assert(pins[b] == 0); isFree[b] = false; break :: else -> b++ fi }
  od
}
/* Its entry for event i, in s. */
inline begin(t, b, g, i) {
  load(t, STATE(b), v); s = entryOf(b, other((v >> 3) & 1), (v >> 4) + 1, i);
  store(t, STATE(b), (v & 240) + 16 + IN_USE); v = 0;
  store(t, LIFE(b), g)
}
/* A spent block begun anew where it lies; its entry in s. */
inline renew(t, e, i, ok) {
  s = turned(e, i);
  atomic {
    filled[t] == 0 ->
    ok = (mem[ENTRY] == e);
    if :: ok -> assert(pins[blockIn(e)] == 0); mem[ENTRY] = s :: else fi
  }
}

/* A thread may stop for ever here; the machine still empties its buffer. */
#define MAY_STOP if :: true -> goto stopped :: true fi

/* The index is nobody's yet, is the next of a life that stands, and its place is in no free block. */
inline claimed() {
  assert(liveOf(mem[CONTROL]) && lifeOf(mem[CONTROL]) == g && claimedOf(mem[CONTROL]) == i + 1);
  assert(claimedBy[eventOf(g, i)] == 0 && !isFree[b]);
  claimedBy[eventOf(g, i)] = t + 1;
  pins[b]++
}

proctype Writer(byte t) {
  byte g = 1, c, x, e, b, f, h, i, j, k, p, r, s, v; bool ok;
  do
  :: g > LIVES -> break
  :: else ->
     opened >= g;                    /* the handle came, in a message */
again:
     x = LATER;
#ifdef WEAK
     if :: load(t, TAIL, x) :: true fi;   /* two plain loads: the second may be satisfied first */
#endif
     load(t, CONTROL, c);            /* E1 */
     if :: !liveOf(c) || lifeOf(c) != g -> goto gone :: else fi;
     i = claimedOf(c);
     if :: i == EVENTS -> goto gone :: else fi;
     if :: x == LATER -> load(t, TAIL, x) :: else fi;   /* E2 */
     if
     :: mayBeOf(x, g) && isAt(x, i) -> b = blockIn(x); p = x >> 7
     :: else ->
        load(t, TAIL, x);
#ifndef BREAK_TAIL
        if :: !isTailOf(x, g) -> goto again :: else fi;   /* that of a later life is not to be swapped for one of this */
#endif
        load(t, ENTRY, e);
        h = g + 1;
        if :: (e & 3) != 0 -> load(t, LIFE(blockIn(e)), h) :: else fi;
        if
        :: h == g && turnIn(e) == turnOf(i) -> s = e
#if EVENTS > PLACES
        :: h == g && turnIn(e) > turnOf(i) -> goto again
#endif
        :: else ->
           ok = false;
           if
#if EVENTS > PLACES
#ifdef BREAK_RENEWAL
           :: h == g -> ok = true
#else
           :: h == g -> look(t, blockIn(e), parityIn(e), PLACES, ok)
#endif
#endif
           :: h != g && (e & 3) != 0 -> load(t, CONTROL, v); if :: !liveOf(v) || lifeOf(v) != g -> v = 0; goto again :: else -> v = 0 fi
           :: else
           fi;
           if
           :: ok -> renew(t, e, i, ok); if :: !ok -> goto again :: else fi
           :: else ->
              take(t, f);
              if :: f == BLOCKS -> goto gone :: else fi;
              begin(t, f, g, i);
              swapIf(t, ENTRY, e, s, ok);
              if
              :: !ok -> free(t, f, 0, 0); goto again
#if EVENTS > PLACES
              :: ok && h == g -> release(t, blockIn(e), parityIn(e), PLACES)
#endif
              :: (e & 3) != 0 && h != g && ok -> free(t, blockIn(e), parityIn(e), 0)   /* left behind by a late thread: nothing claimed in it */
              :: else
              fi
           fi
        fi;
        b = blockIn(s); p = parityIn(s);
        swapIf(t, TAIL, x, tailOf(s, g), ok)
     fi;
     h = 0; e = 0; f = 0; x = 0; s = 0;
#ifdef BREAK_CLAIM
     atomic { filled[t] == 0 -> ok = true; i = claimedOf(mem[CONTROL]); if :: i == EVENTS -> goto gone :: else -> mem[CONTROL] = mem[CONTROL] + 16; fi; claimed() }
#else
     atomic {                        /* E3 */
       filled[t] == 0 ->
       if
       :: mem[CONTROL] == c -> mem[CONTROL] = c + 16; claimed()
       :: else -> c = 0; goto again
       fi
     }
#endif
     c = 0;
     MAY_STOP;
#ifdef BREAK_COMMIT_FIRST
     settle(t, CHECK(b, i % PLACES), record(g, i, p, t)); store(t, DATA(b, i % PLACES), record(g, i, p, t));
#else
     store(t, DATA(b, i % PLACES), record(g, i, p, t));
     settle(t, CHECK(b, i % PLACES), record(g, i, p, t));   /* E4 */
#endif
#if ROUNDS > 1
     r++; b = 0; i = 0; p = 0; ok = false;
     if :: r < ROUNDS -> goto again :: else fi;
#endif
gone:
     g++; c = 0; x = 0; e = 0; b = 0; f = 0; h = 0; i = 0; p = 0; r = 0; s = 0; ok = false
  od;
stopped:
  g = 0; c = 0; x = 0; e = 0; b = 0; f = 0; h = 0; i = 0; p = 0; r = 0; s = 0; ok = false
}
proctype Owner() {
  byte g = 1, c, e, n, h, j, k, v; bool ok;
  do
  :: g > LIVES -> break
  :: else ->
     /* P1: a free slot. P3: the life stands. */
     store(OWNER, TAIL, g << 2); settle(OWNER, CONTROL, 1 | (g << 1));
     atomic { filled[OWNER] == 0 -> opened = g };   /* P4, and a message: both locked */
     do                              /* leaves the window */
     :: load(OWNER, CONTROL, c); swapIf(OWNER, CONTROL, c, c & 254, ok); if :: ok -> break :: else fi
     od;
     do                              /* its block out of the entry, by whoever swaps it */
     :: load(OWNER, ENTRY, e);
        if
        :: (e & 3) == 0 -> break
        :: else ->
           swapIf(OWNER, ENTRY, e, e & 252, ok);
           if
           :: ok -> load(OWNER, LIFE(blockIn(e)), h);
              n = (h == g -> inThere(e, c) : 0);
              release(OWNER, blockIn(e), parityIn(e), n);
              break
           :: else
           fi
        fi
     od;
     g++; c = 0; e = 0; n = 0; h = 0; ok = false
  od;
  g = 0
}

/* Reads at any moment, as snapshots and dumps do: of the life that stands, what was whole before must be there, and what
   has a check must be right, as long as that life still stands, and the event's turn lasts, when it is through. */
proctype Reader() {
  byte c, g, i, e, b, h, w, d, after; bool must;
  select (i : 0 .. EVENTS - 1);
  c = mem[CONTROL]; g = lifeOf(c);
  if
  :: liveOf(c) && i < claimedOf(c) ->
     must = whole[eventOf(g, i)];
     e = mem[ENTRY]; b = blockIn(e);
     if
     :: (e & 3) != 0 -> h = mem[LIFE(b)];
        if :: h == g -> w = mem[CHECK(b, i % PLACES)]; d = mem[DATA(b, i % PLACES)] :: else fi;
        /* of another event, by its check; of another turn, by its mark */
        if :: ((w >> 2) & 31) != ((g << 2) | i) || markIn(w) != parityIn(e) -> w = 0 :: else fi
     :: else
     fi;
#if EVENTS > PLACES
     e = mem[ENTRY];
#endif
     after = mem[CONTROL];
     if
     :: liveOf(after) && lifeOf(after) == g && ((e & 3) == 0 || turnIn(e) == turnOf(i)) ->
        assert(!must || w != 0);
        assert(w == 0 || (w == d && (w & 253) == record(g, i, 0, claimedBy[eventOf(g, i)] - 1)))
     :: else
     fi
  :: else
  fi
}

init {
  byte n;
  atomic {
    for (n : 0 .. BLOCKS - 1) { isFree[n] = true };
    for (n : 0 .. WRITERS - 1) { run Writer(n) };
    for (n : 0 .. THREADS - 1) { run Machine(n) };
    run Owner(); run Reader();
    n = 0
  }
}
