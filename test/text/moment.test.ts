import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { momentFrom } from '../../src/text/moment.ts'

const zone = process.env.TZ
beforeAll(() => {
  process.env.TZ = 'Europe/Berlin'
})
afterAll(() => {
  if (zone === undefined) delete process.env.TZ
  else process.env.TZ = zone
})

const now = Date.UTC(2026, 10, 28, 9, 15) // 10:15 in Berlin
const iso = (text: string, at = now) => {
  const found = momentFrom(text, at)
  return found === undefined ? undefined : new Date(found).toISOString()
}

describe('a moment on the command line', () => {
  it.each([
    ['90s', '2026-11-28T09:13:30.000Z'],
    ['30m', '2026-11-28T08:45:00.000Z'],
    ['30min', '2026-11-28T08:45:00.000Z'],
    ['1h', '2026-11-28T08:15:00.000Z'],
    ['1.5h', '2026-11-28T07:45:00.000Z'],
    ['2d', '2026-11-26T09:15:00.000Z'],
    ['1w', '2026-11-21T09:15:00.000Z'],
  ])('%s is so long ago', (text, expected) => {
    expect(iso(text)).toBe(expected)
  })

  it.each([
    ['9:30', '2026-11-28T08:30:00.000Z'],
    ['10:15', '2026-11-28T09:15:00.000Z'],
    ['10:15:01', '2026-11-27T09:15:01.000Z'],
    ['23:59', '2026-11-27T22:59:00.000Z'],
  ])('%s is the last time that clocks showed it', (text, expected) => {
    expect(iso(text)).toBe(expected)
  })

  it.each([
    ['2026-11-28', '2026-11-27T23:00:00.000Z'],
    ['2026-11-28T10:00', '2026-11-28T09:00:00.000Z'],
    ['2026-11-28 10:00:05', '2026-11-28T09:00:05.000Z'],
    ['2026-07-01T10:00', '2026-07-01T08:00:00.000Z'],
    ['2026-07-01T10:00:00.250Z', '2026-07-01T10:00:00.250Z'],
    ['2026-07-01T10:00+05:30', '2026-07-01T04:30:00.000Z'],
    ['2026-07-01T10:00-0800', '2026-07-01T18:00:00.000Z'],
    ['2024-02-29', '2024-02-28T23:00:00.000Z'],
    // In Berlin there is no 02:30 on this day; in UTC there is.
    ['2026-03-29T02:30Z', '2026-03-29T02:30:00.000Z'],
  ])('%s is that date, local where no zone is named', (text, expected) => {
    expect(iso(text)).toBe(expected)
  })

  it.each([
    '',
    'soon',
    '1',
    '1y',
    '-1h',
    '1 h',
    'h',
    '24:00',
    '10:60',
    '10',
    '2026-02-30',
    '2026-13-01',
    '2026-00-10',
    '28.11.2026',
    '2026-11-28T25:00',
    '2026-11-28T10:00X',
    '9999999999h',
  ])('%j is none', (text) => {
    expect(momentFrom(text, now)).toBeUndefined()
  })
})
