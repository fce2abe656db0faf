import * as z from 'zod'
import type { Timestamp } from './timestamp.js'
import { boundedText, id, jsonObject, strictObject, text, timestamp } from './validation.js'

/** The label of nodes that are memories. */
export const MEMORY_LABEL = 'Memory'
/** Nodes `findNodes` returns unless it says otherwise. */
export const DEFAULT_NODE_LIMIT = 100
/** Most nodes one `findNodes` may return. */
export const MAX_NODE_LIMIT = 10_000

/** What a memory said before it was revised. */
export type NodeVersion = {
  version: number
  properties: { [key: string]: unknown }
  /** From this instant on the next version holds. */
  replaced_at: Timestamp
}

/** A node of any label. Memories are the nodes labelled `Memory`, with Python's flat properties. */
export type GraphNode = {
  id: string
  label: string
  properties: { [key: string]: unknown }
  /** Of a memory that was revised: the number of this version. Absent means 1. */
  version?: number
  /** Its earlier versions that are kept, oldest first, where they were asked for and there are any. */
  history?: NodeVersion[]
}

/**
 * A node to be stored; on an existing id with the same label it takes that node's place, whose history goes on. A memory that is new
 * may come with a history: `version` is then the number of this version, and `history` holds earlier ones, oldest first.
 */
export type GraphNodeInput = {
  readonly id: string
  readonly label: string
  readonly properties: { readonly [key: string]: unknown }
  readonly version?: number | undefined
  readonly history?:
    | readonly {
        readonly version: number
        readonly properties: { readonly [key: string]: unknown }
        readonly replaced_at: string | Date
      }[]
    | undefined
}

/** A checked node to be stored. */
export type CompleteNodeInput = Omit<GraphNodeInput, 'version' | 'history'> & {
  readonly version: number
  readonly history: readonly NodeVersion[]
}

/** A value a node's property can be compared with; a list means any of them. */
export type PropertyFilter = string | number | boolean | null | readonly (string | number | boolean | null)[]

/** Which nodes to find, and in which order. */
export type NodeQuery = {
  /** Default is any. */
  readonly label?: string | null | undefined
  /** Properties that must equal these values; `null` also means that the property is not there. */
  readonly where?: { readonly [property: string]: PropertyFilter } | null | undefined
  /** A property to order by, ascending; a leading `-` means descending. Ties, and no order, go by id. */
  readonly orderBy?: string | null | undefined
  /** 1 to 10,000. Default is 100. */
  readonly limit?: number | null | undefined
  /** The id of the last node of the page before. */
  readonly after?: string | null | undefined
  /** Whether nodes come with their `history`. Default is false. Needs the capability `history`. */
  readonly includeHistory?: boolean | null | undefined
}

/** A checked {@link NodeQuery} with every default filled in. */
export type CompleteNodeQuery = {
  /** `null`: any. */
  label: string | null
  where: { property: string; anyOf: (string | number | boolean | null)[] }[]
  orderBy: { property: string; descending: boolean } | null
  limit: number
  after: string | null
}

const label = boundedText(255).min(1, 'must not be empty')
const PROPERTY_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/
const propertyName = z
  .string()
  .regex(PROPERTY_NAME, 'must be a property name of letters, digits and underscores')
const scalar = z.union([text, z.number(), z.boolean(), z.null()])

const version = z.int().min(1)
const history: z.ZodType<NodeVersion[]> = z.array(
  strictObject({ version, properties: jsonObject, replaced_at: timestamp }),
)

function isInOrder({ version, history }: CompleteNodeInput): boolean {
  const numbers = [...history.map((earlier) => earlier.version), version]
  return numbers.every((number, at) => at === 0 || number > (numbers[at - 1] as number))
}

/** Checks nodes to be stored. */
export const graphNodesSchema: z.ZodType<CompleteNodeInput[]> = z.array(
  strictObject({
    id,
    label,
    properties: jsonObject,
    version: version.default(1),
    history: history.default([]),
  })
    .refine(isInOrder, {
      path: ['history'],
      message: 'must hold versions in ascending order, before "version"',
    })
    .refine((node) => node.label === MEMORY_LABEL || node.version === 1, {
      path: ['version'],
      message: `must be 1: only memories (label "${MEMORY_LABEL}") have versions`,
    }),
)

/** Checks a node query and fills in the defaults. */
export const nodeQuerySchema: z.ZodType<{ page: CompleteNodeQuery; includeHistory: boolean }> = strictObject({
  label: label.nullish(),
  where: z.record(propertyName, z.union([scalar, z.array(scalar).min(1)])).nullish(),
  orderBy: z
    .string()
    .regex(/^-?[A-Za-z_][A-Za-z0-9_]*$/, 'must be a property name, or one after a "-"')
    .nullish(),
  limit: z.int().min(1).max(MAX_NODE_LIMIT).nullish(),
  after: id.nullish(),
  includeHistory: z.boolean().nullish(),
}).transform(({ label, where, orderBy, limit, after, includeHistory }) => ({
  includeHistory: includeHistory ?? false,
  page: {
    label: label ?? null,
    where: Object.entries(where ?? {}).map(([property, value]) => ({
      property,
      anyOf: Array.isArray(value) ? value : [value as string | number | boolean | null],
    })),
    orderBy: orderBy ? { property: orderBy.replace(/^-/, ''), descending: orderBy.startsWith('-') } : null,
    limit: limit ?? DEFAULT_NODE_LIMIT,
    after: after ?? null,
  },
}))

/** Checks a list of ids. */
export const idsSchema: z.ZodType<string[]> = z.array(id)

/** Checks how far back to look: 0 to 36,500 days. */
export const daysSchema: z.ZodType<number> = z.number().min(0).max(36_500)
