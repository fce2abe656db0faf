/** A rectangle, by its corners. */
export type Box = {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

const CELL = 48
/** More columns than any picture has to either side. */
const COLUMNS = 1 << 20

/** Things by the rectangles that they lie in, so that those near another are found without looking at all. */
export class BoxGrid<Item> {
  readonly #cells = new Map<number, Item[]>()

  add(box: Box, item: Item): void {
    for (const cell of cellsOf(box)) {
      const items = this.#cells.get(cell)
      if (items) items.push(item)
      else this.#cells.set(cell, [item])
    }
  }

  /** Those that lie in or near a rectangle, some more than once. */
  *near(box: Box): Generator<Item, void, undefined> {
    for (const cell of cellsOf(box)) yield* this.#cells.get(cell) ?? []
  }
}

function* cellsOf({ left, top, right, bottom }: Box): Generator<number, void, undefined> {
  for (let column = Math.floor(left / CELL); column <= Math.floor(right / CELL); column++)
    for (let row = Math.floor(top / CELL); row <= Math.floor(bottom / CELL); row++)
      yield row * COLUMNS + column
}
