import { describe, expect, it } from 'vitest'
import { memoryOfEntity, relationshipOfRelation } from '../../src/model/entity-memory.js'
import { memorySchema } from '../../src/model/memory.js'
import { relationshipSchema } from '../../src/model/relationship.js'
import { validate } from '../../src/model/validation.js'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

describe('an entity as a memory', () => {
  it('has the name as its id and title, and the observations as its content', () => {
    expect(
      memoryOfEntity({
        name: 'Ada',
        entityType: 'Person',
        observations: ['Writes letters', 'Likes bees'],
        createdAt: '2025-01-01 10:00:00',
      }),
    ).toEqual({
      id: 'Ada',
      type: 'general',
      title: 'Ada',
      content: 'Writes letters\nLikes bees',
      tags: ['person'],
      created_at: '2025-01-01 10:00:00',
      context: { additional_metadata: { entity_type: 'Person' } },
    })
  })

  it.each([
    ['Code Pattern', 'code_pattern'],
    ['file-context', 'file_context'],
    [' TASK ', 'task'],
    ['tasks', 'general'],
    ['', 'general'],
  ])('of the type %j is a memory of the type %s', (entityType, type) => {
    expect(memoryOfEntity({ name: 'x', entityType, observations: [] }).type).toBe(type)
  })

  it.each([[[]], [['', ' ']]])('with the observations %j has its name as the content', (observations) => {
    expect(memoryOfEntity({ name: 'Ada', entityType: '', observations })).toMatchObject({
      content: 'Ada',
      tags: [],
    })
  })

  it('keeps the whole of a name that is too long for a title', () => {
    const name = '𝛼'.repeat(255)
    const memory = memoryOfEntity({ name, entityType: 'task', observations: [] })
    expect(memory.id).toBe(name)
    expect(memory.title).toBe('𝛼'.repeat(200))
    expect(memory.context?.additional_metadata).toEqual({ entity_type: 'task', entity_name: name })
  })

  it.each([
    ['too long', 'n'.repeat(256)],
    ['half a surrogate pair', 'half \ud800'],
    ['with a NUL character', 'nul \0'],
  ])('with a name that is %s has always the same UUID, and can be stored', (_, name) => {
    const entity = { name, entityType: 'task', observations: ['known'] }
    const memory = memoryOfEntity(entity)
    expect(memory.id).toMatch(UUID)
    expect(memory.id).toBe(memoryOfEntity(entity).id)
    expect(memory.id).not.toBe(memoryOfEntity({ ...entity, name: `${name}!` }).id)
    expect(relationshipOfRelation({ from: name, to: 'x', relationType: 'uses' }).from_memory_id).toBe(
      memory.id,
    )
    expect(validate(memorySchema, memory, 'memory').id).toBe(memory.id)
  })

  it('keeps the ids that it was first given', () => {
    expect(memoryOfEntity({ name: 'n'.repeat(256), entityType: '', observations: [] }).id).toBe(
      '132c5351-fc1d-5d52-b32e-d09fc77d49f2',
    )
    expect(relationshipOfRelation({ from: 'a', to: 'b', relationType: 'uses' }).id).toBe(
      '2b9eb5e9-377d-5421-b12b-923400fd023e',
    )
  })
})

describe('a relation as a relationship', () => {
  it.each([
    ['depends on', 'DEPENDS_ON'],
    ['Depends-On', 'DEPENDS_ON'],
    ['SOLVES', 'SOLVES'],
  ])('%j is of the type %s', (relationType, type) => {
    const relationship = relationshipOfRelation({ from: 'a', to: 'b', relationType })
    expect(relationship).toMatchObject({ from_memory_id: 'a', to_memory_id: 'b', type, properties: {} })
    expect(relationship.properties).not.toHaveProperty('context')
  })

  it('in other words is related to, with these words as its context', () => {
    const relationship = relationshipOfRelation({ from: 'a', to: 'b', relationType: 'is fond of' })
    expect(relationship).toMatchObject({ type: 'RELATED_TO', properties: { context: 'is fond of' } })
    expect(validate(relationshipSchema, relationship, 'relationship').id).toBe(relationship.id)
  })

  it('has held since it was written down', () => {
    const createdAt = '2025-01-01 10:00:00'
    expect(
      relationshipOfRelation({ from: 'a', to: 'b', relationType: 'SOLVES', createdAt }).properties,
    ).toEqual({
      created_at: createdAt,
      valid_from: createdAt,
      recorded_at: createdAt,
    })
  })

  it('has an id of its own for each direction and each wording', () => {
    const ids = [
      { from: 'a', to: 'b', relationType: 'depends on' },
      { from: 'a', to: 'b', relationType: 'DEPENDS_ON' },
      { from: 'b', to: 'a', relationType: 'depends on' },
      { from: 'a', to: 'b', relationType: 'knows' },
    ].map((relation) => relationshipOfRelation(relation).id)
    expect(new Set(ids).size).toBe(4)
    for (const id of ids) expect(id).toMatch(UUID)
  })
})
