const HEADINGS = ['', 'ours', 'raw', 'ours/raw', 'target', '']

/** Rows under the headings of their sections, as aligned text. */
export function tableOf(sections) {
  const lines = [HEADINGS]
  for (const { title, rows } of sections) lines.push([], [title], ...rows.map(cellsOf))
  const widths = HEADINGS.map((_, column) =>
    Math.max(...lines.filter((cells) => cells.length > 1).map((cells) => cells[column].length)),
  )
  return lines.map((cells) => alignedLine(cells, widths)).join('\n')
}

function cellsOf({ name, unit, ours, raw, ratio, target, verdict }) {
  return [
    `  ${name}`,
    amount(ours, unit),
    amount(raw, unit),
    ratio === null ? '' : ratio.toFixed(2),
    target === null ? '' : targetText(target, unit),
    verdict ?? '',
  ]
}

function alignedLine(cells, widths) {
  return cells
    .map((cell, column) =>
      column === 0 || column > 3 ? cell.padEnd(widths[column]) : cell.padStart(widths[column]),
    )
    .join('  ')
    .trimEnd()
}

function targetText({ of, atLeast, atMost }, unit) {
  const limit = of === 'ratio' ? String(atLeast ?? atMost) : amount(atLeast ?? atMost, unit)
  return `${atLeast === undefined ? '<=' : '>='} ${limit}`
}

function amount(value, unit) {
  if (value === null) return ''
  const digits = value >= 100 || Number.isInteger(value) ? 0 : value >= 10 ? 1 : 2
  const number = value.toLocaleString('en-US', {
    maximumFractionDigits: digits,
    minimumFractionDigits: digits,
  })
  return unit === '' ? number : `${number} ${unit}`
}
