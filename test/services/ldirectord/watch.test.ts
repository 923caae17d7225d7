import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { HostError } from '../../../src/hosts/host.ts'
import { LocalHost } from '../../../src/hosts/local.ts'
import type { LdirectordEvent, LdirectordReading } from '../../../src/services/ldirectord/facts.ts'
import { LdirectordWatch } from '../../../src/services/ldirectord/watch.ts'
import { ldirectord } from '../../support/fixture.ts'
import { until } from '../../support/until.ts'

/** A line of its log at a time of this machine's clock, in its zone. */
function logLine(at: number, text: string): string {
  const [weekday, month, day, year, time] = new Date(at).toString().split(' ')
  return `[${weekday} ${month} ${day} ${time} ${year}|ldirectord|365] ${text}\n`
}

describe('the watch of ldirectord', () => {
  let directory: string
  let watch: LdirectordWatch
  let host: LocalHost
  let readings: LdirectordReading[]
  let events: LdirectordEvent[]
  let troubles: HostError[] = []
  const file = () => join(directory, 'ldirectord.cf')
  const log = (text: string, at = Date.now()) =>
    appendFileSync(join(directory, 'ldirectord.log'), logLine(at, text))
  const last = () => readings.at(-1)

  /** Puts a text in the place of the file, as an administrator's tool does: at once, with whatever time. */
  function replace(text: string): void {
    writeFileSync(`${file()}.new`, text)
    utimesSync(`${file()}.new`, 1_000_000_000, 1_000_000_000)
    renameSync(`${file()}.new`, file())
  }

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'vdd-ldirectord-'))
    const text = ldirectord('ldirectord.cf')
      .replace('/var/log', directory)
      .replace('/etc/ha.d/maintenance', join(directory, 'maintenance'))
    writeFileSync(file(), text)
    log('Starting Linux Director v1.186 as daemon', Date.now() - 60_000)
    readings = []
    events = []
    troubles = []
    host = new LocalHost({ name: 'lb1' })
    watch = new LdirectordWatch({
      host,
      configFile: file(),
      interval: 50,
      now: Date.now,
      sink: {
        reading: (reading) => readings.push(reading),
        history: () => {},
        event: (_host, event) => events.push(event),
        trouble: (_host, error) => troubles.push(error),
      },
    })
    watch.start()
    await until('the first reading', () => last())
  })
  afterEach(async () => {
    watch.stop()
    await host.close()
    rmSync(directory, { recursive: true, force: true })
  })

  it('takes a maintenance directory that it cannot read as a whole for none, and says so', async () => {
    const maintenance = join(directory, 'maintenance')
    mkdirSync(maintenance, { recursive: true })
    for (let i = 0; i < 1_001; i++) writeFileSync(join(maintenance, `file${i}`), '')
    await until('the trouble', () => troubles.at(-1)?.kind === 'overflow')
    expect(troubles.at(-1)?.reason).toBe(
      'its maintenance directory has more than 1000 files, which are not read',
    )
    rmSync(join(maintenance, 'file0'))
    await until('all files', () => last()?.maintenance.length === 1_000)
  })

  it('gives the file with its text, by the path to which links lead', async () => {
    expect(last()?.source).toMatchObject({
      path: file(),
      text: expect.stringContaining('real=10.9.0.11:389'),
    })
    expect(last()?.config?.virtuals).toHaveLength(2)
    replace('virtual=10.9.0.100:389\n\tprotocol=tcp\n')
    await until('the new file', () => last()?.config?.virtuals.length === 1)
  })

  it('looks names up on the balancer, and names the line of one that stands for nothing', async () => {
    replace('virtual=10.9.0.100:389\n\treal=localhost:389 gate 4\n\treal=nobody.invalid:389 gate 1\n')
    await until('the new file', () => last()?.config?.virtuals.length === 1)
    expect(last()?.config?.virtuals[0]?.reals.map(({ id }) => id)).toEqual([
      '127.0.0.1:389',
      'nobody.invalid:389',
    ])
    expect(last()?.config?.problems).toMatchObject([
      { line: 3, fatal: true, text: expect.stringMatching(/^nobody\.invalid is the name/) },
    ])
  })

  it('tells of an edit that is not loaded, whatever time the file has, until it is', async () => {
    expect(last()?.notLoaded).toBe(false)
    replace(`${last()?.source?.text}# edited\n`)
    log(' - ignore new configuration')
    await until('the edit', () => last()?.notLoaded)
    log('Reloading Linux Director Daemon config on signal')
    await until('the load', () => last()?.notLoaded === false)
    expect(last()?.loadedAt).toBeGreaterThan(Date.now() - 10_000)
    expect(events.map(({ kind }) => kind)).toEqual(['changed', 'reloaded'])
  })

  it('does not take an edit for one that is not loaded which ldirectord found only after it had read it', async () => {
    replace(`${last()?.source?.text}# edited\n`)
    log('Reloading Linux Director Daemon config on signal')
    log(' - ignore new configuration')
    await until('both lines', () => events.length === 2)
    const seen = readings.length
    await until('a look', () => readings.length > seen + 1)
    expect(last()?.notLoaded).toBe(false)
  })
})
