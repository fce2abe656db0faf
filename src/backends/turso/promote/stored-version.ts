import { query, type SqlRow, type SqlSource } from '../sql-source.js'
import { countFitting, type Pages } from './local-rows.js'
import { selectVersionPage, selectVersionSizes } from './version-statements.js'

/** An earlier version of a memory as it is stored; number 0 and no properties for a memory of which none is kept. */
export type StoredVersion = {
  readonly id: string
  /** The number that the memory has come to. */
  readonly revision: number
  readonly version: number
  readonly properties: Uint8Array | null
  readonly replaced_at: string | null
}

/** The earlier versions in a file, by memory, the newest first. */
export function versionPages(source: SqlSource): Pages<StoredVersion> {
  return {
    read: async (after, limits) => {
      const isFirst = after === null
      const from = isFirst ? [] : valuesOfPosition(after)
      const [sizes = []] = await source.read([
        query(selectVersionSizes(isFirst), BigInt(limits.rows), ...from),
      ])
      const count = countFitting(sizes, limits)
      const [rows = []] = await source.read([query(selectVersionPage(isFirst), BigInt(count), ...from)])
      return rows.map(storedVersionOf)
    },
    positionOf: ({ id, version }) => JSON.stringify([id, version]),
  }
}

function valuesOfPosition(position: string): [string, bigint] {
  const [id, version] = JSON.parse(position) as [string, number]
  return [id, BigInt(version)]
}

function storedVersionOf([id, revision, version, properties, replaced_at]: SqlRow): StoredVersion {
  return { id, revision, version, properties, replaced_at } as StoredVersion
}
