// What a core says of its process: who it was, which signal ended it, which files it had mapped.

/** A file that was mapped, which a core leaves out: its bytes are in the file. */
export interface MappedFile {
  readonly start: number
  readonly end: number
  readonly path: string
}

export interface CoreNotes {
  /** 0 where it is not told. */
  readonly pid: number
  /** Arguments as they were given, 80 bytes at the most; '' where not told. */
  readonly command: string
  /** 0: none, as in a core that a living process left. */
  readonly signal: number
  readonly files: readonly MappedFile[]
}

const NOTE_HEADER_BYTES = 12
const NT_PRSTATUS = 1
const NT_PRPSINFO = 3
const NT_FILE = 0x46494c45
/** Equal on x86-64 and AArch64. */
const PRSTATUS_SIGNAL = 12
const PRSTATUS_PID = 32
const PRPSINFO_PID = 24
const PRPSINFO_NAME = 40
const PRPSINFO_ARGUMENTS = 56
const NAME_BYTES = 16
const ARGUMENTS_BYTES = 80
const FILES_MAX = 1 << 16

const SIGNALS = (
  'HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT ' +
  'CHLD CONT STOP TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH IO PWR SYS'
).split(' ')

/** `SIGABRT`; the number where it has no name. */
export const signalName = (signal: number): string => {
  const name = SIGNALS[signal - 1]
  return name === undefined ? `signal ${signal}` : `SIG${name}`
}

/** Whatever is damaged or missing is left out. */
export function readNotes(bytes: Uint8Array): CoreNotes {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  let pid = 0
  let command = ''
  let signal = 0
  let files: readonly MappedFile[] = []
  let hasStatus = false
  for (let at = 0; at + NOTE_HEADER_BYTES <= bytes.length; ) {
    const nameBytes = view.getUint32(at, true)
    const length = view.getUint32(at + 4, true)
    const type = view.getUint32(at + 8, true)
    const from = at + NOTE_HEADER_BYTES + aligned(nameBytes)
    const end = from + length
    if (end > bytes.length) break
    // The first is that of the thread that failed.
    if (type === NT_PRSTATUS && !hasStatus && length >= PRSTATUS_PID + 4) {
      hasStatus = true
      signal = view.getUint16(from + PRSTATUS_SIGNAL, true)
    }
    if (type === NT_PRPSINFO && length >= PRPSINFO_ARGUMENTS + ARGUMENTS_BYTES) {
      pid = view.getInt32(from + PRPSINFO_PID, true)
      const given = textAt(bytes, from + PRPSINFO_ARGUMENTS, ARGUMENTS_BYTES)
      command = given.trim() || textAt(bytes, from + PRPSINFO_NAME, NAME_BYTES)
    }
    if (type === NT_FILE) files = filesIn(bytes.subarray(from, end))
    at = from + aligned(length)
  }
  return { pid, command, signal, files }
}

const aligned = (length: number): number => Math.ceil(length / 4) * 4

function textAt(bytes: Uint8Array, at: number, most: number): string {
  const end = bytes.subarray(at, at + most).indexOf(0)
  return new TextDecoder().decode(bytes.slice(at, at + (end < 0 ? most : end))).trim()
}

/** count, page size; then start, end and offset of each; then the names, zero-terminated. */
function filesIn(bytes: Uint8Array): readonly MappedFile[] {
  if (bytes.length < 16) return []
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const count = Math.min(Number(view.getBigUint64(0, true)), FILES_MAX)
  const names = 16 + count * 24
  if (names > bytes.length) return []
  const paths = new TextDecoder().decode(bytes.slice(names)).split('\0')
  return Array.from({ length: count }, (_, i) => ({
    start: Number(view.getBigUint64(16 + i * 24, true)),
    end: Number(view.getBigUint64(24 + i * 24, true)),
    path: paths[i] ?? '',
  }))
}
