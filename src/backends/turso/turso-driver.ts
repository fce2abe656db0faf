import type { GraphDriver } from '../graph-driver.js'
import { LazyDriver } from '../lazy-driver.js'
import { LocalDriver } from './local/local-driver.js'
import type { MaintainedStore } from './maintenance/maintained-store.js'
import { describePrimary } from './primary/describe-primary.js'
import { sqlCapabilities } from './sql-capabilities.js'
import type { TursoEventEmitter } from './turso-events.js'
import type { CompletePrimaryOptions, CompleteTursoOptions } from './turso-options.js'

/** A driver of this folder: what it drives can be backed up, checked and repaired. */
export type TursoDriver = GraphDriver & { readonly maintenance: MaintainedStore }

/** The driver of a mode. What speaks to a primary is loaded when it connects, and never for a file alone. */
export function tursoDriverOf(options: CompleteTursoOptions, events: TursoEventEmitter): TursoDriver {
  const { mode, primary } = options
  if (mode === 'local' || primary === null) return new LocalDriver(options)
  return new PrimaryDriver(options, primary, events)
}

class PrimaryDriver extends LazyDriver<TursoDriver> {
  constructor(options: CompleteTursoOptions, primary: CompletePrimaryOptions, events: TursoEventEmitter) {
    super({
      capabilities: sqlCapabilities({ sync: options.mode === 'replica', persistent: true }),
      description: describePrimary(options, primary),
      load: async () => {
        if (options.mode === 'remote') {
          const { RemoteDriver } = await import('./primary/remote-driver.js')
          return new RemoteDriver(options, primary, events)
        }
        const { ReplicaDriver } = await import('./replica/replica-driver.js')
        return new ReplicaDriver(options, primary, events)
      },
    })
  }

  get maintenance(): MaintainedStore {
    return this.driver.maintenance
  }
}
