import { expect, it } from 'vitest'
import { configFromEnv } from '../../src/factory/config.js'

const PRIMARY = {
  MEMORY_BACKEND: 'turso',
  TURSO_DATABASE_URL: 'libsql://db.example.org',
  TURSO_AUTH_TOKEN: 't',
}

it('a replica is synced by itself every 300 seconds, unless the environment says otherwise', () => {
  expect(configFromEnv(PRIMARY)).toMatchObject({ autoSync: true, syncIntervalSeconds: 300 })
  const said = { ...PRIMARY, MEMORY_TURSO_AUTO_SYNC: 'false', MEMORY_TURSO_SYNC_INTERVAL: '0' }
  expect(configFromEnv(said)).toMatchObject({ autoSync: false, syncIntervalSeconds: 0 })
})

it('where nothing is synced there is nothing to default', () => {
  const { TURSO_DATABASE_URL, MEMORY_BACKEND } = PRIMARY
  const remote = { MEMORY_BACKEND, TURSO_DATABASE_URL }
  for (const env of [remote, { ...PRIMARY, MEMORY_TURSO_MODE: 'local' }, { MEMORY_BACKEND }]) {
    const config = configFromEnv(env)
    expect(config).not.toHaveProperty('autoSync')
    expect(config).not.toHaveProperty('syncIntervalSeconds')
  }
})

it('in local mode the variables of a primary are named, and give no options', () => {
  const config = configFromEnv({ ...PRIMARY, MEMORY_TURSO_MODE: 'local' })
  expect(config).toEqual({
    backend: 'turso',
    mode: 'local',
    allowCycles: false,
    auditLog: false,
    ignoredSettings: ['TURSO_DATABASE_URL', 'TURSO_AUTH_TOKEN'],
  })
})
