/** Colours of a light picture. */
export const GROUND = '#ffffff'
export const TEXT = '#1f2933'
export const SOFT_TEXT = '#596674'

/** What takes their place where a dark one is asked for, by the classes of the elements. */
export const DARK: string =
  '@media (prefers-color-scheme: dark) {' +
  ' .mg-ground { fill: #14191f } .mg-text { fill: #e6eaef } .mg-soft { fill: #9fabb9 }' +
  ' .mg-halo { stroke: #14191f } .mg-ring { stroke: #e6eaef } }'

/** Tenths of a pixel: the same on every machine, and more than the eye sees. */
export function shown(number: number): string {
  return String(Math.round(number * 10) / 10)
}
