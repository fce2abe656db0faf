import { COLUMN_LAYOUTS } from './column-layout.js'
import type { DatabaseLayout } from './database-layout.js'
import { ENTITY_LAYOUT } from './entity-layout.js'
import { GRAPH_LAYOUTS } from './graph-layout.js'

/** Every layout that can be read. The first that fits is meant. */
export const KNOWN_LAYOUTS: readonly DatabaseLayout[] = [...GRAPH_LAYOUTS, ...COLUMN_LAYOUTS, ENTITY_LAYOUT]
