import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { LocalHost } from '../../../src/hosts/local.ts'
import type { Step } from '../../../src/services/step.ts'
import { until } from '../../support/until.ts'

const host = new LocalHost({ name: 'lb1' })

/** The commands of one console that writes a file anew; each console has drafts of its own. */
async function steps(path: string, before: string, after: string): Promise<Step[]> {
  vi.resetModules()
  const { replaceConfig } = await import('../../../src/services/ldirectord/verbs.ts')
  return replaceConfig(
    { host: 'lb1', sudo: false },
    { path, text: before, addresses: new Map() },
    after,
    true,
  )
}

async function carryOut({ argv, input, refusal }: Step): Promise<void> {
  const { code, stderr } = await host.run(argv, { timeout: 60_000, ...(input ? { input } : {}) })
  if (code !== 0) throw refusal?.('lb1', stderr) ?? new Error(stderr)
}

describe('a configuration that two write to, by real commands', () => {
  let directory: string
  let path: string
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'vdd-write-'))
    path = join(directory, 'ldirectord.cf')
    writeFileSync(path, 'old\n')
  })
  afterEach(() => rmSync(directory, { recursive: true }))

  const drafts = () => readdirSync(directory).filter((name) => name.includes('.vdd-'))
  /** Somebody waits for the lock on the directory; proc(5), /proc/locks. */
  const isAwaited = () =>
    new RegExp(`-> FLOCK .*:${statSync(directory).ino} `).test(readFileSync('/proc/locks', 'utf8'))

  it('loses neither edit, however their commands fall between each other', async () => {
    const [one, other] = [await steps(path, 'old\n', 'one\n'), await steps(path, 'old\n', 'other\n')]
    for (const [i, step] of one.entries()) {
      await carryOut(step)
      if (i < one.length - 1) await carryOut(other[i] as Step)
    }
    expect(readFileSync(path, 'utf8')).toBe('one\n')
    await expect(carryOut(other.at(-1) as Step)).rejects.toThrow(`${path} is not as it was read: look again`)
    expect(readFileSync(path, 'utf8')).toBe('one\n')
    expect(drafts()).toHaveLength(1)
  })

  it('has one winner where both move at the same moment', async () => {
    const both = [await steps(path, 'old\n', 'one\n'), await steps(path, 'old\n', 'other\n')]
    for (const all of both) for (const step of all.slice(0, -1)) await carryOut(step)
    const moved = await Promise.allSettled(both.map((all) => carryOut(all.at(-1) as Step)))
    expect(moved.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    const winner = moved[0]?.status === 'fulfilled' ? 'one\n' : 'other\n'
    expect(readFileSync(path, 'utf8')).toBe(winner)
  })

  it('looks only when nobody else holds the directory, and so sees what was written until then', async () => {
    const mine = await steps(path, 'old\n', 'mine\n')
    for (const step of mine.slice(0, -1)) await carryOut(step)
    const holder = spawn('flock', [directory, 'cat'], { stdio: ['pipe', 'pipe', 'inherit'] })
    holder.stdin.write('held\n')
    await new Promise((resolve) => holder.stdout.once('data', resolve))
    const moving = carryOut(mine.at(-1) as Step)
    moving.catch(() => {})
    await until('it waits for the lock', isAwaited, 10_000)
    expect(readFileSync(path, 'utf8')).toBe('old\n')
    writeFileSync(path, 'by hand\n')
    holder.stdin.end()
    await expect(moving).rejects.toThrow(/is not as it was read/)
    expect(readFileSync(path, 'utf8')).toBe('by hand\n')
  })
})
