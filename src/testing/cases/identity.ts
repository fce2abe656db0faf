import assert from 'node:assert/strict'
import type { BackendCapabilities, GraphBackend, HealthReport } from '../../backends/graph-backend.js'
import { assertPlain } from '../assertions.js'
import { casesOf, type GraphBackendCase } from '../graph-backend-case.js'
import { storeSamples } from '../samples.js'

type Kind = 'string' | 'number' | 'boolean' | 'object'
const text: readonly Kind[] = ['string']
const flag: readonly Kind[] = ['boolean']
const size: readonly Kind[] = ['number']

/** What type each field of a report has; `null` where the second entry says so. */
const HEALTH_FIELDS: {
  readonly [Field in keyof HealthReport]: readonly [kinds: readonly Kind[], nullable: boolean]
} = {
  status: [text, false],
  connected: [flag, false],
  backend: [text, false],
  backend_type: [text, false],
  mode: [text, false],
  replica_mode: [flag, false],
  db_path: [text, true],
  database_path: [text, true],
  sync_enabled: [flag, false],
  sync_url: [text, true],
  auto_sync: [flag, false],
  sync_interval: [size, false],
  last_sync_at: [text, true],
  last_sync_error: [text, true],
  frame_no: [size, true],
  pending_writes: [size, false],
  primary: [['object'], true],
  embedding: [['object'], true],
  version: [text, true],
  schema_version: [size, true],
  node_count: [size, true],
  relationship_count: [size, true],
  statistics: [['object'], false],
  database_size_bytes: [size, true],
  latency_ms: [size, false],
  error: [text, true],
  warnings: [['object'], false],
}

const SYNC_STATUS_FIELDS = [
  'enabled',
  'frame_no',
  'last_sync_at',
  'last_sync_error',
  'online',
  'owner',
  'pending_writes',
]

function assertComplete(report: HealthReport): void {
  for (const [field, [kinds, nullable]] of Object.entries(HEALTH_FIELDS)) {
    const value = report[field as keyof HealthReport]
    const fits = value === null ? nullable : (kinds as readonly string[]).includes(typeof value)
    assert.ok(fits, `healthCheck() reports ${field} as ${JSON.stringify(value)}`)
  }
  assert.ok(['healthy', 'degraded', 'error', 'disconnected'].includes(report.status), report.status)
  assert.ok(['local', 'embedded_replica', 'remote', 'memory'].includes(report.mode), report.mode)
  assert.ok(Array.isArray(report.warnings) && report.warnings.every((warning) => typeof warning === 'string'))
  assert.ok('memory_count' in report.statistics)
  assert.ok(report.latency_ms >= 0)
  assertPlain(report, 'the health report')
}

const CAPABILITIES: readonly (keyof BackendCapabilities)[] = [
  'fulltext',
  'vector',
  'transactions',
  'sync',
  'persistent',
  'history',
  'graph',
  'scopes',
]

function assertIdentity(backend: GraphBackend): void {
  const { capabilities } = backend
  for (const name of CAPABILITIES) assert.equal(typeof capabilities[name], 'boolean', `capabilities.${name}`)
  assert.ok(['sql', 'cypher', 'none'].includes(capabilities.queryLanguage))
  assert.ok(typeof backend.backendName() === 'string' && backend.backendName() !== '')
  assert.equal(backend.supportsFulltextSearch(), capabilities.fulltext)
  assert.equal(backend.supportsTransactions(), capabilities.transactions)
  assert.equal(backend.isCypherCapable(), capabilities.queryLanguage === 'cypher')
}

/** What a backend says of itself. */
export const identityCases: readonly GraphBackendCase[] = casesOf('identity', {
  'capabilities are one frozen object for the life of the backend': async (backend) => {
    const { capabilities } = backend
    assert.ok(Object.isFrozen(capabilities))
    await backend.disconnect()
    assert.equal(backend.capabilities, capabilities)
  },

  'backendName(), supportsFulltextSearch(), supportsTransactions() and isCypherCapable() agree with capabilities':
    async (backend) => {
      assertIdentity(backend)
    },

  'backendName() and capabilities can be read without a connection': async (backend, { unconnected }) => {
    const name = backend.backendName()
    if (unconnected) assertIdentity(unconnected)
    await backend.disconnect()
    assertIdentity(backend)
    assert.equal(backend.backendName(), name)
  },

  'healthCheck() reports every field': async (backend) => {
    const report = await backend.healthCheck()
    assertComplete(report)
    assert.equal(report.status, 'healthy')
    assert.equal(report.connected, true)
    assert.equal(report.error, null)
  },

  'healthCheck() counts nodes, relationships and memories': async (backend) => {
    await storeSamples(backend)
    await backend.putNodes([{ id: 'agent', label: 'Agent', properties: {} }])
    const report = await backend.healthCheck()
    assertComplete(report)
    assert.equal(report.node_count, 7)
    assert.equal(report.relationship_count, 3)
    assert.deepEqual(report.statistics, { memory_count: 6 })
  },

  'healthCheck() without a connection says disconnected and does not reject': async (
    backend,
    { unconnected },
  ) => {
    await backend.disconnect()
    for (const subject of [backend, ...(unconnected ? [unconnected] : [])]) {
      const report = await subject.healthCheck()
      assertComplete(report)
      assert.equal(report.status, 'disconnected')
      assert.equal(report.connected, false)
      assert.equal(report.node_count, null)
      assert.equal(report.relationship_count, null)
      assert.deepEqual(report.statistics, { memory_count: null })
    }
  },

  'syncStatus() is disabled without the capability sync, connected or not': async (
    backend,
    { unconnected },
  ) => {
    await backend.disconnect()
    for (const subject of [backend, ...(unconnected ? [unconnected] : [])]) {
      const status = subject.syncStatus()
      assert.deepEqual(Object.keys(status).sort(), SYNC_STATUS_FIELDS)
      assert.equal(typeof status.enabled, 'boolean')
      if (!subject.capabilities.sync) assert.equal(status.enabled, false)
    }
  },
})
