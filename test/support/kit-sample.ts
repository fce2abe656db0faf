import type { GraphBackendCase } from '../../src/testing/index.js'

/*
 * A remote backend shares its SQL with a file, a replica reads as a file does and writes as a remote one; a file is given every case of
 * the kit. Those that cross a network are given the cases in which that matters, and some of all; `npm run test:long` gives them every
 * case.
 */

const WHERE_IT_MATTERS: ReadonlySet<string> = new Set([
  'rig',
  'bulk',
  'changes',
  'raw query',
  'versions',
  'vector search',
  'audit log',
])

/** Whether every case is run. */
export const isWhole: boolean = process.env['TEST_LONG'] === 'yes'

/** Chooses the cases where a network matters, and one of so many others. */
export function sampleOf(oneOf: number): (testCase: GraphBackendCase, at: number) => boolean {
  return ({ group }, at) => isWhole || WHERE_IT_MATTERS.has(group) || at % oneOf === 0
}
