/** How the vectors nearest to one are found. */
export const VECTOR_STRATEGIES = ['auto', 'exact', 'quantized', 'diskann'] as const

/** One of {@link VECTOR_STRATEGIES}. */
export type VectorStrategy = (typeof VECTOR_STRATEGIES)[number]

const COMPRESSIONS = ['none', 'float16', 'float8', 'float1bit'] as const

/** How the index of the strategy `diskann` is made; other options than before make it anew. */
export type DiskAnnOptions = {
  /** Neighbours of each vector in the index, 2 to 500. Default is 20; more find more, and take more room and time. */
  readonly maxNeighbors?: number | undefined
  /** How the neighbours' vectors are kept in it. Default is `float8`. */
  readonly compressNeighbors?: (typeof COMPRESSIONS)[number] | undefined
}

/** Checked {@link DiskAnnOptions} with every default filled in. */
export type CompleteDiskAnnOptions = {
  readonly [Name in keyof DiskAnnOptions]-?: NonNullable<DiskAnnOptions[Name]>
}

/** What {@link DiskAnnOptions} are, for errors. */
export const DISKANN_EXPECTED: string = `{ maxNeighbors, compressNeighbors }: a whole number from 2 to 500, and one of ${COMPRESSIONS.join(', ')}`

/** Whether a value is {@link DiskAnnOptions}. */
export function isDiskAnnOptions(value: unknown): value is DiskAnnOptions {
  if (typeof value !== 'object' || value === null) return false
  const { maxNeighbors = 2, compressNeighbors = 'none', ...unknown } = value as DiskAnnOptions
  const isCount = Number.isInteger(maxNeighbors) && maxNeighbors >= 2 && maxNeighbors <= 500
  return isCount && COMPRESSIONS.includes(compressNeighbors) && Object.keys(unknown).length === 0
}

/** Fills in defaults. */
export function completeDiskAnn({
  maxNeighbors = 20,
  compressNeighbors = 'float8',
}: DiskAnnOptions = {}): CompleteDiskAnnOptions {
  return { maxNeighbors, compressNeighbors }
}
