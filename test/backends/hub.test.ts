import { describe, expect, it } from 'vitest'
import { InMemoryBackend, type MemoryInput, TursoBackend } from '../../src/index.js'

const BACKENDS = {
  'a file': () => TursoBackend.create({ path: ':memory:' }),
  memory: () => InMemoryBackend.create(),
}

function note(id: string, content: string): MemoryInput {
  return { id, type: 'general', title: id, content }
}

describe.each(Object.entries(BACKENDS))('a hub in %s', (_name, create) => {
  it('lends to the strongest of its newest relationships, and the others are not read', async () => {
    await using backend = await create()
    const spokes = Array.from({ length: 260 }, (_, at) => `spoke-${String(at).padStart(3, '0')}`)
    await backend.storeMemories([note('hub', 'the zebra'), ...spokes.map((id) => note(id, 'other'))])
    const strong = new Set(['spoke-000', 'spoke-020', 'spoke-150', 'spoke-259'])
    await backend.createRelationships(
      spokes.map((id) => ({
        from_memory_id: 'hub',
        to_memory_id: id,
        type: 'RELATED_TO',
        properties: { strength: strong.has(id) ? 0.9 : 0.1 },
      })),
    )
    const found = (await backend.recallMemories('zebra', { limit: 4 })).map(({ id }) => id)
    expect(found).toEqual(['hub', 'spoke-020', 'spoke-150', 'spoke-259'])
  })
})
