type NumberArray = Int32Array | Float64Array | Uint16Array | Uint8Array

const FIRST_LENGTH = 1024
const GROWTH = 1.5

/** A typed array that grows. What it has not been given is 0. */
export class GrowingArray<Numbers extends NumberArray> {
  #values: Numbers
  readonly #make: (length: number) => Numbers

  constructor(make: (length: number) => Numbers) {
    this.#make = make
    this.#values = make(FIRST_LENGTH)
  }

  /** The numbers, and room behind them: another array after one was put beyond its end. */
  get values(): Numbers {
    return this.#values
  }

  put(place: number, value: number): void {
    if (place >= this.#values.length) {
      const longer = this.#make(Math.ceil((place + 1) * GROWTH))
      longer.set(this.#values)
      this.#values = longer
    }
    this.#values[place] = value
  }
}
