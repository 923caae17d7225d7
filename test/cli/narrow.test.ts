import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Minutes } from '../../src/fleet/history/minutes.ts'
import { Journal } from '../../src/fleet/journal/journal.ts'
import { atLeast } from '../../src/fleet/journal/wanted.ts'
import { label } from '../../src/hosts/label.ts'
import { run } from '../support/command-line.ts'
import { frozenAt } from '../support/frozen.ts'

const minute = 60_000
let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'vdd-narrow-'))
  writeFileSync(
    join(directory, 'vdd.yaml'),
    `cluster: c\nkeepHistory: true\njournal: ${directory}/journal.db\nhosts:\n  - {name: hv1, roles: [balancer]}\n  - {name: host-2, roles: [balancer]}\n  - {name: fe1, roles: [frontend], address: 10.0.0.1}\n`,
  )
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

/** Entries in the journal: minutes before now, host, severity; the text is its place in the list. */
function keep(...entries: readonly (readonly [number, string, 'bad' | 'warning' | 'info'])[]) {
  const journal = new Journal(join(directory, 'journal.db'))
  entries.forEach(([ago, host, severity], i) => {
    journal.add({ at: frozenAt - ago * minute, kind: 'seen', severity, host, text: label(`event ${i}`) })
  })
  journal.close()
}

const vdd = (...words: string[]) => run(['--config', join(directory, 'vdd.yaml'), ...words])
const events = async (...options: string[]) =>
  [...(await vdd('events', ...options)).matchAll(/event (\d+)/g)].map(([, n]) => Number(n))

describe('vdd events', () => {
  beforeEach(() =>
    keep(
      [180, 'hv1', 'info'],
      [120, 'gone', 'bad'],
      [90, 'host-2', 'warning'],
      [60, 'hv1', 'bad'],
      [30, 'host-2', 'info'],
      [10, 'hv1', 'warning'],
    ),
  )

  it.each([
    [[], [0, 1, 2, 3, 4, 5]],
    [
      ['--since', '1h'],
      [3, 4, 5],
    ],
    [
      ['--since', '6:30'],
      [2, 3, 4, 5],
    ],
    [
      ['--since', '2026-01-05T06:00', '--until', '7:00'],
      [1, 2, 3],
    ],
    [
      ['--until', '2026-01-05T07:00Z'],
      [0, 1, 2, 3],
    ],
    [
      ['--host', 'hv1'],
      [0, 3, 5],
    ],
    [
      ['--host', 'hv1,host-2'],
      [0, 2, 3, 4, 5],
    ],
    [
      ['--host', 'hv1', '--host', 'gone'],
      [0, 1, 3, 5],
    ],
    [
      ['--severity', 'bad'],
      [1, 3],
    ],
    [
      ['--severity', 'warning'],
      [1, 2, 3, 5],
    ],
    [
      ['--severity', 'info'],
      [0, 1, 2, 3, 4, 5],
    ],
    [
      ['--severity', 'warning', '--host', 'hv1', '--since', '2h'],
      [3, 5],
    ],
    [
      ['--last', '2', '--severity', 'bad'],
      [1, 3],
    ],
    [['--last', '1', '--since', '3h', '--severity', 'bad'], [3]],
  ])('%j gives %j, as JSON too', async (options, expected) => {
    expect(await events(...options)).toEqual(expected)
    expect(await events(...options, '--json')).toEqual(expected)
  })

  it('are in columns, and it is said where there are none', async () => {
    expect(await vdd('events', '--last', '2')).toContain(
      ' 5 Jan 07:30:00  info     host-2  event 4\n 5 Jan 07:50:00  warning  hv1     event 5\n',
    )
    expect(await vdd('events', '--since', '1m')).toContain(
      'vdd: the journal has nothing of that\n== status 0',
    )
    expect(await vdd('events', '--since', '1m', '--json')).toMatch(/\n\[\]\n== status 0\n$/)
  })

  it.each([
    [['--since', 'soon'], 2, '--since soon: how long ago (30m, 1h, 2d), a time (10:30) or a date'],
    [['--until', '25:00'], 2, '--until 25:00: how long ago'],
    [['--severity', 'worst'], 2, '--severity worst: one of bad, warning, info'],
    [['--host', ','], 2, '--host ,: names, with commas between them'],
    [['--host', 'hv1,hv9'], 3, 'no host hv9\n     Did you mean hv1?'],
    [['--host', 'gon'], 3, 'Did you mean gone?'],
    [['--since', '1h', '--until', '2h'], 2, '--since is later than --until'],
    [['--until', '1h', '--follow'], 2, '--until ends the list'],
  ])('%j is refused with what can be', async (options, status, text) => {
    const said = await vdd('events', ...options)
    expect(said).toContain(text)
    expect(said).toContain(`== status ${status}`)
  })
})

it('more events than are usually shown are all there since a time', async () => {
  keep(...Array.from({ length: 60 }, () => [5, 'hv1', 'info'] as const))
  expect(await events()).toHaveLength(50)
  expect(await events('--since', '10m')).toHaveLength(60)
})

it('the history of a front end is narrowed by the same times', async () => {
  keep()
  const minutes = new Minutes(join(directory, 'journal.db'))
  const rows = [40, 20, 5].map((ago) => ({
    metric: 'connections',
    object: '10.0.0.1',
    at: frozenAt - ago * minute,
    value: ago,
  }))
  minutes.write(rows, frozenAt)
  minutes.close()
  const values = async (...options: string[]) =>
    [...(await vdd('frontend', 'history', 'fe1', '--json', ...options)).matchAll(/"value": (\d+)/g)].map(
      ([, value]) => Number(value),
    )
  expect(await values()).toEqual([40, 20, 5])
  expect(await values('--since', '30m')).toEqual([20, 5])
  expect(await values('--since', '7:30', '--until', '10m')).toEqual([20])
})

describe('lists of what is now', () => {
  const demo = (...words: string[]) => run(['--demo', ...words])
  const column = async (at: number, ...words: string[]) => {
    const lines = (await demo(...words)).split('\n').slice(2)
    const rows = lines.slice(
      0,
      lines.findIndex((line) => line.startsWith('==')),
    )
    return [...new Set(rows.map((line) => line.trim().split(/ {2,}/)[at]))].sort()
  }

  it('are narrowed by hosts alike', async () => {
    expect(await column(2, 'machine', 'list', '--host', 'hv1,hv3')).toEqual(['hv1', 'hv3'])
    expect(await column(2, 'machine', 'list', '--host', 'hv1', '--host', 'hv2')).toEqual(['hv1', 'hv2'])
    expect(await column(0, 'fd', 'list', '--host', 'fe1')).toEqual(['fe1'])
    expect(await demo('runs-out', '--host', 'fe1')).not.toMatch(/ hv\d /)
    for (const verb of [['machine', 'list'], ['fd', 'list'], ['alert', 'list'], ['runs-out']])
      expect(await demo(...verb, '--host', 'hv9')).toMatch(
        /no host hv9\n {5}Did you mean hv1.*\?\n== status 3/,
      )
  })

  it('of alerts by how bad they are, and by hosts', async () => {
    expect(await column(0, 'alert', 'list', '--severity', 'bad')).toEqual(['bad'])
    expect(atLeast('warning')).toEqual(['bad', 'warning'])
    expect(await column(1, 'alert', 'list', '--host', 'hv1')).toEqual(['exam-01'])
  })
})
