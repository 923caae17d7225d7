import { execFileSync, spawn } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import type { ChannelState } from '../../../src/services/display/channel.ts'
import { namesIn } from '../../../src/services/display/here/names.ts'
import { ownChannel, sweepOwn, tellOwn } from '../../../src/services/display/here/own.ts'
import { ownPlace, PlaceError, whyForeign } from '../../../src/services/display/here/places.ts'
import { isRunning, markOf, processOf } from '../../../src/services/display/here/process-mark.ts'
import { lookHere } from '../../../src/services/display/here/sight.ts'
import { terminalName } from '../../../src/services/display/here/terminal-name.ts'

const { uid, username } = userInfo()
const isRoot = uid === 0
let folder = ''
let bases = { site: '', fallback: '' }

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vdd-here-'))
  bases = { site: join(folder, 'run'), fallback: folder }
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const me = async () => (await markOf(process.pid)) ?? { pid: 1, started: 0 }
const letters = 'abcdefghij'
const gone = { pid: 2 ** 22 + 1, started: 1 }

async function channel(news: Partial<ChannelState> = {}): Promise<ChannelState> {
  return {
    id: 'abc234',
    state: 'open',
    keeper: await me(),
    terminal: { name: 'term3', display: ':0' },
    machine: { name: 'web1', address: '10.0.0.1' },
    fullScreen: true,
    keep: false,
    wantedAt: 1000,
    ...news,
  }
}

const write = (place: string, state: ChannelState) =>
  writeFileSync(join(place, `${state.id}.json`), JSON.stringify(state))
const seen = async () => await lookHere(() => 5, bases)

describe('the place of a person’s channels', () => {
  it('is foreign where it cannot even be looked at, as what they have mounted there', () => {
    expect(whyForeign(join(folder, 'x'.repeat(300)), uid)).toMatch(/not to be looked at/)
  })

  it('is read as far as a person needs one, however much is in it', async () => {
    for (let i = 0; i < 2_100; i++) writeFileSync(join(folder, String(i)), '')
    expect(await namesIn(folder)).toHaveLength(2_000)
    expect(await namesIn(join(folder, '1'))).toEqual([])
  })

  it('is made for them alone to write, and for all to read', async () => {
    const place = await ownPlace(uid, bases)
    expect(place).toBe(join(folder, `vdd-${uid}`))
    expect(await ownPlace(uid, bases)).toBe(place)
  })

  it.runIf(isRoot)('is where the site has made one, if that is as /tmp is', async () => {
    mkdirSync(bases.site)
    expect(await ownPlace(uid, bases)).toBe(join(folder, `vdd-${uid}`))
    chmodSync(bases.site, 0o1777)
    expect(await ownPlace(uid, bases)).toBe(join(bases.site, String(uid)))
  })

  it.each([
    ['a file', (path: string) => writeFileSync(path, ''), /is no folder/],
    ['a link to another folder', (path: string) => symlinkSync(folder, path), /is no folder/],
    [
      'a folder in which others write',
      (path: string) => {
        mkdirSync(path)
        chmodSync(path, 0o777)
      },
      /can be written by others/,
    ],
  ])('is refused where there is %s', async (_what, make, why) => {
    make(join(folder, `vdd-${uid}`))
    await expect(ownPlace(uid, bases)).rejects.toThrow(PlaceError)
    await expect(ownPlace(uid, bases)).rejects.toThrow(why)
  })

  it.runIf(isRoot)(
    'is another one where somebody else made it before, which nobody could make before',
    async () => {
      const taken = join(folder, `vdd-${uid}`)
      mkdirSync(taken)
      chownSync(taken, 65534, 65534)
      // As somebody would who has seen the names of others.
      mkdirSync(`${taken}-abcdef`)
      chownSync(`${taken}-abcdef`, 65534, 65534)
      symlinkSync(folder, `${taken}-aaaaaa`)
      const place = await ownPlace(uid, bases)
      expect(place).toMatch(new RegExp(`/vdd-${uid}-[a-z2-7]{6}$`))
      expect(['abcdef', 'aaaaaa']).not.toContain(place.slice(-6))
      expect(statSync(place)).toMatchObject({ uid, mode: 0o40755 })
      expect(await ownPlace(uid, bases)).toBe(place)
      // What is there is seen, and so is who is in the way.
      write(place, await channel())
      const { channels, faults } = await seen()
      expect(channels).toHaveLength(1)
      expect(faults).toContainEqual({
        place: taken,
        why: `${taken} belongs to user 65534, and not to user ${uid}`,
      })
    },
  )
})

describe('what a display server tells', () => {
  it('are the channels with their owners, and whether they live', async () => {
    const place = await ownPlace(uid, bases)
    write(place, await channel({ display: 4 }))
    write(
      place,
      await channel({ id: 'bcd234', keeper: gone, server: { ...(await me()), program: 'Xephyr' } }),
    )
    write(place, await channel({ id: 'cde234', keeper: gone }))
    // The same number, given to another process since.
    write(place, await channel({ id: 'def234', keeper: { pid: process.pid, started: 1 } }))
    const { channels, faults, at } = await seen()
    expect(channels.map(({ said, fate, user, uid }) => [said.id, fate, user, uid]).toSorted()).toEqual([
      ['abc234', 'alive', username, uid],
      ['bcd234', 'orphan', username, uid],
      ['cde234', 'dead', username, uid],
      ['def234', 'dead', username, uid],
    ])
    expect([faults, at]).toEqual([[], 5])
  })

  it('is nothing of what is no channel, with its place and why', async () => {
    const place = await ownPlace(uid, bases)
    writeFileSync(join(place, 'aaa222.json'), 'no json')
    writeFileSync(join(place, 'bbb222.json'), JSON.stringify({ ...(await channel()), id: 'abc234' }))
    writeFileSync(join(place, 'ccc222.json'), `"${'x'.repeat(20_000)}"`)
    symlinkSync('/etc/passwd', join(place, 'ddd222.json'))
    writeFileSync(join(place, 'other.json'), 'not ours')
    const { channels, faults } = await seen()
    expect(channels).toEqual([])
    expect(faults.map(({ place }) => place.slice(-11)).toSorted()).toEqual([
      'aaa222.json',
      'bbb222.json',
      'ccc222.json',
      'ddd222.json',
    ])
  })

  it.runIf(isRoot)('believes nobody who writes for another', async () => {
    const place = join(folder, 'vdd-65534')
    mkdirSync(place)
    write(place, await channel())
    const { channels, faults } = await seen()
    expect(channels).toEqual([])
    expect(faults).toEqual([{ place, why: `${place} belongs to user 0, and not to user 65534` }])
    chownSync(place, 65534, 65534)
    expect((await seen()).faults).toEqual([
      { place: join(place, 'abc234.json'), why: 'cannot be read as a channel' },
    ])
    chownSync(join(place, 'abc234.json'), 65534, 65534)
    expect((await seen()).channels.map(({ uid }) => uid)).toEqual([65534])
  })
})

describe('what somebody leaves where everybody may write', () => {
  it('keeps nobody from being told of the other displays', async () => {
    const lock = (number: number) => join(folder, `.X${number}-lock`)
    execFileSync('mkfifo', [lock(20)])
    symlinkSync('/dev/zero', lock(21))
    writeFileSync(lock(22), '')
    truncateSync(lock(22), 2 ** 30)
    writeFileSync(lock(23), `${String(process.pid).padStart(10)}\n`)
    const { others } = await seen()
    expect(others.map(({ display, pid }) => [display, pid])).toEqual([
      [20, undefined],
      [21, undefined],
      [22, undefined],
      [23, process.pid],
    ])
  })

  it.runIf(isRoot)('names no process of somebody else', async () => {
    const lock = join(folder, '.X20-lock')
    writeFileSync(lock, `${String(process.pid).padStart(10)}\n`)
    chownSync(lock, 65534, 65534)
    const [other] = (await seen()).others
    expect(other).not.toHaveProperty('pid')
    expect(other?.user).not.toBe(username)
  })

  it.runIf(isRoot)('makes no channel of the process and the display of somebody else', async () => {
    const theirs = join(folder, 'vdd-65534')
    mkdirSync(theirs)
    mkdirSync(join(folder, '.X11-unix'))
    writeFileSync(join(folder, '.X11-unix', 'X4'), '')
    write(theirs, await channel({ display: 4, server: { ...(await me()), program: 'Xvnc' } }))
    for (const path of [theirs, join(theirs, 'abc234.json')]) chownSync(path, 65534, 65534)
    write(await ownPlace(uid, bases), await channel({ display: 4 }))
    const { channels, others } = await seen()
    expect(channels.map((one) => [one.uid, one.fate, one.said.display]).toSorted()).toEqual([
      [uid, 'alive', 4],
      [65534, 'dead', undefined],
    ])
    expect(others).toEqual([])
  })

  it('takes no more of the answer than one person needs', async () => {
    for (let number = 0; number < 1000; number++) writeFileSync(join(folder, `.X${number}-lock`), '')
    const { others, faults } = await seen()
    expect(others).toHaveLength(100)
    expect(faults).toEqual([{ place: folder, why: '900 displays more: nobody has so many' }])
  })

  it('takes no more of it by what channels say', async () => {
    const place = await ownPlace(uid, bases)
    for (let i = 0; i < 100; i++)
      write(
        place,
        await channel({
          id: `aaa2${letters[i % 10]}${letters[Math.floor(i / 10)]}`,
          trouble: '\u001b'.repeat(1000),
        }),
      )
    const told = await seen()
    expect(JSON.stringify(told).length).toBeLessThan(80_000)
    expect(told.channels.length).toBeGreaterThan(5)
    expect(told.faults).toEqual([{ place, why: 'its channels say more than 65536 bytes' }])
  })
})

describe('a channel whose keeper has gone', () => {
  it('can be closed, and nothing else', async () => {
    const place = await ownPlace(uid, bases)
    write(place, await channel({ keeper: gone }))
    const left = await ownChannel(place, 'abc234')
    if (!left) throw new Error('not read')
    expect(await tellOwn(place, left, { do: 'raise' })).toEqual({
      refused: 'its keeper has gone, and with it the session; it can only be closed',
    })
    expect(await tellOwn(place, left, { do: 'close', insist: false })).toEqual({ done: true })
    expect(readdirSync(place)).toEqual([])
  })

  it('that names the process of somebody else is closed, and that process is let be', async () => {
    const other = isRoot ? spawn('sleep', ['60'], { uid: 65_534 }) : undefined
    const mark = (await markOf(other?.pid ?? 1)) ?? gone
    const place = await ownPlace(uid, bases)
    const odd = await channel({ keeper: mark, server: { ...mark, program: 'Xephyr' } })
    write(place, odd)
    expect(await tellOwn(place, odd, { do: 'close', insist: true })).toEqual({ done: true })
    expect(readdirSync(place)).toEqual([])
    expect(await isRunning(mark)).toBe(true)
    other?.kill()
  })

  it('is taken away when the next is opened, unless its X server runs', async () => {
    const place = await ownPlace(uid, bases)
    write(place, await channel())
    write(
      place,
      await channel({ id: 'bcd234', keeper: gone, server: { ...(await me()), program: 'Xephyr' } }),
    )
    write(place, await channel({ id: 'cde234', keeper: gone, server: { ...gone, program: 'Xephyr' } }))
    await (await sweepOwn(place)).forgotten
    expect(readdirSync(place).toSorted()).toEqual(['abc234.json', 'bcd234.json'])
  })
})

describe('a process', () => {
  it('is told from one that has got its number', async () => {
    const mark = await me()
    expect(await isRunning(mark)).toBe(true)
    expect(await isRunning({ ...mark, started: mark.started + 1 })).toBe(false)
    expect(await isRunning(gone)).toBe(false)
    expect((await processOf(process.pid))?.pid).toBe(process.pid)
  })
})

describe('the name of a terminal', () => {
  it.each([
    ['the host of DISPLAY', { DISPLAY: 'term3:0', SSH_CONNECTION: '192.0.2.1 1 192.0.2.2 22' }, 'term3'],
    [
      'where ssh comes from',
      { DISPLAY: 'localhost:10.0', SSH_CONNECTION: '192.0.2.1 1 192.0.2.2 22' },
      '192.0.2.1',
    ],
  ])('is %s', async (_what, env, name) => {
    expect(await terminalName(env)).toBe(name)
  })

  it.each([
    ['the first that the system has for it', 'echo "$2      term3.school.example term-three"', 'term3'],
    ['the address where the system has none', 'exit 2', '192.0.2.1'],
    ['the address where that takes long', 'exec sleep 60', '192.0.2.1'],
  ])('is %s', async (_what, answer, name) => {
    writeFileSync(join(folder, 'getent'), `#!/bin/sh\n[ "$1" = hosts ] || exit 1\n${answer}\n`, {
      mode: 0o755,
    })
    vi.stubEnv('PATH', `${folder}:${process.env.PATH}`)
    onTestFinished(() => void vi.unstubAllEnvs())
    const patience = answer.includes('sleep') ? 50 : 10_000
    expect(await terminalName({ SSH_CONNECTION: '192.0.2.1 1 192.0.2.2 22' }, patience)).toBe(name)
  })
})
