import { breathe } from '../../../breathe.js'
import { scoreOf, scoreTable } from './code-scores.js'
import { codeWords, hamming } from './hamming.js'
import { greatestOf, leastOf } from './least-of.js'
import { codeBytes, writeCode } from './vector-code.js'

/** Codes that are kept together, so that a longer index is no copy of a shorter one. */
const BLOCK_ROWS = 2048
/** How many times as many as asked for are compared with the whole query, of which the best are given. */
const BITS_BEFORE_SCORES = 5

/** Codes as words and as bytes, and their keys: below 0 where they were dropped. */
type Block = { readonly codes: Uint32Array; readonly bytes: Uint8Array; readonly keys: Float64Array }

/** The codes of the vectors of a model, in memory: about 56 bytes for a vector of 384 components. */
export class CodeIndex {
  readonly dimensions: number
  readonly #words: number
  readonly #blocks: Block[] = []
  #rows = 0
  #gone = 0

  constructor(dimensions: number) {
    this.dimensions = dimensions
    this.#words = codeWords(dimensions)
  }

  /** How many there are, without those that were dropped. */
  get size(): number {
    return this.#rows - this.#gone
  }

  /** How many were dropped, whose place is still taken. */
  get gone(): number {
    return this.#gone
  }

  /** Adds codes, one after the other, whose keys ascend and are greater than all before. */
  append(keys: readonly number[], codes: Uint8Array): void {
    const ofCode = codeBytes(this.dimensions)
    keys.forEach((key, at) => {
      const row = this.#rows % BLOCK_ROWS
      if (row === 0) this.#blocks.push(this.#newBlock())
      const block = this.#blocks.at(-1) as Block
      block.keys[row] = key
      block.bytes.set(codes.subarray(at * ofCode, (at + 1) * ofCode), row * this.#words * 4)
      this.#rows++
    })
  }

  /** Forgets what has these keys. */
  drop(keys: readonly number[]): void {
    const rows = this.rowsOf(keys)
    for (const row of rows) this.#blockOf(row).keys[row % BLOCK_ROWS] = -this.#keyAt(row)
    this.#gone += rows.length
  }

  /** Where what has these ascending keys is; what is not here is left out. */
  rowsOf(keys: readonly number[]): Uint32Array {
    const rows = new Uint32Array(keys.length)
    let found = 0
    let row = 0
    for (const key of keys) {
      row = this.#firstFrom(key, row)
      if (row < this.#rows && this.#keyAt(row) === key) rows[found++] = row
    }
    return rows.subarray(0, found)
  }

  /** The keys of about `count` vectors that may be the nearest to a query, among some rows or all, ascending. */
  async nearest(query: Float32Array, count: number, among: Uint32Array | null): Promise<number[]> {
    const code = new Uint32Array(this.#words)
    writeCode(query, new Uint8Array(code.buffer), 0)
    const distances = await (among ? this.#distancesOf(code, among) : this.#distances(code))
    const places = leastOf(distances, count * BITS_BEFORE_SCORES, this.dimensions)
    const rows = places
      .map((place) => (among ? (among[place] as number) : place))
      .filter((row) => this.#keyAt(row) > 0)
    const table = scoreTable(query)
    const scores = new Float32Array(rows.length)
    rows.forEach((row, at) => {
      const { bytes } = this.#blockOf(row)
      scores[at] = scoreOf(bytes, (row % BLOCK_ROWS) * this.#words * 4, table)
    })
    return greatestOf(scores, count).map((place) => this.#keyAt(rows[place] as number))
  }

  async #distances(code: Uint32Array): Promise<Uint16Array> {
    const rows = this.#rows
    const distances = new Uint16Array(rows)
    for (let row = 0; row < rows; row += BLOCK_ROWS) {
      await breathe()
      hamming(this.#blockOf(row).codes, 0, code, distances, row, Math.min(BLOCK_ROWS, rows - row))
    }
    return distances
  }

  async #distancesOf(code: Uint32Array, rows: Uint32Array): Promise<Uint16Array> {
    const distances = new Uint16Array(rows.length)
    for (let at = 0; at < rows.length; at++) {
      if (at % BLOCK_ROWS === 0) await breathe()
      const row = rows[at] as number
      hamming(this.#blockOf(row).codes, (row % BLOCK_ROWS) * this.#words, code, distances, at, 1)
    }
    return distances
  }

  /** The first row from one on whose key is not less. */
  #firstFrom(key: number, from: number): number {
    let end = this.#rows
    for (let first = from; ; ) {
      if (first >= end) return first
      const middle = Math.floor((first + end) / 2)
      if (Math.abs(this.#keyAt(middle)) < key) first = middle + 1
      else end = middle
    }
  }

  #keyAt(row: number): number {
    return this.#blockOf(row).keys[row % BLOCK_ROWS] as number
  }

  #newBlock(): Block {
    const codes = new Uint32Array(BLOCK_ROWS * this.#words)
    return { codes, bytes: new Uint8Array(codes.buffer), keys: new Float64Array(BLOCK_ROWS) }
  }

  #blockOf(row: number): Block {
    return this.#blocks[Math.floor(row / BLOCK_ROWS)] as Block
  }
}
