import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { alertId } from '../../src/fleet/alerts/alert.ts'
import { Past } from '../../src/fleet/past/past.ts'
import { label, say } from '../../src/hosts/label.ts'
import { run } from '../support/command-line.ts'
import { freeze, frozenAt, thaw } from '../support/frozen.ts'
import { host, machine, snapshot } from '../support/records.ts'

const minute = 60_000
let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'vdd-at-'))
  writeFileSync(
    join(directory, 'vdd.yaml'),
    `cluster: c\njournal: ${directory}/c.db\nhosts:\n  - {name: hv1}\n`,
  )
})
afterEach(() => {
  thaw()
  rmSync(directory, { recursive: true, force: true })
})

const vdd = (...words: string[]) => run(['--config', join(directory, 'vdd.yaml'), ...words])

/** Keeps so many minutes before now that there was one machine. */
async function keep(...minutes: readonly number[]): Promise<void> {
  freeze()
  const about = { kind: 'machine', id: machine().uuid } as const
  const texts = {
    host: 'hv1',
    name: label('web1'),
    severity: 'bad',
    what: 'state',
    text: say`crashed`,
    advice: say``,
  } as const
  for (const by of minutes) {
    const now = frozenAt - by * minute
    const past = new Past(join(directory, 'c.db.past'), now - minute)
    const {
      incidents: _,
      drills: __,
      ...facts
    } = snapshot([machine({ host: 'hv1', startedAt: now - 120 * minute })], [host('hv1')], {
      hv1: now,
    })
    const alerts = [{ about, ...texts, id: alertId({ about, what: 'state' }), since: now }]
    past.note(now, undefined, () => ({ snapshot: facts, alerts }))
    await past.written()
    past.close()
  }
  thaw()
}

describe('--at', () => {
  it('tells how it was then, with the ages of then, and asks no host', async () => {
    await keep(90, 30)
    const list = await vdd('machine', 'list', '--at', '1h')
    expect(list).toMatch(/^web1 .*running .*hv1 /m)
    expect(list).toMatch(/ 120m| 2h/)
    expect(await vdd('machine', 'show', 'web1', '--at', '1h')).toMatch(/web1/)
    expect(await vdd('alert', 'list', '--at', '10m')).toMatch(/web1.*crashed/)
    expect(await vdd('host', 'list', '--at', '10m', '--json')).toMatch(/NOT NOW: how it was at /)
  })

  it('says where nothing is kept of then', async () => {
    expect(await vdd('machine', 'list', '--at', '1h')).toContain('nothing is kept in ')
    await keep(30)
    expect(await vdd('machine', 'list', '--at', '1h')).toMatch(/nothing is kept of .*; the oldest is of /)
    expect(await run(['--demo', 'machine', 'list', '--at', '1h'])).toContain('keeps nothing beyond itself')
  })
})
