import { describe, expect, it } from 'vitest'
import type { Output } from '../../../src/hosts/host.ts'
import { HostError } from '../../../src/hosts/host.ts'
import { say } from '../../../src/hosts/label.ts'
import { readSight } from '../../../src/services/display/client.ts'
import type { DisplayReading } from '../../../src/services/display/facts.ts'
import { watchDisplays } from '../../../src/services/display/watch.ts'
import { seen, sight } from '../../support/sight.ts'
import { RecordingHost } from '../../support/still-fleet.ts'
import { pc } from '../../support/terminals.ts'
import { until } from '../../support/until.ts'

const vdd = '/usr/local/bin/vdd'
const told = (at: number, ...channels: Parameters<typeof sight>[0]) => ({
  stdout: JSON.stringify(sight(channels, { at })),
})

/** Looks with these answers, one after the other, at these moments; what comes of it. */
async function looks(answers: readonly { readonly at: number; readonly output: Partial<Output> }[]) {
  const seen: (DisplayReading | HostError)[] = []
  const turn = () => answers[Math.min(seen.length, answers.length - 1)]
  const host = new RecordingHost('d1', () => turn()?.output ?? {})
  let now = 0
  const take = (one: DisplayReading | HostError) => {
    seen.push(one)
    // Between two looks, so that none of them took that long.
    setTimeout(() => {
      now = turn()?.at ?? now
    })
  }
  now = turn()?.at ?? now
  const watch = watchDisplays({
    host,
    vdd,
    interval: 20,
    now: () => now,
    sink: { reading: take, trouble: (_host, error) => take(error) },
  })
  watch.start()
  await until('all looks', () => seen.length >= answers.length)
  watch.stop()
  return { seen, argv: host.ran[0]?.argv, all: host.ran.slice(0, answers.length).map(({ argv }) => argv) }
}

describe('watchDisplays', () => {
  it('asks the vdd of the display server', async () => {
    const { seen: found, argv } = await looks([{ at: 50_000, output: told(10_000, seen()) }])
    expect(argv).toEqual([vdd, 'channel', 'facts'])
    expect(found[0]).toMatchObject({ host: 'd1', at: 50_000, left: 0, faults: [] })
    expect((found[0] as DisplayReading).displays[0]?.since).toBe(41_000)
  })

  it('keeps a moment the same number while answers take their time, and takes a clock that was set', async () => {
    const { seen: found } = await looks([
      { at: 50_000, output: told(10_000, seen()) },
      { at: 53_400, output: told(13_000, seen()) },
      { at: 56_000, output: told(99_000, seen({ openedAt: 98_000 })) },
    ])
    expect(found.map((one) => 'displays' in one && one.displays[0]?.since)).toEqual([41_000, 41_000, 55_000])
  })

  it('hears of terminals once: then by their mark alone, until something differs or the clock does', async () => {
    const term = { name: 'term3', at: 5_000, user: 'anna', line: JSON.stringify(pc()) }
    const [one, two] = ['1'.repeat(16), '2'.repeat(16)]
    const output = (at: number, terminals: object | undefined) => ({
      stdout: JSON.stringify(sight([], { at, ...(terminals ? { terminals: terminals as never } : {}) })),
    })
    const { seen: found, all } = await looks([
      { at: 50_000, output: output(10_000, { mark: one, all: [term] }) },
      { at: 53_000, output: output(13_000, { mark: one }) },
      { at: 56_000, output: output(16_000, { mark: two, all: [] }) },
      // The clock of the display server was set.
      { at: 59_000, output: output(99_000, { mark: two }) },
      { at: 62_000, output: output(102_000, { mark: one, all: [term] }) },
      { at: 65_000, output: output(105_000, { mark: one }) },
      // An older vdd is there again: it says so, and then tells without.
      { at: 68_000, output: { code: 1, stderr: "error: unknown option '--known'" } },
      { at: 71_000, output: output(111_000, undefined) },
      { at: 74_000, output: output(114_000, undefined) },
    ])
    const told = found.map((reading) => ('displays' in reading ? reading.terminals : reading.reason))
    expect(told.map((terminals) => terminals?.length)).toEqual([
      1,
      1,
      0,
      0,
      1,
      1,
      expect.any(Number),
      undefined,
      undefined,
    ])
    expect(told[1]).toBe(told[0])
    expect(all.map((argv) => argv?.slice(3))).toEqual([
      [],
      ['--known', one],
      ['--known', one],
      ['--known', two],
      [],
      ['--known', one],
      ['--known', one],
      [],
      [],
    ])
  })

  it('tells of an answer that is none', async () => {
    const { seen: found } = await looks([{ at: 1, output: { stdout: '{"version":7}' } }])
    expect(found[0]).toMatchObject({
      kind: 'refused',
      reason: 'its vdd tells of displays in version 7, and this one reads 1',
      advice: 'install the vdd there that runs here',
    })
  })
})

describe('readSight', () => {
  const failure = async (output: Partial<Output> | Error) =>
    readSight({
      host: new RecordingHost('d1', () => {
        if (output instanceof Error) throw output
        return output
      }),
      vdd,
    }).catch((error: unknown) => error)

  it('says what to do where there is no vdd', async () => {
    expect(await failure(new HostError('exec', 'd1', say`${vdd as never}: command not found`))).toMatchObject(
      {
        kind: 'exec',
        reason: '/usr/local/bin/vdd is not there',
        advice: 'install vdd there, or say in the configuration where it is ("vdd:" of the host)',
      },
    )
  })

  it.each([
    [
      "usage: vdd\nerror: unknown command 'channel'\n",
      "/usr/local/bin/vdd channel facts: error: unknown command 'channel'",
      'install the vdd there that runs here',
    ],
    ['\u001b[2J', '/usr/local/bin/vdd channel facts: \\e[2J', ''],
    ['', '/usr/local/bin/vdd channel facts: no reason was given', ''],
  ])('says why one does not tell: %j', async (stderr, reason, advice) => {
    expect(await failure({ code: 2, stderr })).toMatchObject({ kind: 'refused', reason, advice })
  })

  it('leaves other errors as they are', async () => {
    const lost = new HostError('unreachable', 'd1', say`no route`)
    expect(await failure(lost)).toBe(lost)
  })
})
