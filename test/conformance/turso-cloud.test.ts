import { afterAll, beforeAll, describe, it } from 'vitest'
import { type GraphBackendCase, graphBackendCases, runGraphBackendCase } from '../../src/testing/index.js'
import { isWhole } from '../support/kit-sample.js'
import { ServicePool } from '../support/service-pool.js'
import { type Sqld, startSqld } from '../support/sqld.js'

/*
 * Against a service, when asked: TURSO_TEST_URL has the URLs of two databases that may be emptied, separated by a comma, and
 * TURSO_TEST_TOKEN a token that may write both. A database that holds anything at the start is left alone.
 *
 * Else two servers of this machine take its place, for a sample of the cases.
 */

const urls = (process.env['TURSO_TEST_URL'] ?? '').split(',').filter((url) => url !== '')
const authToken = process.env['TURSO_TEST_TOKEN']
const isAsked = urls.length > 0

/** Some of what shows a store that is not empty, or was not given back: tables of their own, several stores or backends; and of all. */
function isInSample({ group, name }: GraphBackendCase, at: number): boolean {
  const hasMore = /one store|other backends|another backend/.test(name)
  return isWhole || group === 'rig' || at % (group === 'raw query' || hasMore ? 3 : 75) === 0
}

const cases = isAsked ? graphBackendCases : graphBackendCases.filter(isInSample)
const about = isAsked
  ? 'TursoBackend on a service'
  : 'TursoBackend on two servers in place of a service: a sample'

describe.each(['remote', 'replica'] as const)(`${about}, %s`, (mode) => {
  const servers: Sqld[] = []
  let databases: ServicePool
  beforeAll(async () => {
    if (!isAsked) servers.push(await startSqld(), await startSqld())
    databases = new ServicePool([...urls, ...servers.map(({ url }) => url)], mode, authToken)
  })
  afterAll(async () => {
    await databases[Symbol.asyncDispose]()
    for (const sqld of servers) await sqld[Symbol.asyncDispose]()
  })
  for (const testCase of cases) {
    it(`${testCase.group}: ${testCase.name}`, () => runGraphBackendCase(testCase, () => databases.take()))
  }
})
