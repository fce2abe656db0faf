import type { SqlSource } from '../sql-source.js'
import { DiskAnnSearch } from './diskann-search.js'
import { SlicedSearch, type VectorSearch } from './exact-search.js'
import { QuantizedSearch } from './quantized-search.js'
import type { VectorStrategy } from './vector-options.js'

/** Searches a file by a strategy; `database` gives what stands for the file that the source reads, another one for another. */
export function vectorSearchOf(
  strategy: VectorStrategy,
  source: SqlSource,
  database: () => object,
): VectorSearch {
  if (strategy === 'exact') return new SlicedSearch(source)
  const quantized = new QuantizedSearch(source, database, strategy === 'quantized')
  return strategy === 'diskann' ? new DiskAnnSearch(source, quantized) : quantized
}
