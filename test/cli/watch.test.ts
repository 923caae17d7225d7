import { chmodSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Told } from '../../src/cli/watch.ts'
import type { StandingAlert } from '../../src/fleet/alerts/book.ts'
import { label, say } from '../../src/hosts/label.ts'
import { uuid } from '../support/facts.ts'
import { Home } from './support/vdd.ts'

const alert = (name: string, severity: 'bad' | 'warning' = 'bad'): StandingAlert => ({
  id: name,
  severity,
  what: 'x',
  about: { kind: 'host', id: name },
  host: name,
  name: label(name),
  text: say`does not answer`,
  advice: say``,
  since: 0,
})

describe('what a watch says', () => {
  it('is what has begun, become worse and ended, once', () => {
    const told = new Told()
    expect(told.news([alert('a', 'warning')], undefined)).toEqual(['warning  a: does not answer'])
    expect(told.news([alert('a', 'warning')], undefined)).toEqual([])
    expect(told.news([alert('a')], undefined)).toEqual(['bad      a: does not answer'])
    expect(told.news([], say`journal is not kept`)).toEqual([
      'vdd: journal is not kept',
      'over     a: does not answer',
    ])
    expect(told.news([], say`journal is not kept`)).toEqual([])
  })

  it('is not a line for each of thousands', () => {
    const lines = new Told().news(
      Array.from({ length: 3_000 }, (_, i) => alert(`h${i}`)),
      undefined,
    )
    expect(lines).toHaveLength(51)
    expect(lines.at(-1)).toBe('and 2950 more: vdd alert list')
  })
})

// The program as systemd runs it: bin/vdd with the bundle in dist/, which `npm test` builds first.
describe('vdd watch', () => {
  let home: Home
  beforeEach(() => {
    home = new Home()
  })
  afterEach(() => home.remove())

  /** A host with a machine that has crashed, and a command that keeps what it is told. */
  function configuration(): string {
    home.machines([{ uuid: uuid(1), name: 'exam-01', state: 6 }])
    const call = home.write('call', '#!/bin/sh\ncat >> "$1"\n')
    chmodSync(call, 0o755)
    const kept = join(home.path, 'kept')
    home.write('kept', '')
    return home.write(
      'vdd.yaml',
      `cluster: test\nalerts: {run: [${call}, ${kept}]}\njournal: ${join(home.path, 'journal.db')}\nhosts:\n  - name: here\n    local: true\n`,
    )
  }
  const kept = () =>
    readFileSync(join(home.path, 'kept'), 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as { event: string; test: boolean; alerts: { name: string }[] })

  it('calls once for what is wrong, serves metrics, and ends in order when it is told to', async () => {
    const config = configuration()
    const child = home.begin(['--config', config, 'watch', '--metrics', '127.0.0.1:0'])
    let [out, err] = ['', '']
    child.stdout.on('data', (piece) => {
      out += piece
    })
    child.stderr.on('data', (piece) => {
      err += piece
    })
    await expect.poll(kept).toMatchObject([{ event: 'opened', test: false, alerts: [{ name: 'exam-01' }] }])
    expect(out).toMatch(
      /^watching test: 1 host; calls \S+\/call; metrics at http:\/\/127\.0\.0\.1:\d+\/metrics\n$/,
    )
    await expect.poll(() => err).toMatch(/^bad {6}exam-01: /m)
    const url = /http:\S+/.exec(out)?.[0] as string
    expect(await (await fetch(url)).text()).toMatch(/^vdd_alerts\{severity="bad",acknowledged="false"\} 1$/m)
    child.kill('SIGTERM')
    expect((await child).exitCode).toBe(0)
    // Another one does not call again for the same.
    const again = home.begin(['--config', config, 'watch'])
    let said = ''
    again.stderr.on('data', (piece) => {
      said += piece
    })
    await expect.poll(() => said).toMatch(/^bad {6}exam-01: /m)
    again.kill('SIGTERM')
    expect((await again).exitCode).toBe(0)
    expect(kept()).toHaveLength(1)
    const { out: events } = await home.vdd(['--config', config, 'events', '--json'])
    const texts = (JSON.parse(events) as { text: string }[]).map(({ text }) => text)
    expect(texts.filter((text) => text.startsWith('alerts.run: '))).toHaveLength(1)
  })

  it('that nobody is called stands on top for every console, as long as it is so', async () => {
    const config = configuration()
    home.write('call', '#!/bin/sh\nexit 3\n')
    const child = home.begin(['--config', config, 'watch'])
    let err = ''
    child.stderr.on('data', (piece) => {
      err += piece
    })
    await expect.poll(() => err).toMatch(/^bad {6}alerts\.run: nobody is called: \S+ ended with status 3$/m)
    const { out } = await home.vdd(['--config', config, 'alert', 'list', '--json'])
    const [first] = JSON.parse(out) as { severity: string; name: string; advice: string }[]
    expect(first).toMatchObject({ severity: 'bad', name: 'alerts.run' })
    child.kill('SIGTERM')
    expect((await child).exitCode).toBe(0)
  })

  it('vdd alert test says what came of it', async () => {
    const config = configuration()
    const { code, out } = await home.vdd(['--config', config, 'alert', 'test'])
    expect({ code, out }).toEqual({
      code: 0,
      out: expect.stringMatching(/\/call \S+: ended well, after [\d.]+ s\n$/),
    })
    expect(kept()).toMatchObject([{ event: 'opened', test: true, alerts: [{ name: 'test' }] }])
    home.write('call', '#!/bin/sh\necho no modem >&2\nexit 3\n')
    const failed = await home.vdd(['--config', config, 'alert', 'test'])
    expect(failed).toMatchObject({
      code: 1,
      out: expect.stringMatching(/: ended with status 3: no modem, after/),
    })
  })

  it.each([
    ['0.0.0.0:0', 'other machines reach it'],
    ['9464', 'an address and a port'],
  ])('serves no metrics at %s', async (place, why) => {
    const { code, err } = await home.vdd(['--demo', 'watch', '--metrics', place])
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining(why) })
  })
})
