import type { DriverDescription } from '../../graph-driver.js'
import { ignoredWarning } from '../ignored-warning.js'
import type { CompletePrimaryOptions, CompleteTursoOptions } from '../turso-options.js'

/** What the health report says of the settings of a backend that has a primary. */
export function describePrimary(
  { mode, path, ignoredSettings, name }: CompleteTursoOptions,
  { url, autoSync, syncIntervalSeconds }: CompletePrimaryOptions,
): DriverDescription & { readonly warnings: readonly string[] } {
  const hasCopy = mode === 'replica'
  return {
    mode: hasCopy ? 'embedded_replica' : 'remote',
    db_path: hasCopy ? path : null,
    sync_url: url.shown,
    auto_sync: hasCopy && autoSync,
    sync_interval: hasCopy ? syncIntervalSeconds : 0,
    warnings: ignoredWarning(ignoredSettings, name, mode),
  }
}
