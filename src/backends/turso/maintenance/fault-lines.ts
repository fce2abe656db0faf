/** What the engine finds wrong with a database: with its pages, and with the index of our texts. */
export type FileFaults = { readonly file: readonly string[]; readonly text: readonly string[] }

/** Of whom the engine tells, faults of full-text indexes. */
const FULL_TEXT = /\bFTS[345] table \w+\.(\w+)/

const OUR_INDEXES = ['mg_text', 'mg_trigram']

/** Sorts what the engine's check says. Full-text indexes of other programs, which are not used here, are left out. */
export function sortFaults(lines: readonly string[]): FileFaults {
  const found = lines.filter((line) => line !== 'ok')
  const indexOf = (line: string): string | undefined => FULL_TEXT.exec(line)?.[1]
  return {
    file: found.filter((line) => indexOf(line) === undefined),
    text: found.filter((line) => OUR_INDEXES.includes(indexOf(line) ?? '')),
  }
}

/** One statement, on any kind of store. */
export const CHECK_FILE = 'SELECT * FROM pragma_integrity_check'
