import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeJson, encodeFloat, encodeJson, readMembers } from '../../src/model/json-text.js'
import { type MemoryInput, memoryPatchSchema, memorySchema } from '../../src/model/memory.js'
import {
  decodeMemory,
  encodeMemory,
  encodePatched,
  encodeReplacement,
} from '../../src/model/memory-properties.js'
import { MEMORY_TYPES } from '../../src/model/memory-type.js'
import { type RelationshipInput, relationshipSchema } from '../../src/model/relationship.js'
import { decodeRelationship, encodeRelationship } from '../../src/model/relationship-row.js'
import { RELATIONSHIP_TYPES } from '../../src/model/relationship-type.js'
import { now, toTimestamp } from '../../src/model/timestamp.js'
import { validate } from '../../src/model/validation.js'

const STORED_AT = '2026-06-01T00:00:00.000000+00:00'
const DAY_MS = 86_400_000

const text = fc.string({ unit: 'binary', maxLength: 40 }).map((value) => value.replaceAll('\u0000', ''))
const line = text.filter((value) => value.trim() !== '')
const fraction = fc.double({ min: 0, max: 1, noNaN: true }).map((value) => value + 0)
const date = fc.date({
  min: new Date('0001-01-03T00:00:00Z'),
  max: new Date('9999-12-30T00:00:00Z'),
  noInvalidDate: true,
})
const orNull = <Value>(arbitrary: fc.Arbitrary<Value>): fc.Arbitrary<Value | null> =>
  fc.option(arbitrary, { freq: 4 })
const json = fc
  .jsonValue({ depthSize: 'small', stringUnit: 'grapheme' })
  .map((value) => JSON.parse(JSON.stringify(value)))

const context = fc.record(
  {
    project_path: orNull(text),
    files_involved: fc.array(text, { maxLength: 3 }),
    languages: fc.array(text, { maxLength: 3 }),
    frameworks: fc.array(text, { maxLength: 3 }),
    technologies: fc.array(text, { maxLength: 3 }),
    git_commit: orNull(text),
    git_branch: orNull(text),
    working_directory: orNull(text),
    timestamp: date,
    session_id: orNull(text),
    user_id: orNull(text),
    additional_metadata: fc.dictionary(text, json, { maxKeys: 3, noNullPrototype: true }),
    tenant_id: orNull(text),
    team_id: orNull(text),
    visibility: fc.constantFrom('private', 'project', 'team', 'public'),
    created_by: orNull(text),
  },
  { requiredKeys: ['timestamp'] },
)

const memory: fc.Arbitrary<MemoryInput & { id: string }> = fc.record(
  {
    id: line,
    type: fc.constantFrom(...MEMORY_TYPES),
    title: line,
    content: line,
    summary: orNull(line),
    tags: fc.array(text, { maxLength: 4 }),
    context: orNull(context),
    importance: fraction,
    confidence: fraction,
    effectiveness: orNull(fraction),
    usage_count: fc.maxSafeNat(),
    created_at: date,
    last_accessed: orNull(date),
    updated_by: orNull(text),
  },
  { requiredKeys: ['id', 'type', 'title', 'content'] },
) as fc.Arbitrary<MemoryInput & { id: string }>

function checked(input: MemoryInput): MemoryInput & { id: string } {
  return validate(memorySchema, input, 'memory') as MemoryInput & { id: string }
}

/** JSON text of a value as any program may have written it: with spaces, `1.0`, or more digits than a number holds. */
const jsonText = fc.oneof(
  json.map((value) => JSON.stringify(value)),
  json.map((value) => JSON.stringify(value, null, 2)),
  json.map(encodeJson),
  fc.constantFrom(
    '1.0',
    '-0',
    '1e5',
    '12345678901234567890',
    '"\\u00e9\\ud83e\\udd89"',
    '"\\/"',
    '{ }',
    '[ ]',
    'NaN',
  ),
)
const foreignKey = text.filter(
  (key) => !/^(id|type|title|content|tags|context_.*|created_at|updated_.*)$/.test(key),
)
const foreign = fc.uniqueArray(fc.tuple(foreignKey, jsonText), { maxLength: 5, selector: ([key]) => key })
const space = fc.constantFrom('', ' ', '\n  ', '\t')

function objectText(members: readonly (readonly [string, string])[], gap: string): string {
  const parts = members.map(([key, value]) => `${gap}${JSON.stringify(key)}${gap}:${gap}${value}${gap}`)
  return `${gap}{${parts.join(',')}${gap}}${gap}`
}

describe('encodeMemory() and decodeMemory()', () => {
  it('keep every valid memory', () => {
    fc.assert(
      fc.property(memory, (input) => {
        const valid = checked(input)
        const decoded = decodeMemory(valid.id, encodeMemory(valid, STORED_AT))
        const { context: given, ...fields } = valid
        expect(decoded).toMatchObject({
          ...Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)),
          updated_at: STORED_AT,
        })
        if (given) expect(decoded.context).toMatchObject(given)
        else expect(decoded.context).toBeNull()
      }),
    )
  })

  it('write what Python can read: ASCII alone, and the same again', () => {
    fc.assert(
      fc.property(memory, (input) => {
        const valid = checked(input)
        const encoded = encodeMemory(valid, STORED_AT)
        expect(encoded).toMatch(/^[\x20-\x7e]*$/)
        const again = checked({ ...decodeMemory(valid.id, encoded) })
        const decoded = decodeMemory(valid.id, encodeMemory(again, STORED_AT))
        expect(decoded).toEqual(decodeMemory(valid.id, encoded))
      }),
    )
  })
})

describe('encodePatched() and encodeReplacement()', () => {
  it('keep unknown members to the letter', () => {
    fc.assert(
      fc.property(memory, foreign, space, (input, others, gap) => {
        const valid = checked(input)
        const own = [...readMembers(encodeMemory(valid, STORED_AT))]
        const stored = objectText([...others, ...own], gap)
        const patched = readMembers(encodePatched(stored, { id: valid.id, title: 'New' }, STORED_AT))
        const replaced = readMembers(encodeReplacement(stored, valid, STORED_AT))
        for (const [key, value] of others) {
          if (own.some(([name]) => name === key)) continue
          expect(patched.get(key)).toBe(value)
          expect(replaced.get(key)).toBe(value)
        }
        for (const [key, value] of own) {
          if (key !== 'title') expect(patched.get(key), key).toBe(value)
        }
      }),
    )
  })

  it('change nothing by an empty patch but updated_at', () => {
    fc.assert(
      fc.property(memory, (input) => {
        const valid = checked(input)
        const stored = encodeMemory(valid, STORED_AT)
        const patch = { ...validate(memoryPatchSchema, { id: valid.id }, 'patch'), id: valid.id }
        expect(encodePatched(stored, patch, STORED_AT)).toBe(stored)
      }),
    )
  })
})

describe('encodeRelationship() and decodeRelationship()', () => {
  const properties = fc.record(
    {
      strength: fraction,
      confidence: fraction,
      context: orNull(text),
      evidence_count: fc.maxSafeNat(),
      success_rate: orNull(fraction),
      created_at: date,
      last_validated: date,
      validation_count: fc.maxSafeNat(),
      counter_evidence_count: fc.maxSafeNat(),
      valid_from: date,
      recorded_at: date,
      invalidated_by: orNull(line),
    },
    { requiredKeys: [] },
  )
  const relationship = fc.record({
    id: line,
    from_memory_id: line,
    to_memory_id: line,
    type: fc.constantFrom(...RELATIONSHIP_TYPES),
    properties,
  })

  it('keep every valid relationship', () => {
    fc.assert(
      fc.property(relationship, (input) => {
        const valid = validate(relationshipSchema, input, 'relationship') as RelationshipInput & {
          id: string
        }
        const decoded = decodeRelationship(encodeRelationship(valid, STORED_AT))
        const { properties: given, ...ends } = valid
        expect(decoded).toMatchObject(ends)
        expect(decoded.properties).toMatchObject({ ...given })
      }),
    )
  })
})

describe('JSON text', () => {
  it('of encodeJson() is ASCII and means the same', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(encodeJson(value)).toMatch(/^[\x20-\x7e]*$/)
        expect(decodeJson(encodeJson(value))).toEqual(value)
      }),
    )
  })

  it('of encodeFloat() is the same number, and no integer', () => {
    fc.assert(
      fc.property(fc.double({ min: -1e15, max: 1e15, noNaN: true }), (value) => {
        const encoded = encodeFloat(value)
        expect(Object.is(Number(encoded), value) || (value === 0 && Number(encoded) === 0)).toBe(true)
        expect(encoded).toMatch(/[.e]/)
      }),
    )
  })

  it('is taken apart by readMembers() to the letter', () => {
    fc.assert(
      fc.property(foreign, space, (members, gap) => {
        expect([...readMembers(objectText(members, gap))].sort()).toEqual(
          members.map(([key, value]) => [key, value]).sort(),
        )
      }),
    )
  })
})

describe('toTimestamp()', () => {
  it('is canonical and idempotent', () => {
    fc.assert(
      fc.property(date, (value) => {
        const timestamp = toTimestamp(value)
        expect(timestamp).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}\+00:00$/)
        expect(toTimestamp(timestamp)).toBe(timestamp)
        expect(toTimestamp(value.toISOString())).toBe(timestamp)
        expect(Date.parse(timestamp ?? '')).toBe(value.getTime())
      }),
    )
  })

  it('keeps the order of instants', () => {
    fc.assert(
      fc.property(date, date, (one, other) => {
        const [first, second] = [toTimestamp(one) ?? '', toTimestamp(other) ?? '']
        expect(Math.sign(one.getTime() - other.getTime())).toBe(first < second ? -1 : first > second ? 1 : 0)
      }),
    )
  })

  it('does not depend on the offset an instant is told with', () => {
    const offset = fc.integer({ min: -(23 * 60 + 59), max: 23 * 60 + 59 })
    fc.assert(
      fc.property(date, offset, fc.integer({ min: 0, max: 999 }), (value, minutes, microseconds) => {
        const local = new Date(value.getTime() + minutes * 60_000)
        const size = Math.abs(minutes)
        const zone = `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`
        const micros = String(microseconds).padStart(3, '0')
        const told = `${local.toISOString().slice(0, -1)}${micros}${zone}`
        expect(toTimestamp(told)).toBe(`${value.toISOString().slice(0, -1)}${micros}+00:00`)
      }),
    )
  })

  it('takes any text without throwing', () => {
    fc.assert(
      fc.property(
        fc.oneof(text, fc.stringMatching(/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?(Z|[+-]\d\d)?$/)),
        (value) => {
          const timestamp = toTimestamp(value)
          expect(timestamp === null || toTimestamp(timestamp) === timestamp).toBe(true)
        },
      ),
    )
  })
})

describe('now()', () => {
  it('rises with every call and is the present', () => {
    const instants = Array.from({ length: 1000 }, now)
    expect(instants.toSorted()).toEqual(instants)
    expect(new Set(instants).size).toBe(1000)
    expect(Math.abs(Date.parse(instants[0] ?? '') - Date.now())).toBeLessThan(DAY_MS)
  })
})

function two(value: number): string {
  return String(value).padStart(2, '0')
}
