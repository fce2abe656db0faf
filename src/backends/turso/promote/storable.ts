import type { StoredRow } from './graph-table.js'

/** The most bytes that a primary takes as the properties of a row; some take more. */
const MAX_PROPERTIES_BYTES = 5_000_000

/** Why no primary can hold a row, whatever else it holds; `null` when it can. */
export function faultOf({
  properties,
  recorded_at: recordedAt,
  valid_from: validFrom,
}: StoredRow): string | null {
  if (properties instanceof Uint8Array && properties.length > MAX_PROPERTIES_BYTES)
    return `its properties are larger than the ${MAX_PROPERTIES_BYTES} bytes that a primary takes`
  return recordedAt === null || validFrom === null ? 'nothing says when it was recorded' : null
}
