// How long everything is measured. `tiny` proves that it runs, and its figures mean nothing.

/**
 * rounds: floor and subject take turns this often. slices: timed batches a round, whose median counts.
 * batchMs: how long a batch lasts at least. warmUpMs: how long each loop runs before. spanMs: one run of threads.
 */
export const EFFORTS = {
  full: {
    rounds: 61,
    slices: 3,
    batchMs: 0.5,
    warmUpMs: 300,
    spanMs: 60,
    threadRounds: 25,
    copies: 15,
    starts: 9,
  },
  quick: {
    rounds: 21,
    slices: 3,
    batchMs: 0.3,
    warmUpMs: 150,
    spanMs: 30,
    threadRounds: 9,
    copies: 5,
    starts: 5,
  },
  tiny: {
    rounds: 2,
    slices: 1,
    batchMs: 0.01,
    warmUpMs: 1,
    spanMs: 2,
    threadRounds: 2,
    copies: 2,
    starts: 1,
  },
}
