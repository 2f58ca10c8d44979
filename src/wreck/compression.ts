// What a file is compressed by, told by its first bytes.

const FORMATS = [
  { name: 'gzip', magic: [0x1f, 0x8b] },
  { name: 'zstd', magic: [0x28, 0xb5, 0x2f, 0xfd] },
  { name: 'lz4', magic: [0x04, 0x22, 0x4d, 0x18] },
] as const

export type Compression = (typeof FORMATS)[number]['name']

/** So many bytes tell. */
export const COMPRESSION_HEAD_BYTES = 4

/** How it is compressed, if it is. */
export function compressionOf(head: Uint8Array): Compression | undefined {
  return FORMATS.find(({ magic }) => magic.every((byte, i) => head[i] === byte))?.name
}
