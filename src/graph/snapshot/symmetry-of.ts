import { SYMMETRIC_TYPES } from '../../model/relationship-type.js'

/** By the number of a type: 1 where it holds in both directions. */
export function symmetryOf(types: readonly string[]): Uint8Array {
  const symmetric: ReadonlySet<string> = new Set(SYMMETRIC_TYPES)
  const flags = new Uint8Array(new SharedArrayBuffer(types.length))
  types.forEach((type, number) => {
    flags[number] = symmetric.has(type) ? 1 : 0
  })
  return flags
}
