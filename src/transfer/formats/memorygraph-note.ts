/** A relationship as a note of MemoryGraph lists it: it says neither which of the two it goes out from, nor its id. */
export type ListedRelationship = { readonly type: string; readonly id: string }

/** The text below a note's front matter. */
export type NoteBody = {
  readonly content: string
  readonly summary?: string | undefined
  readonly listed: readonly ListedRelationship[]
}

/** The front matter that Python writes: nothing quoted, so that only the order of its lines tells values from keys. */
const PYTHON_FRONT_MATTER =
  /^title: (?<title>.*)\nid: (?<id>[^\n"'][^\n]*)\ntype: (?<type>\w+)\nimportance: (?<importance>[^\n]+)\nconfidence: (?<confidence>[^\n]+)\ntags: \[(?<tags>[^\n]*)\]\ncreated_at: (?<created_at>\d[^\n]*)\nupdated_at: (?<updated_at>\d[^\n]*)(?:\nproject: (?<project>[^\n]*))?(?:\nlanguages: \[(?<languages>[^\n]*)\])?(?:\ntechnologies: \[(?<technologies>[^\n]*)\])?\s*$/s

const LISTS: ReadonlySet<string> = new Set(['tags', 'languages', 'technologies'])
const NUMBERS: ReadonlySet<string> = new Set(['importance', 'confidence'])

const SUMMARY = '## Summary\n\n'
const CONTENT = '## Content\n\n'
const RELATIONSHIPS = '\n\n## Relationships\n\n'
const LISTED = /- \*\*([A-Z_]+)\*\* (?:→|->) \[.*?\]\(((?:(?!\]\()[^\n])+?)\)(?:\n(?=- \*\*|\s*$)|$)/sy

/**
 * The values of front matter as MemoryGraph for Python writes it; `null` when it is not. To a reader of YAML most of it looks like
 * YAML, but means something else: `title: C# [draft]` would lose what follows `#`, and `title: 1.10` a digit.
 */
export function readPythonFrontMatter(head: string): Record<string, unknown> | null {
  const values = PYTHON_FRONT_MATTER.exec(head)?.groups
  if (!values) return null
  const said = Object.entries(values).filter(([, text]) => text !== undefined)
  return Object.fromEntries(said.map(([key, text]) => [key, readValue(key, text)]))
}

function readValue(key: string, text: string): unknown {
  if (NUMBERS.has(key)) return Number(text)
  return LISTS.has(key) ? text.split(', ').filter((item) => item !== '') : text
}

/** The sections of a note that MemoryGraph wrote; `null` when the text has none. */
export function readSections(body: string): NoteBody | null {
  const text = body.replace(/^\n/, '')
  const hasSummary = text.startsWith(SUMMARY)
  const start = hasSummary ? text.indexOf(`\n\n${CONTENT}`) + 2 : 0
  if (!text.startsWith(CONTENT, start)) return null
  const { listed, end } = readListed(text)
  return {
    content: text.slice(start + CONTENT.length, end),
    ...(hasSummary && { summary: text.slice(SUMMARY.length, start - 2) }),
    listed,
  }
}

// The content may have such a heading too: only a list that the text ends with is one.
function readListed(text: string): { readonly listed: readonly ListedRelationship[]; readonly end: number } {
  const end = text.lastIndexOf(RELATIONSHIPS)
  const listed: ListedRelationship[] = []
  let at = end + RELATIONSHIPS.length
  while (end >= 0) {
    LISTED.lastIndex = at
    const [found, type = '', id = ''] = LISTED.exec(text) ?? []
    if (found === undefined) break
    listed.push({ type, id })
    at += found.length
  }
  if (listed.length > 0 && text.slice(at).trim() === '') return { listed, end }
  return { listed: [], end: text.endsWith('\n') ? text.length - 1 : text.length }
}
