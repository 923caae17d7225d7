import { spawnSync } from 'node:child_process'
import { expect, it } from 'vitest'
import {
  LoadMeter,
  loadScript,
  lookAtOne,
  parseLook,
  watchLoad,
} from '../../../src/services/display/keeper/load.ts'

/** Fields 3 to 24 of proc_pid_stat(5). */
function stat(pid: number, name: string, given: { ticks: number; started: number; pages: number }): string {
  const { ticks, started, pages } = given
  const fields = [
    'S',
    1,
    1,
    1,
    0,
    -1,
    0,
    0,
    0,
    0,
    0,
    ticks,
    0,
    0,
    0,
    20,
    0,
    1,
    0,
    started,
    4096,
    pages,
    'x y z',
  ]
  return `${pid} (${name}) ${fields.join(' ')}`
}

const text = (uptime: number, ...lines: string[]) => `100 4096\n${uptime} 7.5\n${lines.join('\n')}\n`

it('the load of a person is what their processes used between two looks, and what is resident', () => {
  const meter = new LoadMeter()
  const old = stat(7, 'kwin', { ticks: 500, started: 1, pages: 256 })
  expect(meter.take(text(100, old, stat(9, 'a) b (', { ticks: 90, started: 5, pages: 256 })))).toEqual({
    memoryKiB: 2048,
  })
  // One went on for 30 s, one has ended, and a new one of the same number has used 6 s.
  const later = [
    stat(7, 'kwin', { ticks: 3_500, started: 1, pages: 256 }),
    stat(9, 'cc', { ticks: 600, started: 9, pages: 0 }),
  ]
  expect(meter.take(text(160, ...later))).toEqual({ memoryKiB: 1024, cpu: 60 })
})

it('what is not understood is no load, and a machine that started anew tells none of before', () => {
  const meter = new LoadMeter()
  expect(meter.take('sh: getconf: not found\n')).toBeUndefined()
  expect(meter.take(text(160))).toEqual({ memoryKiB: 0 })
  expect(meter.take(text(10))).toEqual({ memoryKiB: 0 })
  expect(parseLook(text(1, 'x', '7 (a S 1', `7 (a) ${'1 '.repeat(30)}`, '8 (b) S -'))?.used.size).toBe(1)
})

it('the script tells of the processes of whoever runs it', () => {
  const { stdout } = spawnSync('sh', ['-c', loadScript], { encoding: 'utf8' })
  const look = parseLook(stdout)
  expect(look?.memoryKiB).toBeGreaterThan(1024)
  expect([...(look?.used.keys() ?? [])].some((key) => key.startsWith(`${process.pid} `))).toBe(true)
})

it('of a process here its own is told, and nothing once it has ended', async () => {
  const look = parseLook(await lookAtOne(process.pid))
  expect([...(look?.used.keys() ?? [])]).toEqual([expect.stringMatching(new RegExp(`^${process.pid} \\d+$`))])
  expect(look?.memoryKiB).toBeGreaterThan(1_000)
  const { pid = 0 } = spawnSync('true')
  await expect(lookAtOne(pid)).rejects.toThrow()
})

it('what the X server of a session costs is written down beside it, and only what is known', async () => {
  const there = stat(7, 'kwin', { ticks: 500, started: 1, pages: 256 })
  const here = stat(8, 'Xvnc', { ticks: 90, started: 1, pages: 1024 })
  const written = async (screen?: () => Promise<string>) => {
    const over = new AbortController()
    const all: unknown[] = []
    const book = {
      tell: async ({ load }: { load?: unknown }) => {
        all.push(load)
        over.abort()
      },
    }
    await watchLoad({ ask: async () => text(100, there), screen, book, now: () => 0 } as never, over.signal)
    return all
  }
  expect(await written(async () => text(100, here))).toMatchObject([
    { memoryKiB: 1024, screen: { memoryKiB: 4096 } },
  ])
  for (const none of [undefined, async () => Promise.reject(new Error('it has ended'))])
    expect((await written(none))[0]).not.toHaveProperty('screen')
})
