import { describe, expect, it } from 'vitest'
import { checkRawQuery } from '../../src/backends/turso/raw-query.js'
import { readSqlText } from '../../src/backends/turso/sql-text.js'

describe('the look at a raw statement', () => {
  it.each([
    ['SELECT 1', 1],
    ['SELECT 1;', 1],
    ['SELECT 1; -- end', 1],
    ['SELECT 1; SELECT 2', 2],
    [`SELECT ';' AS ";" /* ; */ -- ;`, 1],
    ['SELECT `;`, [;]', 1],
    ['', 0],
    ['  ; ; ', 0],
    ['/* nothing', 0],
    ['CREATE TRIGGER t AFTER INSERT ON x BEGIN DELETE FROM y; DELETE FROM z; END;', 1],
    ['CREATE TEMP TRIGGER t AFTER INSERT ON x BEGIN DELETE FROM y; END; SELECT 1', 2],
  ])('counts the statements of %s', (sql, statements) => {
    expect(readSqlText(sql).statements).toBe(statements)
  })

  it('finds the values that a statement binds', () => {
    expect(readSqlText(`SELECT ?, ?, ':no', :yes, @also, $too, ?7`)).toMatchObject({
      positions: 7,
      names: new Set(['yes', 'also', 'too']),
    })
  })

  it.each(['BEGIN', 'commit', 'END', 'ROLLBACK', 'SAVEPOINT a', 'RELEASE a', '/* x */ Begin Immediate'])(
    'refuses %s, which would break into the backend’s own transactions',
    (sql) => {
      expect(() => checkRawQuery(sql, [])).toThrow(/use transaction\(\)/)
    },
  )

  it.each([
    `ATTACH 'x.db' AS x`,
    'VACUUM',
    'PRAGMA query_only = OFF',
    'PRAGMA query_only(0)',
    'PRAGMA foreign_keys=0',
    'PRAGMA wal_checkpoint',
    'PRAGMA main.journal_mode = delete',
    `PRAGMA rekey = 'x'`,
  ])('refuses %s, which would change the connection', (sql) => {
    expect(() => checkRawQuery(sql, [])).toThrow(/would change the connection/)
  })

  it.each([
    'PRAGMA user_version',
    'PRAGMA table_info(nodes)',
    'PRAGMA integrity_check',
    'PRAGMA main.page_count;',
  ])('lets %s through, which only looks', (sql) => {
    expect(checkRawQuery(sql, []).sql).toBe(sql)
  })

  it('keeps integers integers, and refuses what the engine would bind as something else', () => {
    expect(checkRawQuery('SELECT ?, ?, ?, ?', [1, 1.5, true, null]).values).toEqual([1n, 1.5, 1n, null])
    for (const value of [undefined, Number.NaN, {}, new Date(), 'a\u0000b', '\ud800', 2n ** 64n]) {
      expect(() => checkRawQuery('SELECT ?', [value])).toThrow(/Invalid parameter 1/)
    }
  })

  it('refuses missing, superfluous and misnamed parameters', () => {
    expect(() => checkRawQuery('SELECT ?', [])).toThrow(/binds 1, 0 were given/)
    expect(() => checkRawQuery('SELECT 1', [1])).toThrow(/binds 0, 1 were given/)
    expect(() => checkRawQuery('SELECT :a', {})).toThrow(/no value for a/)
    expect(() => checkRawQuery('SELECT :a', { a: 1, b: 2 })).toThrow(/has no b/)
    expect(() => checkRawQuery('SELECT ?', { a: 1 })).toThrow(/by position/)
    expect(() => checkRawQuery('SELECT 1', 'x' as never)).toThrow(/array or an object/)
  })
})
