import type { MatchInfo, Memory } from '../model/memory.js'
import type { Relationship } from '../model/relationship.js'
import { type Output, oneLine, printable } from './output.js'
import { alignColumns } from './print-table.js'

/** Everything about one memory. */
export function printMemory(output: Output, memory: Memory): string {
  const { context } = memory
  const fields: [string, string | null | undefined][] = [
    ['id', memory.id],
    ['type', memory.type],
    ['tags', memory.tags.join(', ')],
    ['importance', String(memory.importance)],
    ['confidence', String(memory.confidence)],
    ['effectiveness', memory.effectiveness === null ? null : String(memory.effectiveness)],
    ['project', context?.project_path],
    ['languages', context?.languages.join(', ')],
    ['frameworks', context?.frameworks.join(', ')],
    ['created', printTime(memory.created_at)],
    ['updated', printTime(memory.updated_at)],
    ['summary', memory.summary],
  ]
  const rows = fields.flatMap(([name, value]) => (value ? [[name, oneLine(value)]] : []))
  const parts = [output.style('bold', oneLine(memory.title)), alignColumns(rows), printable(memory.content)]
  const relationships = Object.entries(memory.relationships ?? {})
  if (relationships.length > 0) {
    const links = relationships.flatMap(([type, titles]) => titles.map((title) => [type, oneLine(title)]))
    parts.push(`relationships\n${alignColumns(links, '  ')}`)
  }
  return parts.join('\n\n')
}

/** A numbered list of memories. */
export function printMemories(output: Output, memories: readonly Memory[], firstNumber: number = 1): string {
  const width = String(firstNumber + memories.length - 1).length
  const items = memories.map((memory, at) => {
    const number = String(firstNumber + at).padStart(width)
    const indent = ' '.repeat(width + 2)
    const head = `${number}. ${output.style('bold', oneLine(memory.title))}`
    const lines = [detailsOf(memory), matchOf(memory)].flatMap((line) =>
      line ? [output.style('dim', line)] : [],
    )
    const snippet = memory.match_info?.snippet
    if (snippet) lines.push(oneLine(snippet))
    return [head, ...lines.map((line) => `${indent}${line}`)].join('\n')
  })
  return items.join('\n')
}

/** A relationship as a statement about one of its ends, `this`. */
export function printLink(
  { from_memory_id: from, to_memory_id: to, type }: Relationship,
  subject: string,
  titles: ReadonlyMap<string, string>,
): string {
  const name = (id: string): string => (id === subject ? 'this' : `"${oneLine(titles.get(id) ?? id)}"`)
  return `${name(from)} ${type} ${name(to)}`
}

/** A stored time for people: to the second, in UTC. */
export function printTime(timestamp: string): string {
  const match = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})\.\d{6}\+00:00$/.exec(timestamp)
  return match ? `${match[1]} ${match[2]} UTC` : oneLine(timestamp)
}

function detailsOf({ type, id, importance, tags }: Memory): string {
  const parts = [
    type,
    id,
    `importance ${importance}`,
    ...(tags.length > 0 ? [`tags ${tags.join(', ')}`] : []),
  ]
  return parts.map(oneLine).join('  ')
}

function matchOf({ match_info: match, context_summary: summary }: Memory): string {
  const says = summary?.includes(' ') ? summary : '' // a summary of one word is the type again
  return [match ? reasonOf(match) : '', says]
    .filter((part) => part !== '')
    .map(oneLine)
    .join('; ')
}

function reasonOf({ matched_terms, matched_fields, found_as = {}, similarity, path }: MatchInfo): string {
  if (matched_terms.length > 0) {
    const terms = matched_terms.map((term) => {
      const others = found_as[term]
      return others ? `${term} (as ${others.join(', ')})` : term
    })
    return `matches ${terms.join(', ')} in ${matched_fields.join(', ')}`
  }
  if (similarity !== undefined) return `similarity ${similarity.toFixed(3)}`
  return path ? `close to ${path[0]}` : ''
}
