import { describe, expect, it } from 'vitest'
import { fixedZone, momentOf, namedZone } from '../../src/services/log-time.ts'

const day = 86_400_000
const utc = (text: string) => Date.parse(`${text}Z`)
const told = (moment: number | undefined) =>
  moment !== undefined && new Date(moment).toISOString().slice(0, 16)
/** Of a time without a year. */
const bare = (text: string) => ({ local: utc(`2000-${text}`), hasYear: false })
const dated = (text: string) => ({ local: utc(text), hasYear: true })

describe('the moment of a line without a year', () => {
  const london = { zone: fixedZone(0) }
  it.each([
    ['12-31T23:59', '2027-01-01T00:03', '2026-12-31T23:59'],
    ['01-01T00:01', '2027-01-01T00:03', '2027-01-01T00:01'],
    ['11-30T10:00', '2026-11-30T10:00', '2026-11-30T10:00'],
    // a clock that is ahead by some hours
    ['01-01T05:00', '2026-12-31T23:00', '2027-01-01T05:00'],
    ['11-30T10:00', '2026-03-01T00:00', '2025-11-30T10:00'],
    ['02-29T12:00', '2027-03-01T00:00', '2024-02-29T12:00'],
    ['02-29T12:00', '2104-02-28T00:00', '2096-02-29T12:00'],
  ])('%s before %s is of %s', (line, before, moment) => {
    expect(told(momentOf(bare(line), { ...london, before: utc(before) }))).toBe(moment)
  })

  it('is counted from where the clock of its host stands', () => {
    const zone = fixedZone(3_600_000)
    expect(told(momentOf(bare('01-01T00:30'), { zone, before: utc('2026-12-31T23:40') }))).toBe(
      '2026-12-31T23:30',
    )
  })
})

describe('the moment of a line in a zone with summer time', () => {
  const zone = namedZone('Europe/Rome')
  const before = utc('2027-01-01T00:00')
  it.each([
    ['2026-07-01T12:00', '2026-07-01T10:00'],
    ['2026-12-01T12:00', '2026-12-01T11:00'],
    ['2026-03-29T01:59', '2026-03-29T00:59'],
    ['2026-03-29T03:00', '2026-03-29T01:00'],
    // left out, so the clock was not put forward yet
    ['2026-03-29T02:30', '2026-03-29T01:30'],
    ['2026-10-25T01:59', '2026-10-24T23:59'],
    ['2026-10-25T03:00', '2026-10-25T02:00'],
  ])('%s is %s', (line, moment) => {
    expect(told(momentOf(dated(line), { zone, before }))).toBe(moment)
  })

  it('is the second of two where the line before it is later than the first', () => {
    const line = dated('2026-10-25T02:30')
    expect(told(momentOf(line, { zone, before }))).toBe('2026-10-25T00:30')
    expect(told(momentOf(line, { zone, before, after: utc('2026-10-25T00:29') }))).toBe('2026-10-25T00:30')
    expect(told(momentOf(line, { zone, before, after: utc('2026-10-25T00:31') }))).toBe('2026-10-25T01:30')
    expect(told(momentOf(line, { zone, before, after: utc('2026-10-25T00:31') + day }))).toBe(
      '2026-10-25T00:30',
    )
  })
})
