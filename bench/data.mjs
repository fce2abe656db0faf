import { MEMORY_TYPES, RELATIONSHIP_TYPES } from '../dist/index.js'
import { below, oneOf, randomOf, words, zipf } from './random.mjs'

export const PROJECTS = Array.from({ length: 25 }, (_, at) => `/projects/project-${at}`)
export const TAGS = Array.from({ length: 300 }, (_, at) => `tag${at}`)
const LANGUAGES = ['typescript', 'python', 'go', 'rust', 'sql']
const FIRST_DAY = Date.UTC(2025, 0, 1)
const MINUTE = 60_000

/** The id of the memory at a place in the data; ids grow in order, as UUIDs of version 7 do. */
export function idAt(at) {
  return `01940000-0000-7000-8000-${at.toString(16).padStart(12, '0')}`
}

/** Memories of 60 words and a 5-word title, with 2 tags and a context. */
export function memories(count, { seed = 2, withIds = false } = {}) {
  const random = randomOf(seed)
  return Array.from({ length: count }, (_, at) => ({
    ...(withIds && { id: idAt(at) }),
    type: oneOf(random, MEMORY_TYPES),
    title: words(random, 5),
    content: words(random, 60),
    tags: [TAGS[zipf(random, TAGS.length)], TAGS[below(random, TAGS.length)]],
    importance: below(random, 1001) / 1000,
    created_at: new Date(FIRST_DAY + at * MINUTE),
    context: {
      project_path: oneOf(random, PROJECTS),
      languages: [oneOf(random, LANGUAGES)],
    },
  }))
}

/** Relationships between two memories at random, out of `memoryCount`. */
export function relationships(count, memoryCount, { seed = 3 } = {}) {
  const random = randomOf(seed)
  return Array.from({ length: count }, () => {
    const from = below(random, memoryCount)
    const to = (from + 1 + below(random, memoryCount - 1)) % memoryCount
    return relationship(random, from, to)
  })
}

/** Relationships from one memory to the `count` memories after it. */
export function hubRelationships(hub, count, { seed = 4 } = {}) {
  const random = randomOf(seed)
  return Array.from({ length: count }, (_, at) => relationship(random, hub, hub + 1 + at))
}

function relationship(random, from, to) {
  return {
    from_memory_id: idAt(from),
    to_memory_id: idAt(to),
    type: oneOf(random, RELATIONSHIP_TYPES),
    properties: { strength: below(random, 101) / 100 },
  }
}
