import type { GraphBackendCase } from '../../src/testing/index.js'

/*
 * A file and the backend without SQL are given every case of the kit. A database in memory and a remote one share their SQL with a
 * file, a replica reads as a file does and writes as a remote one: they are given the cases in which it matters that they are no file,
 * and some of all; `npm run test:long` gives them every case.
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

/** Chooses the cases in which it matters what is no plain file, or one of so many of those, and one of so many others. */
export function sampleOf(oneOf: number, oneOfThese = 1): (testCase: GraphBackendCase, at: number) => boolean {
  return ({ group }, at) => isWhole || at % (WHERE_IT_MATTERS.has(group) ? oneOfThese : oneOf) === 0
}
