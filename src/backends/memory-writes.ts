import { v7 as uuidV7 } from 'uuid'
import { ConflictError, ValidationError } from '../errors.js'
import { encodeJson } from '../model/json-text.js'
import {
  type CompleteMemoryPatch,
  type MemoryInput,
  type MemoryPatch,
  memoryPatchSchema,
  memorySchema,
} from '../model/memory.js'
import {
  decodeMemory,
  encodeKeepingUnchanged,
  encodeMemory,
  encodePatched,
  encodeReplacement,
  withCanonicalTimes,
} from '../model/memory-properties.js'
import { type CompleteNodeInput, type GraphNodeInput, graphNodesSchema, MEMORY_LABEL } from '../model/node.js'
import { contextInScope } from '../model/scope.js'
import { now } from '../model/timestamp.js'
import { validate } from '../model/validation.js'
import type { BulkOptions } from './graph-backend.js'
import type { GraphWriter, NodeRow } from './graph-driver.js'
import { inSlices, mapInTurns } from './slices.js'

/** Largest part of a memory that is not its content, in bytes of JSON; also what a node may hold beyond a content. */
const MAX_METADATA_BYTES = 1024 * 1024

type IdentifiedMemory = MemoryInput & { readonly id: string }

/** A checked memory and whether its id was given, so that it may exist. */
export type MemoryToStore = { memory: IdentifiedMemory; mayExist: boolean }

/** Checks memories to be stored, slice by slice, and gives ids to those without. */
export async function checkMemories(
  inputs: readonly MemoryInput[],
  maxContentBytes: number,
  options?: BulkOptions,
): Promise<MemoryToStore[]> {
  const checked: MemoryToStore[] = []
  const checkSlice = (slice: readonly MemoryInput[], start: number): void => {
    slice.forEach((input, offset) => {
      const what = inputs.length === 1 ? 'memory' : `memory ${start + offset}`
      checked.push(checkMemory(input, maxContentBytes, what))
    })
  }
  await inSlices(inputs, checkSlice, { signal: options?.signal })
  return checked
}

/** Checks one memory to be stored and gives it an id if it has none. */
export function checkMemory(input: MemoryInput, maxContentBytes: number, what = 'memory'): MemoryToStore {
  const memory = validate(memorySchema, input, what)
  checkContentSize(memory.content, maxContentBytes)
  return { memory: { ...memory, id: memory.id ?? uuidV7() }, mayExist: Boolean(memory.id) }
}

/** Checks a patch of a memory. */
export function checkPatch(patch: MemoryPatch, maxContentBytes: number): CompleteMemoryPatch {
  const checked = validate(memoryPatchSchema, patch, 'memory patch')
  if (checked.content !== undefined) checkContentSize(checked.content, maxContentBytes)
  return checked
}

/** Stores memories, those that exist in place of what is stored. */
export async function storeMemories(
  writer: GraphWriter,
  memories: readonly MemoryToStore[],
  options?: BulkOptions,
): Promise<string[]> {
  await inSlices(memories, (slice) => storeSlice(writer, slice), {
    ...options,
    phase: 'storing',
    least: writer.leastSlice,
  })
  return memories.map(({ memory }) => memory.id)
}

async function storeSlice(writer: GraphWriter, slice: readonly MemoryToStore[]): Promise<void> {
  const stored = await existing(
    writer,
    slice.flatMap(({ memory, mayExist }) => (mayExist ? [memory.id] : [])),
  )
  const { within } = writer
  const rows = await mapInTurns(slice, ({ memory: given }): NodeRow => {
    const memory = within
      ? { ...given, context: contextInScope(within, given.context, `memory ${JSON.stringify(given.id)}`) }
      : given
    const row = stored.get(memory.id)
    if (row && row.label !== MEMORY_LABEL) throw labelConflict(memory.id, row.label, MEMORY_LABEL)
    const properties = row ? encodeReplacement(row.properties, memory, now()) : encodeMemory(memory, now())
    checkMetadataSize(memory.id, properties, memory.content)
    return { id: memory.id, label: MEMORY_LABEL, properties }
  })
  await writer.putNodes(rows)
}

/** Patches a stored memory, if it has the version that is expected; false when there is none. */
export async function updateMemory(
  writer: GraphWriter,
  patch: CompleteMemoryPatch,
  expectedVersion: number | null,
): Promise<boolean> {
  const [row] = await writer.getNodes([patch.id])
  if (row?.label !== MEMORY_LABEL) return false
  const { version = 1 } = row
  if (expectedVersion !== null && version !== expectedVersion)
    throw staleVersion(patch.id, expectedVersion, version)
  const properties = encodePatched(row.properties, patchWithin(writer, patch), now())
  checkMetadataSize(patch.id, properties, patch.content ?? decodeMemory(row.id, row.properties).content)
  await writer.putNodes([{ id: row.id, label: row.label, properties }])
  return true
}

function patchWithin({ within }: GraphWriter, patch: CompleteMemoryPatch): CompleteMemoryPatch {
  if (!within || !patch.context) return patch
  return { ...patch, context: contextInScope(within, patch.context, 'memory patch') }
}

/** Deletes a memory and what hangs on it; false when there is none. */
export async function deleteMemory(writer: GraphWriter, id: string): Promise<boolean> {
  const [row] = await writer.getNodes([id])
  return row?.label === MEMORY_LABEL && (await writer.deleteNodes([id])) > 0
}

/** Checks nodes of any label, slice by slice. */
export async function checkNodes(
  inputs: readonly GraphNodeInput[],
  maxContentBytes: number,
  options?: BulkOptions,
): Promise<CompleteNodeInput[]> {
  const labels = new Map<string, string>()
  const checked: CompleteNodeInput[] = []
  const checkSlice = (slice: readonly GraphNodeInput[]): void => {
    for (const node of validate(graphNodesSchema, slice, 'nodes')) {
      const label = labels.get(node.id) ?? node.label
      if (label !== node.label) throw labelConflict(node.id, label, node.label)
      labels.set(node.id, label)
      checkNode(node, maxContentBytes)
      checked.push(
        node.label === MEMORY_LABEL ? { ...node, properties: withCanonicalTimes(node.properties) } : node,
      )
    }
  }
  await inSlices(inputs, checkSlice, { signal: options?.signal })
  return checked
}

function checkNode({ id, label, properties, history }: CompleteNodeInput, maxContentBytes: number): void {
  const text = encodeJson(properties)
  if (label === MEMORY_LABEL) checkMemoryNode(id, properties, text, maxContentBytes)
  const limit = maxContentBytes + MAX_METADATA_BYTES
  if (text.length > limit) throw tooLarge(`node ${JSON.stringify(id)}`, text.length, limit)
  for (const { version, properties: earlier } of history) {
    const { length } = encodeJson(earlier)
    if (length > limit) throw tooLarge(`version ${version} of node ${JSON.stringify(id)}`, length, limit)
  }
}

/** Stores nodes, those that exist in place of what is stored. */
export async function putNodes(
  writer: GraphWriter,
  nodes: readonly CompleteNodeInput[],
  options?: BulkOptions,
): Promise<void> {
  const putSlice = async (slice: readonly CompleteNodeInput[]): Promise<void> => {
    const stored = await existing(
      writer,
      slice.map((node) => node.id),
    )
    await writer.putNodes(await mapInTurns(slice, (node) => rowOver(node, stored.get(node.id))))
  }
  await inSlices(nodes, putSlice, { ...options, phase: 'storing', least: writer.leastSlice })
}

function rowOver(node: CompleteNodeInput, before: NodeRow | undefined): NodeRow {
  const { id, label, properties } = node
  if (!before) return { id, label, properties: encodeJson(properties), ...historyOf(node) }
  if (before.label !== label) throw labelConflict(id, before.label, label)
  return { id, label, properties: encodeKeepingUnchanged(before.properties, properties) }
}

function historyOf({ id, version, history }: CompleteNodeInput): Pick<NodeRow, 'version' | 'history'> {
  if (version === 1) return {}
  return {
    version,
    history: history.map((earlier) => ({ ...earlier, id, properties: encodeJson(earlier.properties) })),
  }
}

/** Deletes nodes, slice by slice; returns how many there were. */
export async function deleteNodes(writer: GraphWriter, ids: readonly string[]): Promise<number> {
  let deleted = 0
  const deleteSlice = async (slice: readonly string[]): Promise<void> => {
    deleted += await writer.deleteNodes(slice)
  }
  await inSlices(ids, deleteSlice, { least: writer.leastSlice })
  return deleted
}

// Nothing that getMemory() could not read back as it should be gets in through here.
function checkMemoryNode(
  id: string,
  given: { readonly [key: string]: unknown },
  properties: string,
  maxContentBytes: number,
): void {
  const what = `memory node ${JSON.stringify(id)}`
  if (given['id'] !== id) throw new ValidationError(`Invalid ${what}: its properties must hold the same "id"`)
  const { context, ...memory } = decodeMemory(id, properties)
  validate(memorySchema, { ...memory, ...(context && { context }) }, what)
  checkContentSize(memory.content, maxContentBytes)
}

async function existing(writer: GraphWriter, ids: readonly string[]): Promise<Map<string, NodeRow>> {
  if (ids.length === 0) return new Map()
  return new Map((await writer.getNodes(ids)).map((row) => [row.id, row]))
}

function labelConflict(id: string, stored: string, wanted: string): ConflictError {
  return new ConflictError(
    `The id ${JSON.stringify(id)} belongs to a node labelled ${JSON.stringify(stored)}, not ${JSON.stringify(wanted)}: use another id`,
    { details: { id, label: stored } },
  )
}

function staleVersion(id: string, expected: number, version: number): ConflictError {
  return new ConflictError(
    `The memory ${JSON.stringify(id)} has the version ${version}, not ${expected}: it was changed meanwhile. Read it again and decide anew`,
    { details: { id, expected, version } },
  )
}

function checkContentSize(content: string, maxContentBytes: number): void {
  if (content.length * 3 <= maxContentBytes) return
  const bytes = Buffer.byteLength(content)
  if (bytes > maxContentBytes) throw tooLarge('content', bytes, maxContentBytes)
}

function checkMetadataSize(id: string, properties: string, content: string): void {
  if (properties.length <= MAX_METADATA_BYTES) return
  const bytes = properties.length - encodeJson(content).length
  const limit = MAX_METADATA_BYTES
  if (bytes > limit) throw tooLarge(`memory ${JSON.stringify(id)} without its content`, bytes, limit)
}

function tooLarge(what: string, bytes: number, limit: number): ValidationError {
  return new ValidationError(
    `Too large: ${what} takes ${bytes} bytes, the limit is ${limit} (option maxContentBytes): store it in parts, or a reference to it`,
    { details: { bytes, limit } },
  )
}
