import { ValidationError } from '../../errors.js'
import { isRecord } from '../record-value.js'
import type { RecordSource, TransferRecord } from '../transfer-record.js'
import { GRAPH_FORMAT, GRAPH_FORMAT_VERSION } from './graph-format.js'
import { readLines } from './read-lines.js'
import { sourceFault } from './source-fault.js'
import { countedAs, type GraphCounts, type GraphLayout } from './write-graph-text.js'

const KINDS = ['node', 'memory', 'relationship', 'embedding'] as const

/** How the records of one layout are framed. */
type Frame = {
  readonly format: string
  /** The text of the first line's object, or `null` when it is another format's. */
  readonly head: (line: string) => string | null
  /** The text of a record's object, of which all but the last are followed by others. */
  readonly record: (line: string) => string
  /** The text of the last line's object. */
  readonly tail: (line: string) => string | null
}

const FRAMES: Readonly<Record<GraphLayout, Frame>> = {
  jsonl: {
    format: 'JSON Lines',
    head: (line) => line,
    record: (line) => line,
    tail: (line) => (line.startsWith('{"kind":"end"') ? line : null),
  },
  json: {
    format: 'JSON',
    head: (line) => (line.endsWith(',"records":[') ? `${line.slice(0, -',"records":['.length)}}` : null),
    record: (line) => (line.endsWith(',') ? line.slice(0, -1) : line),
    tail: (line) => (line.startsWith('],') ? `{${line.slice(2)}` : null),
  },
}

/** The layout of this library's own format that a file with this first line has; `null` when it has another format. */
export function graphLayoutOf(firstLine: string): GraphLayout | null {
  const layouts = Object.keys(FRAMES) as GraphLayout[]
  return layouts.find((layout) => headOf(firstLine, layout) !== null) ?? null
}

/** The records of a file that `writeGraphText` wrote, read line by line. */
export function readGraphText(path: string, layout: GraphLayout): RecordSource {
  const frame = FRAMES[layout]
  return {
    format: `memorygraph-turso ${frame.format}`,
    async *records(): AsyncGenerator<TransferRecord, void, undefined> {
      const counts: GraphCounts = { nodes: 0, relationships: 0, embeddings: 0 }
      let isComplete = false
      let last = 0
      for await (const { line, text } of readLines(path)) {
        last = line
        if (text.trim() === '') continue
        if (isComplete) throw sourceFault(path, 'something follows the end', { line })
        if (line === 1) {
          checkVersion(path, headOf(text, layout))
          continue
        }
        const tail = frame.tail(text)
        if (tail !== null) {
          checkCounts(path, line, parse(path, line, tail), counts)
          isComplete = true
          continue
        }
        const record = recordOf(path, line, parse(path, line, frame.record(text)))
        counts[countedAs(record.kind)]++
        yield record
      }
      if (!isComplete)
        throw sourceFault(path, 'it was cut off: the line that ends it is missing', { line: last + 1 })
    },
  }
}

function headOf(line: string, layout: GraphLayout): Readonly<Record<string, unknown>> | null {
  const text = FRAMES[layout].head(line)
  if (text === null) return null
  try {
    const value: unknown = JSON.parse(text)
    return isRecord(value) && value['format'] === GRAPH_FORMAT && !('kind' in value) ? value : null
  } catch {
    return null // another format's
  }
}

function checkVersion(path: string, head: Readonly<Record<string, unknown>> | null): void {
  const version = head?.['version']
  if (version === GRAPH_FORMAT_VERSION) return
  throw new ValidationError(
    `${JSON.stringify(path)} has the version ${JSON.stringify(version)} of the format, this library reads ${GRAPH_FORMAT_VERSION}: update it`,
    { details: { path, line: 1, version } },
  )
}

function checkCounts(path: string, line: number, tail: unknown, read: GraphCounts): void {
  for (const [kind, count] of Object.entries(read)) {
    const said = isRecord(tail) ? (tail[kind] ?? (kind === 'embeddings' ? 0 : undefined)) : undefined
    if (said === count) continue
    throw sourceFault(
      path,
      `its end says ${JSON.stringify(said)} ${kind}, and it holds ${count}: lines are missing or were added`,
      { line },
    )
  }
}

function recordOf(path: string, line: number, value: unknown): TransferRecord {
  if (isRecord(value)) {
    const { kind, ...rest } = value
    const known = KINDS.find((one) => one === kind)
    if (known) return { kind: known, value: rest, place: `line ${line}` }
  }
  throw sourceFault(path, 'it is no record: "kind" must be node, memory, relationship or embedding', { line })
}

function parse(path: string, line: number, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw sourceFault(path, 'it is no JSON', { line }, cause)
  }
}
