import { v5 as uuidV5 } from 'uuid'
import { encodeJson } from './json-text.js'
import { MAX_TITLE_CHARACTERS, type MemoryInput } from './memory.js'
import { MEMORY_TYPES, type MemoryType } from './memory-type.js'
import type { RelationshipInput } from './relationship.js'
import { RELATIONSHIP_TYPES, type RelationshipType } from './relationship-type.js'
import { MAX_ID_CHARACTERS } from './validation.js'

/** A thing with a name, as knowledge graphs of the Model Context Protocol keep it. */
export type Entity = {
  readonly name: string
  readonly entityType: string
  /** What is known of it, oldest first. */
  readonly observations: readonly string[]
  readonly createdAt?: string | undefined
}

/** How one entity stands to another, by their names and in words of any kind. */
export type Relation = {
  readonly from: string
  readonly to: string
  readonly relationType: string
  readonly createdAt?: string | undefined
}

/** Under which ids are made of names and relations. Never changes, so that reading again finds them. */
const NAMESPACE = '0c6d7a2e-8f64-4f0b-a1f3-6d2b9e57c418'

/**
 * The memory that stands for an entity. Its id is the name, or a UUID made of it where a name is too long or otherwise no id; its
 * type is the entity's where there is such a type of memory, else `general`. `context.additional_metadata` keeps the entity's type,
 * and the whole name where id or title could not.
 */
export function memoryOfEntity({ name, entityType, observations, createdAt }: Entity): MemoryInput & {
  readonly id: string
} {
  const storable = storableName(name)
  const id = idOfEntity(name)
  const title = [...storable].slice(0, MAX_TITLE_CHARACTERS).join('')
  const content = observations.join('\n')
  return {
    id,
    type: memoryTypeOf(entityType),
    title,
    content: content.trim() === '' ? storable : content,
    tags: [entityType.trim().toLowerCase()].filter((tag) => tag !== ''),
    ...(createdAt !== undefined && { created_at: createdAt }),
    context: {
      additional_metadata: {
        entity_type: entityType,
        ...((id !== name || title !== name) && { entity_name: storable }),
      },
    },
  }
}

/**
 * The relationship that stands for a relation. Its type is the relation's where there is such a type of relationship, else
 * `RELATED_TO` with the relation's own words as the context. Its id is made of both names and these words, so that it is always the
 * same, and different relations between the same entities stay different.
 */
export function relationshipOfRelation({ from, to, relationType, createdAt }: Relation): RelationshipInput & {
  readonly id: string
} {
  const type = relationshipTypeOf(relationType)
  return {
    id: uuidV5(encodeJson([from, to, relationType]), NAMESPACE),
    from_memory_id: idOfEntity(from),
    to_memory_id: idOfEntity(to),
    type: type ?? 'RELATED_TO',
    properties: {
      ...(type === null && { context: relationType }),
      // What was written down at some time was known since then, and has held since then.
      ...(createdAt !== undefined && {
        created_at: createdAt,
        valid_from: createdAt,
        recorded_at: createdAt,
      }),
    },
  }
}

function idOfEntity(name: string): string {
  const isId = name !== '' && name === storableName(name) && [...name].length <= MAX_ID_CHARACTERS
  return isId ? name : uuidV5(encodeJson(name), NAMESPACE)
}

/** The name without what no text of a database can hold. */
function storableName(name: string): string {
  return name.toWellFormed().replaceAll('\0', '\ufffd')
}

function memoryTypeOf(entityType: string): MemoryType {
  const wanted = entityType
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_')
  return MEMORY_TYPES.find((type) => type === wanted) ?? 'general'
}

function relationshipTypeOf(relationType: string): RelationshipType | null {
  const wanted = relationType
    .trim()
    .toUpperCase()
    .replace(/[^A-Z]+/g, '_')
  return RELATIONSHIP_TYPES.find((type) => type === wanted) ?? null
}
