import { isSymmetricType } from '../../model/relationship-type.js'

/** By the number of a type: 1 where it holds in both directions. */
export function symmetryOf(types: readonly string[]): Uint8Array {
  const flags = new Uint8Array(new SharedArrayBuffer(types.length))
  types.forEach((type, number) => {
    flags[number] = isSymmetricType(type) ? 1 : 0
  })
  return flags
}
