// What `shdb merge` writes behind the images of a row: whose each of them is. docs/FORMAT.md has the table.

import { bytesCheck } from '../image/check.ts'
import type { HostClock } from '../image/image.ts'

/** One of them, in the order of the row. */
export interface Origin {
  /** What shdb calls the image: a host, a service, a file. */
  readonly label: string
  /** '' where nobody said. */
  readonly host: string
  readonly hostClock: HostClock | undefined
}

export const MANIFEST_BYTES = 65_536
const MAGIC = 'shdb merge row 1'
const LENGTH = 16
const CHECK = 20
const TEXT = 24
const NAME_CHARACTERS_MAX = 200
/** About thirty years. */
const MICROS_MAX = 1e15

export function manifestOf(origins: readonly Origin[]): Uint8Array {
  const short = origins.map(({ label, host, hostClock }) => ({
    label: shortened(label),
    ...(host !== '' && { host: shortened(host) }),
    ...(hostClock && { clock: hostClock }),
  }))
  const text = new TextEncoder().encode(JSON.stringify({ images: short }))
  const bytes = new Uint8Array(MANIFEST_BYTES)
  bytes.set(new TextEncoder().encode(MAGIC))
  const view = new DataView(bytes.buffer)
  view.setUint32(LENGTH, text.length, true)
  view.setUint32(CHECK, bytesCheck(text, 0), true)
  bytes.set(text, TEXT)
  return bytes
}

export function isManifest(bytes: Uint8Array): boolean {
  return [...MAGIC].every((letter, i) => bytes[i] === letter.charCodeAt(0))
}

/** Undefined where it is none, or a damaged one. */
export function readManifest(bytes: Uint8Array): readonly Origin[] | undefined {
  if (bytes.length < TEXT || !isManifest(bytes)) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const length = view.getUint32(LENGTH, true)
  if (length > bytes.length - TEXT) return undefined
  const text = bytes.slice(TEXT, TEXT + length)
  if (bytesCheck(text, 0) !== view.getUint32(CHECK, true)) return undefined
  try {
    const { images } = JSON.parse(new TextDecoder().decode(text)) as { images?: unknown }
    if (!Array.isArray(images)) return undefined
    return images.map((each: { label?: unknown; host?: unknown; clock?: unknown } | null) => ({
      label: shortened(String(each?.label ?? '')),
      host: shortened(String(each?.host ?? '')),
      hostClock: clockOf(each?.clock),
    }))
  } catch {
    return undefined
  }
}

const shortened = (name: string) => name.slice(0, NAME_CHARACTERS_MAX)

function clockOf(given: unknown): HostClock | undefined {
  const { offset, uncertainty } = (given ?? {}) as Partial<HostClock>
  const isNumber = (value: unknown) =>
    Number.isFinite(value) && Math.abs(value as number) < MICROS_MAX
  if (!isNumber(offset) || !isNumber(uncertainty)) return undefined
  return { offset: offset as number, uncertainty: Math.abs(uncertainty as number) }
}
