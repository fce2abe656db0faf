/** Rows of cells as lines with aligned columns. */
export function alignColumns(rows: readonly (readonly string[])[], indent: string = ''): string {
  const widths: number[] = []
  for (const row of rows) {
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, widthOf(cell))
    })
  }
  const pad = (cell: string, column: number): string =>
    cell + ' '.repeat((widths[column] ?? 0) - widthOf(cell))
  return rows.map((row) => `${indent}${row.map(pad).join('  ')}`.trimEnd()).join('\n')
}

/** A number and what it counts, in the plural where it is not one. */
export function counted(count: number, one: string, many: string = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`
}

function widthOf(cell: string): number {
  return [...cell].length
}
