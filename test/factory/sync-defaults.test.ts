import { expect, it } from 'vitest'
import { configFromEnv } from '../../src/factory/config.js'

const PRIMARY = {
  MEMORY_BACKEND: 'turso',
  TURSO_DATABASE_URL: 'libsql://db.example.org',
  TURSO_AUTH_TOKEN: 't',
}

it('a configured primary is synced by itself every 300 seconds, unless the environment says otherwise', () => {
  expect(configFromEnv(PRIMARY)).toMatchObject({ autoSync: true, syncIntervalSeconds: 300 })
  const said = { ...PRIMARY, MEMORY_TURSO_AUTO_SYNC: 'false', MEMORY_TURSO_SYNC_INTERVAL: '0' }
  expect(configFromEnv(said)).toMatchObject({ autoSync: false, syncIntervalSeconds: 0 })
  const local = configFromEnv({ ...PRIMARY, MEMORY_TURSO_MODE: 'local' })
  expect(local).toMatchObject({ mode: 'local', ignoredSettings: ['TURSO_DATABASE_URL', 'TURSO_AUTH_TOKEN'] })
})
