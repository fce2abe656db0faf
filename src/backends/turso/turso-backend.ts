import { DriverBackend } from '../driver-backend.js'
import type { GraphDriver } from '../graph-driver.js'
import { LocalDriver } from './local/local-driver.js'
import { RemoteDriver } from './primary/remote-driver.js'
import { type CompleteTursoOptions, completeOptions, type TursoBackendOptions } from './turso-options.js'

export type { TursoBackendOptions } from './turso-options.js'

/**
 * A memory graph in one libSQL file, in the file format of MemoryGraph for Python.
 *
 * Several processes may use one file at once. Importing this class loads no native code; connecting does.
 */
export class TursoBackend extends DriverBackend {
  /** @throws `MG_CONFIGURATION` an unknown option, or a value that does not fit */
  constructor(options: TursoBackendOptions = {}) {
    const complete = completeOptions(options)
    super(driverOf(complete), {
      name: complete.name,
      type: complete.name,
      maxContentBytes: complete.maxContentBytes,
      allowCycles: complete.allowCycles,
    })
  }

  /** A backend that is connected, with its schema complete. On failure nothing stays open. */
  static async create(options: TursoBackendOptions = {}): Promise<TursoBackend> {
    const backend = new TursoBackend(options)
    try {
      await backend.connect()
      await backend.initializeSchema({ onProgress: options.onProgress })
      return backend
    } catch (error) {
      await backend.disconnect()
      throw error
    }
  }
}

function driverOf(options: CompleteTursoOptions): GraphDriver {
  const { mode, primary } = options
  if (mode === 'local' || primary === null) return new LocalDriver(options)
  return new RemoteDriver(options, primary)
}
