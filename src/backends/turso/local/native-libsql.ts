import type LibsqlDatabase from 'libsql'

/** The native package's `Database` class. */
export type NativeDatabase = LibsqlDatabase.Database
/** The class itself. */
export type NativeDatabaseConstructor = typeof LibsqlDatabase
/** A prepared statement of the native package. */
export type NativeStatement = LibsqlDatabase.Statement

let loading: Promise<typeof LibsqlDatabase> | undefined

/** Loads the native engine once, on first use. */
export function loadLibsql(): Promise<typeof LibsqlDatabase> {
  loading ??= load()
  return loading
}

// The engine's logger writes to stdout, which belongs to the application (an MCP server speaks there). It reads its level when it loads.
async function load(): Promise<typeof LibsqlDatabase> {
  const level = process.env['RUST_LOG']
  process.env['RUST_LOG'] = 'off'
  try {
    return (await import('libsql')).default
  } finally {
    if (level === undefined) delete process.env['RUST_LOG']
    else process.env['RUST_LOG'] = level
  }
}
