import type { MemoryCriteria, MemoryPage, NodeRow } from '../../src/backends/graph-driver.js'
import { InMemoryDriver } from '../../src/backends/in-memory/in-memory-driver.js'
import { NO_CRITERIA } from '../../src/backends/memory-search.js'
import type { RelationshipRow } from '../../src/model/relationship-row.js'

const START = '2024-01-01T00:00:00.000000+00:00'

/** A memory as a row; what is not given has the value of a plain memory. */
export function memoryRow(id: string, properties: { [key: string]: unknown } = {}): NodeRow {
  const all = {
    id,
    type: 'general',
    title: `Title ${id}`,
    content: 'content',
    tags: [],
    created_at: START,
    ...properties,
  }
  return { id, label: 'Memory', properties: JSON.stringify(all) }
}

/** A node of another label. */
export function nodeRow(id: string, label: string, properties: unknown): NodeRow {
  return { id, label, properties: JSON.stringify(properties) }
}

/** A current relationship between two nodes. */
export function relationshipRow(
  id: string,
  from: string,
  to: string,
  columns: Partial<RelationshipRow> & { strength?: number } = {},
): RelationshipRow {
  const { strength, ...others } = columns
  return {
    id,
    from_id: from,
    to_id: to,
    rel_type: 'RELATED_TO',
    properties: JSON.stringify(strength === undefined ? {} : { strength }),
    valid_from: START,
    valid_until: null,
    recorded_at: START,
    invalidated_by: null,
    ...others,
  }
}

/** Criteria that ask for nothing but what is given. */
export function criteria(given: Partial<MemoryCriteria> = {}): MemoryCriteria {
  return { ...NO_CRITERIA, ...given }
}

/** A driver that holds these rows. */
export async function driverWith(
  nodes: readonly NodeRow[],
  relationships: readonly RelationshipRow[] = [],
): Promise<InMemoryDriver> {
  const driver = new InMemoryDriver()
  await driver.connect()
  await driver.write(async (writer) => {
    await writer.putNodes(nodes)
    await writer.insertRelationships(relationships)
  })
  return driver
}

/** The ids of the memories that meet criteria, in order. */
export async function found(
  driver: InMemoryDriver,
  given: Partial<MemoryCriteria>,
  page: Partial<Omit<MemoryPage, 'criteria'>> = {},
): Promise<string[]> {
  const rows = await driver.reader.findMemories({
    criteria: criteria(given),
    order: 'rank',
    limit: 1000,
    offset: 0,
    afterId: null,
    ...page,
  })
  return rows.map((row) => row.id)
}
