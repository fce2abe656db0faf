import { endianness } from 'node:os'

const IS_BIG_ENDIAN = endianness() === 'BE'

/** Bytes of a component. */
export const COMPONENT_BYTES = 4

/** Vectors one after the other as they are stored: 32-bit floats, the low byte first. */
export function bytesOf(vectors: readonly Float32Array[]): Uint8Array {
  const bytes = Buffer.alloc(vectors.reduce((sum, { byteLength }) => sum + byteLength, 0))
  let at = 0
  for (const vector of vectors) {
    bytes.set(new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength), at)
    at += vector.byteLength
  }
  return IS_BIG_ENDIAN ? bytes.swap32() : bytes
}

/** A vector that was stored. */
export function vectorOf(stored: Uint8Array): Float32Array {
  const bytes = Buffer.from(Uint8Array.from(stored).buffer)
  if (IS_BIG_ENDIAN) bytes.swap32()
  return new Float32Array(bytes.buffer, 0, bytes.length / COMPONENT_BYTES)
}
