import { endianness } from 'node:os'
import { ValidationError } from '../errors.js'

const COMPONENT_BYTES = 4
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/

/** A vector as base64 text of its components: 32-bit floats, the low byte first. */
export function encodeVector(vector: Float32Array): string {
  return inFileOrder(Buffer.copyBytesFrom(vector)).toString('base64')
}

/**
 * The vector that a text stands for.
 *
 * @throws `MG_VALIDATION` it is no base64, or not of whole components
 */
export function decodeVector(text: string): Float32Array {
  const bytes = Buffer.from(text, 'base64')
  if (!BASE64.test(text) || text.length % 4 !== 0 || bytes.length % COMPONENT_BYTES !== 0)
    throw new ValidationError('Invalid embedding: vector: must be base64 text of 32-bit floats')
  const components = Uint8Array.from(inFileOrder(bytes)) // begins where a float may begin
  return new Float32Array(components.buffer)
}

function inFileOrder(bytes: Buffer): Buffer {
  return endianness() === 'BE' ? bytes.swap32() : bytes
}
