import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  copyFileSync,
  mkdtempSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { LocalHost } from '../../../src/hosts/local.ts'
import { Shell } from '../../../src/hosts/shell.ts'
import { most, readFiles, readPiece } from '../../../src/services/logs/client.ts'
import type { FilePosition } from '../../../src/services/logs/facts.ts'
import { nextPiece } from '../../../src/services/logs/pieces.ts'

let directory: string
let log: string
let host: LocalHost
let shell: Shell
let position: FilePosition | undefined
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'vdd-logs-'))
  log = join(directory, 'a log.log')
  host = new LocalHost({ name: 'here' })
  shell = await Shell.open(host)
  position = undefined
})
afterEach(async () => {
  shell.close()
  await host.close()
  rmSync(directory, { recursive: true })
})

/** All that is new, as a console reads it; and where something may be missing. */
async function read(): Promise<string[]> {
  const asking = { host: 'here', shell, timeout: 20_000 }
  const lines: string[] = []
  for (;;) {
    const { files } = await readFiles(asking, [log])
    const piece = await nextPiece(asking, log, files[0], position)
    if (!piece) return lines
    if (piece.gap) lines.push(`(${piece.gap})`)
    lines.push(...piece.lines)
    position = piece.to
  }
}

const line = (n: number | string) => `Nov 22 06:48:41.388 ha2 says ${n}`
const write = (...lines: string[]) => appendFileSync(log, lines.map((one) => `${one}\n`).join(''))
/** logrotate renames the newest last, and gives each file a time of its own. */
const rename = (from: string, to: string) => renameSync(from, `${log}${to}`)
let age = 0
const pack = (suffix: string) => {
  execFileSync('gzip', [`${log}${suffix}`])
  touch(`${suffix}.gz`)
}
/** Files that were written one after the other, also within a second. */
const touch = (suffix: string) => {
  const at = new Date(Date.now() - 1_000_000 + ++age * 10_000)
  execFileSync('touch', ['-d', at.toISOString(), `${log}${suffix}`])
}

describe('a log', () => {
  it('is read on from where it was read last', async () => {
    expect(await read()).toEqual([])
    write(line(1), line(2))
    expect(await read()).toEqual([line(1), line(2)])
    expect(await read()).toEqual([])
    write(line(3))
    expect(await read()).toEqual([line(3)])
  })

  it('is told once where it was written and read further since it was looked at', async () => {
    const asking = { host: 'here', shell, timeout: 20_000 }
    write(line(1))
    const { files } = await readFiles(asking, [log])
    write(line(2))
    expect(await read()).toEqual([line(1), line(2)])
    expect(await nextPiece(asking, log, files[0], position)).toBeUndefined()
    write(line(3))
    expect(await nextPiece(asking, log, files[0], position)).toMatchObject({ lines: [line(3)] })
  })

  it('is read at first from a mebibyte before its end, and from a whole line on', async () => {
    const long = Array.from({ length: 40_000 }, (_, i) => line(i))
    write(...long)
    const lines = await read()
    expect(lines.at(-1)).toBe(line(39_999))
    expect(lines).toEqual(long.slice(-lines.length))
    const bytes = lines.join('\n').length
    expect(bytes).toBeGreaterThan(2 ** 20 - 100)
    expect(bytes).toBeLessThanOrEqual(2 ** 20)
  })

  it('that was renamed is read to its end under its new name, and then the one after it', async () => {
    write(line(1))
    await read()
    write(line(2))
    rename(log, '.1')
    expect(await read()).toEqual([line(2)])
    // Its daemon writes on there until it is told to open it anew.
    appendFileSync(`${log}.1`, `${line(3)}\n`)
    expect(await read()).toEqual([line(3)])
    write(line(4))
    expect(await read()).toEqual([line(4)])
  })

  it('that was rotated and packed several times meanwhile lacks nothing', async () => {
    write(line(1), line(2))
    await read()
    write(line(3))
    rename(log, '.1')
    touch('.1')
    write(line(4), line(5))
    pack('.1')
    renameSync(`${log}.1.gz`, `${log}.2.gz`)
    rename(log, '.1')
    touch('.1')
    write(line(6))
    expect(await read()).toEqual([3, 4, 5, 6].map(line))
    expect(await read()).toEqual([])
  })

  it('that was rotated by date is found, too', async () => {
    write(line(1))
    await read()
    write(line(2))
    rename(log, '-20261130')
    touch('-20261130')
    write(line(3))
    expect(await read()).toEqual([2, 3].map(line))
  })

  it('that was copied and truncated lacks nothing, and tells nothing twice', async () => {
    write(line(1))
    await read()
    write(line(2))
    copyFileSync(log, `${log}.1`)
    touch('.1')
    truncateSync(log)
    expect(await read()).toEqual([line(2)])
    write(line(3))
    expect(await read()).toEqual([line(3)])
    // Grown beyond where it was read before: only how it begins tells.
    copyFileSync(log, `${log}.1`)
    touch('.1')
    const before = statSync(log).size
    truncateSync(log)
    write(line('four'), line('five'))
    expect(statSync(log).size).toBeGreaterThan(before)
    expect(await read()).toEqual([line('four'), line('five')])
  })

  it('that was rotated away is read as far as it is kept, and says so', async () => {
    write(line(1))
    await read()
    touch('')
    write(line(2))
    position = position && { ...position, written: 1 }
    // Not removed: the next file could be given its inode.
    renameSync(log, join(directory, 'away'))
    write(line(3))
    rename(log, '.1')
    touch('.1')
    write(line(4))
    expect(await read()).toEqual(['(rotated)', line(3), line(4)])
  })

  it('that was emptied says so', async () => {
    write(line('a long one, of which nothing is left'))
    await read()
    writeFileSync(log, `${line(2)}\n`)
    expect(await read()).toEqual(['(truncated)', line(2)])
  })

  it('is not read within a line that is still written', async () => {
    appendFileSync(log, `${line(1)}\n${line(2).slice(0, 10)}`)
    expect(await read()).toEqual([line(1)])
    appendFileSync(log, `${line(2).slice(10)}\n`)
    expect(await read()).toEqual([line(2)])
    // Of what was renamed the last line may have no end for ever.
    appendFileSync(log, line(3))
    rename(log, '.1')
    touch('.1')
    write(line(4))
    expect(await read()).toEqual([line(3), line(4)])
  })

  it('may hold anything', async () => {
    appendFileSync(log, Buffer.from([0xff, 0xfe, 0x00, 0x0a, 0xc3, 0x0a]))
    appendFileSync(log, `${'x'.repeat(200_000)}\n`)
    appendFileSync(log, '\n'.repeat(20_000))
    write("$(touch x) `id` 'it' \\n", line(1))
    const lines = await read()
    expect(lines.slice(0, 2)).toEqual(['\ufffd\ufffd\u0000', '\ufffd'])
    // The one that is too long is left out.
    expect(lines.slice(2, -2).every((one) => one === '')).toBe(true)
    expect(lines.slice(-2)).toEqual(["$(touch x) `id` 'it' \\n", line(1)])
  })

  it('that may not be read is told, and is none that is not there', async () => {
    const { files, denied } = await readFiles({ host: 'here', shell, timeout: 20_000 }, [log])
    expect([files, denied]).toEqual([[], []])
  })
})

it('a host that says more than it was asked for is read no further', async () => {
  const asking = {
    host: 'here',
    shell: { bytes: async () => ({ code: 0, stdout: Buffer.alloc(1e6, 10) }) },
    timeout: 1,
  }
  const { head, piece } = await readPiece(asking as unknown as Parameters<typeof readPiece>[0], log, 0)
  expect([head.length, piece.length]).toEqual([256, most.bytes])
})
