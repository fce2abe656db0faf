import type { Following } from './following.js'
import { type Output, oneLine } from './output.js'
import { printDuration } from './print-duration.js'
import { printTime } from './print-memory.js'

/** Where following a primary stands, as rows of a name and a value; none without a primary. */
export function followingRows(output: Output, following: Following): string[][] {
  const { primary_url: url, enabled, last_sync_error: error } = following
  if (url === null) return []
  const primary = [
    ['primary', oneLine(url)],
    ['online', printOnline(output, following.online)],
  ]
  if (!enabled) return primary
  return [
    ...primary,
    ['last sync', printLastSync(following)],
    ...(error === null ? [] : [['last sync error', output.style('red', oneLine(error))]]),
    ['position', following.frame_no === null ? '-' : String(following.frame_no)],
    ['synced by', printOwner(following.owner)],
    ['pending writes', String(following.pending_writes)],
  ]
}

function printOnline(output: Output, online: boolean | null): string {
  if (online === null) return 'not known yet'
  return online ? 'yes' : output.style('red', 'no')
}

function printLastSync({ last_sync_at: time, lag_ms: lag }: Following): string {
  return time === null || lag === null ? 'never' : `${printTime(time)}, ${printDuration(lag)} ago`
}

function printOwner(owner: Following['owner']): string {
  if (owner === null) return 'nobody'
  return `process ${owner.pid} (${owner.is_self ? 'this one' : 'another one'})`
}
