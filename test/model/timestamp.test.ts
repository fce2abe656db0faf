import { describe, expect, it } from 'vitest'
import { daysAgo, now, toTimestamp } from '../../src/model/timestamp.js'

describe('toTimestamp()', () => {
  it.each([
    ['2025-01-02T03:04:05.123456+00:00', '2025-01-02T03:04:05.123456+00:00'],
    ['2025-01-02T03:04:05Z', '2025-01-02T03:04:05.000000+00:00'],
    ['2025-01-02T03:04:05.1Z', '2025-01-02T03:04:05.100000+00:00'],
    ['2025-01-02T03:04:05,123456789+00:00', '2025-01-02T03:04:05.123456+00:00'],
    ['2025-01-02T03:04:05+09:00', '2025-01-01T18:04:05.000000+00:00'],
    ['2025-01-02T03:04:05.000001-05:30', '2025-01-02T08:34:05.000001+00:00'],
    ['2025-01-02T03:04:05+00:00:30', '2025-01-02T03:03:35.000000+00:00'],
    ['2025-01-02 03:04:05', '2025-01-02T03:04:05.000000+00:00'],
    ['2025-01-02T03:04', '2025-01-02T03:04:00.000000+00:00'],
    ['2025-01-02', '2025-01-02T00:00:00.000000+00:00'],
    ['20250102T030405Z', '2025-01-02T03:04:05.000000+00:00'],
    ['  2025-01-02  ', '2025-01-02T00:00:00.000000+00:00'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000000+00:00'],
    ['9999-12-31T23:59:59.999999Z', '9999-12-31T23:59:59.999999+00:00'],
    ['2024-02-29', '2024-02-29T00:00:00.000000+00:00'],
  ])('reads %s', (text, canonical) => {
    expect(toTimestamp(text)).toBe(canonical)
  })

  it('reads a Date', () => {
    expect(toTimestamp(new Date(Date.UTC(2025, 0, 2, 3, 4, 5, 678)))).toBe('2025-01-02T03:04:05.678000+00:00')
  })

  it.each([
    '',
    'yesterday',
    '2025-02-30',
    '2025-13-01',
    '2025-01-02T24:00:00',
    '2025-01-02T03:60:00',
    '2025-02-30T00:00:00.000000+00:00',
    '0001-01-01T00:00:00+01:00',
    '1735787045',
    new Date(Number.NaN),
    new Date(8.64e15),
    1735787045000,
    null,
    undefined,
  ])('does not take %s', (value) => {
    expect(toTimestamp(value)).toBeNull()
  })
})

describe('the present', () => {
  it('is canonical and never the same twice', () => {
    const times = Array.from({ length: 1000 }, now)
    expect(new Set(times).size).toBe(1000)
    expect([...times].sort()).toEqual(times)
    expect(times.every((time) => toTimestamp(time) === time)).toBe(true)
  })

  it('counts back in days, also beyond the first year', () => {
    expect(daysAgo(1) < now()).toBe(true)
    expect(Date.parse(now()) - Date.parse(daysAgo(7))).toBeCloseTo(7 * 86_400_000, -3)
    expect(daysAgo(10_000_000).startsWith('0')).toBe(true)
  })
})
