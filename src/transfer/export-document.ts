import { ValidationError } from '../errors.js'
import { idOf, isRecord } from './record-value.js'

/** The lists of an export, each entry still to be checked. */
export type ExportDocument = {
  readonly memories: readonly unknown[]
  readonly relationships: readonly unknown[]
}

const NEWEST_VERSION = 2
const SHOWN_IDS = 5

/**
 * Recognises a MemoryGraph export, version 1 or 2.
 *
 * @throws `MG_VALIDATION` it is none, a newer one, or names an id twice
 */
export function readExportDocument(document: unknown): ExportDocument {
  if (!isRecord(document)) {
    throw notAnExport(`must be a JSON object, not ${describe(document)}`)
  }
  checkVersion(document['format_version'] ?? document['export_version'])
  const memories = requireList(document, 'memories')
  const relationships = requireList(document, 'relationships')
  refuseRepeatedIds(memories, 'memories')
  refuseRepeatedIds(relationships, 'relationships')
  return { memories, relationships }
}

function checkVersion(version: unknown): void {
  if (version === undefined || version === null) {
    throw notAnExport('has neither "format_version" nor "export_version"')
  }
  const major = /^(\d+)(\.\d+)*$/.exec(String(version))?.[1]
  if (major === undefined || Number(major) < 1) {
    throw notAnExport(`its version is ${JSON.stringify(version)}, not one like "2.0"`)
  }
  if (Number(major) > NEWEST_VERSION) {
    throw notAnExport(
      `its version ${JSON.stringify(version)} is newer than ${NEWEST_VERSION}: update this library`,
    )
  }
}

function requireList(document: Readonly<Record<string, unknown>>, name: string): readonly unknown[] {
  const list = document[name]
  if (Array.isArray(list)) return list
  throw notAnExport(`"${name}" must be a list, not ${describe(list)}`)
}

function refuseRepeatedIds(entries: readonly unknown[], name: string): void {
  const seen = new Set<string>()
  const repeated = new Set<string>()
  for (const entry of entries) {
    const id = idOf(entry)
    if (id === null) continue
    if (seen.has(id)) repeated.add(id)
    seen.add(id)
  }
  if (repeated.size === 0) return
  const shown = [...repeated].slice(0, SHOWN_IDS).map((id) => JSON.stringify(id))
  throw notAnExport(
    `"${name}" holds more than one entry with the id ${shown.join(', ')}${repeated.size > SHOWN_IDS ? ', …' : ''}`,
    { repeated: [...repeated] },
  )
}

function notAnExport(fault: string, details: Readonly<Record<string, unknown>> = {}): ValidationError {
  return new ValidationError(`Not a MemoryGraph export: ${fault}`, { details })
}

function describe(value: unknown): string {
  if (value === undefined) return 'absent'
  if (value === null) return 'null'
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`
}
