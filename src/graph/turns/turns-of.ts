import type { GraphRunOptions } from '../graph-view.js'
import { Turns } from './turns.js'

/** The turns of a phase of work, which is told by its name. */
export function turnsOf({ signal, onProgress }: GraphRunOptions, phase: string, total: number | null): Turns {
  return new Turns({ signal, report: onProgress && ((done) => onProgress({ done, total, phase })) }, total)
}
