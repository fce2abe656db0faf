import { expect, it } from 'vitest'
import { Connection } from '../../src/backends/turso/local/connection.js'

it('a statement asked for all rows, then for one, then for one that is not there, answers each question', async () => {
  const connection = await Connection.open({ path: ':memory:', encryptionKey: undefined })
  connection.exec("CREATE TABLE item(key, value); INSERT INTO item VALUES ('a', 1), ('b', 2)")
  const select = 'SELECT value FROM item WHERE key = ?'
  expect(connection.all(select, ['a'])).toEqual([[1]])
  expect(connection.get(select, ['b'])).toEqual([2])
  expect(connection.all(select, ['a'])).toEqual([[1]])
  expect(connection.get(select, ['absent'])).toBeUndefined()
  connection.close()
})
