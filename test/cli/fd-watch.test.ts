import { describe, expect, it } from 'vitest'
import { FdNews, fdText } from '../../src/cli/fd-watch.ts'
import type { ProcessRecord } from '../../src/fleet/process/record.ts'
import { label } from '../../src/hosts/label.ts'

const slapd = (more: Partial<ProcessRecord> = {}): ProcessRecord => ({
  pid: 612,
  name: label('slapd'),
  owner: label('openldap'),
  open: 40,
  softLimit: 1024,
  ...more,
})

const news = new FdNews()
const told = (processes: Readonly<Record<string, ProcessRecord[]>>) =>
  news.changes({ processes: new Map(Object.entries(processes)) }).map((one) => fdText(one, 0))

describe('vdd fd watch', () => {
  it('tells what changes of a process, in the words of runs-out, and the same once', () => {
    expect(told({ fe1: [slapd(), slapd({ pid: 7, softLimit: Number.POSITIVE_INFINITY })] })).toEqual([
      '  fe1  slapd (612)  40 of 1024 (3.9%)',
      '  fe1  slapd (7)  40 of no limit',
    ])
    expect(told({ fe1: [slapd(), slapd({ pid: 7, softLimit: Number.POSITIVE_INFINITY })] })).toEqual([])
    const rising = { open: 900, exhaustedIn: 180_000 }
    expect(told({ fe1: [slapd(rising)] })).toEqual([
      '  fe1  slapd (7)  has ended',
      '! fe1  slapd (612)  900 of 1024 (88%), none left in 3m',
    ])
    expect(told({ fe1: [slapd({ ...rising, exhaustedIn: 179_000 })] })).toEqual([])
    expect(told({ fe1: [slapd({ open: 900, softLimit: 4096 })] })).toEqual([
      '  fe1  slapd (612)  900 of 4096 (22%)',
    ])
  })

  it('does not let a silent host or an ended process look as if nothing changed', () => {
    expect(told({})).toEqual(['  fe1  slapd (612)  not read any more: its host does not answer'])
    expect(told({})).toEqual([])
    expect(told({ fe1: [slapd({ pid: 613 })] })).toEqual([
      '  fe1  slapd (612)  has ended',
      '  fe1  slapd (613)  40 of 1024 (3.9%)',
    ])
    expect(told({ fe1: [slapd({ pid: 613 })] })).toEqual([])
  })

  it('tells of the hosts alone that are asked for', () => {
    const processes = new Map([
      ['fe1', [slapd()]],
      ['fe2', [slapd()]],
    ])
    const some = new FdNews().changes({ processes }, ({ host }) => host === 'fe2')
    expect(some.map(({ host }) => host)).toEqual(['fe2'])
  })
})
