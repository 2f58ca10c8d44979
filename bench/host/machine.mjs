// Where it was measured: figures without it say nothing.

import { availableParallelism, cpus, loadavg, release, totalmem } from 'node:os'

export function machine() {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown processor',
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${process.platform} ${release()} ${process.arch}`,
  }
}

/** Over the last minute; more than the cores means that others were waiting, too. */
export function load() {
  return Number(loadavg()[0].toFixed(2))
}
