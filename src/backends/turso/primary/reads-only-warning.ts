import type { PrimaryStore } from './primary-store.js'

/** What the health report says of a backend whose token only reads; nothing of one that may write or is not connected. */
export function readsOnlyWarning(store: PrimaryStore | null | undefined): string[] {
  return store?.mayWrite === false ? ['The token only reads: writes are refused'] : []
}
