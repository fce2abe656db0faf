import { decodeJson } from '../../../model/json-text.js'
import type { TableValue } from './table-reader.js'

/** What JSON text holds. What is no JSON stays as it is, so that whoever checks the record can say so. */
export function jsonOrText(value: TableValue | undefined): unknown {
  if (typeof value !== 'string') return value
  try {
    return decodeJson(value)
  } catch {
    return value
  }
}
