import assert from 'node:assert/strict'
import type { GraphBackend } from '../backends/graph-backend.js'
import type { MemoryErrorCode } from '../errors.js'
import type { SearchQuery } from '../model/search-query.js'

/** How times are written on the way out. */
export const CANONICAL_TIMESTAMP: RegExp = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}\+00:00$/

/** Codes that belong to one class alone. */
const CLASS_NAMES: { readonly [code: string]: string } = {
  MG_VALIDATION: 'ValidationError',
  MG_RELATIONSHIP: 'RelationshipError',
  MG_CONFLICT: 'ConflictError',
  MG_NOT_SUPPORTED: 'NotSupportedError',
}

/** What an action throws or rejects with; `undefined` when it succeeds. */
export async function failureOf(action: () => unknown): Promise<unknown> {
  try {
    await action()
  } catch (error) {
    return error ?? new Error('rejected without an error')
  }
  return undefined
}

/** The code of what an action throws or rejects with; `undefined` when it succeeds. */
export async function codeOf(action: () => unknown): Promise<unknown> {
  const error = await failureOf(action)
  return error === undefined ? undefined : ((error as { code?: unknown }).code ?? String(error))
}

/** Asserts that an action rejects with one of these codes, as an error that is named after its class. */
export async function rejectsWith(
  expected: MemoryErrorCode | readonly MemoryErrorCode[],
  action: () => unknown,
  about = 'it',
): Promise<void> {
  const codes: readonly string[] = typeof expected === 'string' ? [expected] : expected
  const error = await failureOf(action)
  if (error === undefined) assert.fail(`${about} should reject with ${codes.join(' or ')}, but resolved`)
  assert.ok(error instanceof Error, `${about} rejects with something that is no Error: ${String(error)}`)
  const code = (error as Error & { code?: unknown }).code
  assert.ok(
    typeof code === 'string' && codes.includes(code),
    `${about} should reject with ${codes.join(' or ')}, but rejected with ${String(code)}: ${error.stack}`,
  )
  assert.equal(error.name, error.constructor.name, `${about}: the error's name is its class name`)
  if (CLASS_NAMES[code] !== undefined) assert.equal(error.name, CLASS_NAMES[code], about)
}

/** All that an iterable yields. */
export async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = []
  for await (const item of items) all.push(item)
  return all
}

/** The ids, in the order of the items. */
export function idsOf(items: readonly { readonly id: string }[]): string[] {
  return items.map((item) => item.id)
}

/** The ids in alphabetical order, for sets. */
export function idSetOf(items: readonly { readonly id: string }[]): string[] {
  return idsOf(items).sort()
}

/** Freezes a value and all in it, so that whoever changes it throws. */
export function deepFreeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const member of Object.values(value)) deepFreeze(member)
  }
  return value
}

/** Asserts that a value is nothing but JSON: no `undefined`, no dates, no classes, and can be posted to a worker. */
export function assertPlain(value: unknown, about: string): void {
  assert.deepEqual(JSON.parse(JSON.stringify(value)), value, `${about} is plain JSON`)
  assert.deepEqual(structuredClone(value), value, `${about} can be cloned`)
}

/** Asserts that a search finds just these memories, in any order, and counts them. */
export async function assertFinds(
  backend: GraphBackend,
  query: SearchQuery,
  ids: readonly string[],
): Promise<void> {
  const about = JSON.stringify(query)
  assert.deepEqual(idSetOf(await backend.searchMemories(query)), [...ids].sort(), about)
  assert.equal((await backend.searchMemoriesPaginated(query)).total_count, ids.length, about)
}

/** How many memories there are. */
export async function countMemories(backend: GraphBackend): Promise<number> {
  return (await backend.getMemoryStatistics()).total_memories.count
}

/** A value that must be there. */
export function present<Value>(value: Value | null | undefined, about = 'the value'): Value {
  assert.ok(value !== null && value !== undefined, `${about} is missing`)
  return value
}
