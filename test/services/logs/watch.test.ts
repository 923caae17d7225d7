import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { clock } from '../../../src/hosts/clock.ts'
import { LocalHost } from '../../../src/hosts/local.ts'
import type { LogPiece } from '../../../src/services/logs/facts.ts'
import { latestIn, sampled, watchLogs } from '../../../src/services/logs/watch.ts'

it('knows a clock to half of the way there and back', () => {
  clock.now()
  const asked = 1_000
  const there = { at: clock.wallTime(1_020) + 5_000, grain: 0 }
  expect(sampled('a', there, asked, 1_040)).toEqual({ host: 'a', at: 1_040, offset: 5_000, uncertainty: 21 })
  // Whole seconds: it is somewhere in the second.
  expect(sampled('a', { ...there, grain: 1_000 }, asked, 1_040)).toMatchObject({
    offset: 5_500,
    uncertainty: 521,
  })
})

it('takes no file for one that was written in the future', () => {
  expect(latestIn(1_000, 2_000_000)).toBe(1_001_000)
  expect(latestIn(253_402_300_799, 2_000_000)).toBe(2_000_000)
})

it('reads each of many logs by its own name, of each that nobody has read the last of it, and what is written then', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'vdd-many-'))
  const host = new LocalHost({ name: 'hv1' })
  const line = (i: number) => `2026-12-01 00:08:00.629+0000: ${i} ${'x'.repeat(60)}\n`
  const [long, other] = [join(directory, 'mail 1.log'), join(directory, "it's $(id).log")]
  writeFileSync(long, Array.from({ length: 3_000 }, (_, i) => line(i)).join(''))
  writeFileSync(other, line(7))
  writeFileSync(join(directory, 'mail 1.txt'), line(8))
  const pieces: LogPiece[] = []
  const rounds = watchLogs({
    host,
    logs: [{ source: 'libvirt', files: [join(directory, '*.log')], called: [] }],
    interval: 50,
    sink: {
      clock: () => {},
      position: (_, file) => pieces.findLast((one) => one.file === file)?.to,
      take: (piece) => pieces.push(piece) > 0,
      denied: () => {},
      trouble: () => {},
    },
    now: () => performance.now(),
  })
  onTestFinished(async () => {
    rounds.stop()
    await host.close()
    rmSync(directory, { recursive: true })
  })
  const read = (file: string) => pieces.filter((one) => one.file === file).flatMap(({ lines }) => lines)
  rounds.start()
  await expect.poll(() => read(other)).toEqual([line(7).trimEnd()])
  await expect.poll(() => read(long).at(-1)).toBe(line(2_999).trimEnd())
  expect(read(long).join('\n').length).toBeLessThan(65_536)
  expect(read(long).length).toBeGreaterThan(500)
  writeFileSync(other, line(9), { flag: 'a' })
  await expect.poll(() => read(other)).toEqual([line(7).trimEnd(), line(9).trimEnd()])
  expect(new Set(pieces.map(({ file }) => file))).toEqual(new Set([long, other]))
})
