import * as z from 'zod'
import { ValidationError } from '../errors.js'
import { encodeJson } from './json-text.js'
import type { MemoryContextInput } from './memory-context.js'
import { decodeObject, encodeWithContext, membersOf } from './memory-properties.js'
import { MEMORY_LABEL } from './node.js'
import { strictObject, text, validate } from './validation.js'
import { VISIBILITIES, type Visibility } from './visibility.js'

/**
 * What a view is confined to: each field that is there must equal the one of the same name in a memory's context, to the letter. At
 * least one is needed; a field that is there and `undefined` is refused, since it would make the view wider than was meant.
 */
export type ScopeInput = {
  readonly tenantId?: string
  readonly projectPath?: string
  readonly visibility?: Visibility
  readonly createdBy?: string
}

/** The fields of a scope, and the field of a memory's context that each is about. */
const CONTEXT_FIELD = {
  tenantId: 'tenant_id',
  projectPath: 'project_path',
  visibility: 'visibility',
  createdBy: 'created_by',
} as const

type ScopeField = (typeof CONTEXT_FIELD)[keyof typeof CONTEXT_FIELD]

/** That a node has a property with this text. */
export type ScopeCondition = { readonly property: `context_${ScopeField}`; readonly value: string }

/** The conditions that all nodes of a scope meet; with none, every node does. */
export type Scope = readonly ScopeCondition[]

const given = text.min(1, 'must not be empty')

const scopeSchema: z.ZodType<ScopeInput> = strictObject({
  tenantId: given.exactOptional(),
  projectPath: given.exactOptional(),
  visibility: z.enum(VISIBILITIES).exactOptional(),
  createdBy: given.exactOptional(),
}).refine(
  (scope) => Object.keys(scope).length > 0,
  `must name one of ${Object.keys(CONTEXT_FIELD).join(', ')}`,
)

/**
 * The conditions of a scope within another: those of both.
 *
 * @throws `MG_VALIDATION` it names nothing, or has an unknown field, or one that the outer scope has another value for
 */
export function scopeWithin(outer: Scope, input: ScopeInput): Scope {
  const scope = validate(scopeSchema, input, 'scope')
  const added = Object.entries(scope).flatMap(([field, value]) => {
    const property = `context_${CONTEXT_FIELD[field as keyof ScopeInput]}` as const
    const before = outer.find((condition) => condition.property === property)
    if (before !== undefined && before.value !== value) throw contradiction(field, before.value, value)
    return before === undefined ? [{ property, value }] : []
  })
  return [...outer, ...added]
}

/** What a node says of the fields that scopes are about. */
export type ScopeValues = { readonly [Property in ScopeCondition['property']]?: unknown }

/** The values in properties, as JSON text. What is no JSON object says nothing, and so is in no scope. */
export function scopeValuesOf(properties: string): ScopeValues {
  const object = objectOf(properties)
  const names = Object.values(CONTEXT_FIELD).map((field) => `context_${field}` as const)
  return Object.fromEntries(names.map((name) => [name, object[name]]))
}

/** Whether properties, as JSON text, are those of a node inside a scope. */
export function isInScope(scope: Scope, properties: string): boolean {
  const object = objectOf(properties)
  return scope.every(({ property, value }) => object[property] === value)
}

function objectOf(properties: string): Record<string, unknown> {
  try {
    return decodeObject('', properties)
  } catch {
    return {} // belongs to nobody
  }
}

/** A memory's context that says what the scope says. Throws `MG_VALIDATION` where it says something else. */
export function contextInScope(
  scope: Scope,
  context: MemoryContextInput | null | undefined,
  what: string,
): MemoryContextInput {
  const stamp = stampOf(scope)
  for (const field of Object.keys(stamp) as ScopeField[]) {
    const said = context?.[field] ?? stamp[field]
    if (said !== stamp[field]) throw elsewhere(what, `context.${field}`, said, stamp[field])
  }
  return { ...context, ...stamp }
}

/**
 * A node's properties that say what the scope says, with Python's defaults for the rest of a memory's context where there is none.
 * Throws `MG_VALIDATION` where they say something else.
 */
export function propertiesInScope(
  scope: Scope,
  node: { readonly id: string; readonly label: string; readonly properties: string },
  storedAt: string,
): string {
  if (isInScope(scope, node.properties)) return node.properties
  const object = decodeObject(node.id, node.properties)
  for (const { property, value } of scope) {
    const said = object[property] ?? value
    if (said !== value) throw elsewhere(`node ${JSON.stringify(node.id)}`, property, said, value)
  }
  if (node.label === MEMORY_LABEL)
    return encodeWithContext(node.properties, node.id, stampOf(scope), storedAt)
  const members = membersOf(node.properties, node.id)
  for (const { property, value } of scope) members.set(property, encodeJson(value))
  return `{${[...members].map(([key, value]) => `${encodeJson(key)}: ${value}`).join(', ')}}`
}

function stampOf(scope: Scope): Pick<MemoryContextInput, ScopeField> {
  return Object.fromEntries(scope.map(({ property, value }) => [property.replace('context_', ''), value]))
}

function contradiction(field: string, before: string, value: string): ValidationError {
  return new ValidationError(
    `Invalid scope: ${field} is ${JSON.stringify(before)} in this view, not ${JSON.stringify(value)}: a view can only be made narrower`,
    { details: { field } },
  )
}

function elsewhere(what: string, field: string, said: unknown, value: unknown): ValidationError {
  return new ValidationError(
    `Invalid ${what}: its ${field} is ${shown(said)}, but this view holds what has ${shown(value)}: leave it out`,
    { details: { field } },
  )
}

function shown(value: unknown): string {
  const json = encodeJson(value)
  return json.length <= 80 ? json : `${json.length} characters of JSON`
}
