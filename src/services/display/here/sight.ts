import { lstat, open, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { type ChannelState, readChannel } from '../channel.ts'
import type { DisplaySight, OtherDisplay, SeenChannel } from '../sight.ts'
import { type Bases, claimedPlaces, usualBases, whyForeign } from './places.ts'
import { isRunning } from './process-mark.ts'

/** Bytes of what is written down of a channel; more is none of ours. */
const longestRecord = 16_384
/** Channels that are read of one person, and faults that are told. */
const most = { channels: 200, faults: 20 }
/** Milliseconds for ps(1). */
const patience = 5000

/** Looks at the X displays of this machine, and at the channels that are written down here. Whoever asks needs no rights for it. */
export async function lookHere(now: () => number, bases: Bases = usualBases): Promise<DisplaySight> {
  const [processes, displays, found] = await Promise.all([
    listProcesses(now()),
    displaysHere(),
    allRecords(bases),
  ])
  const users = new Map([...processes.values()].map(({ uid, user }) => [uid, user]))
  const channels = await Promise.all(
    found.records.map(async ({ uid, said }): Promise<SeenChannel> => {
      return { user: users.get(uid) ?? (await userName(uid)), uid, fate: await fateOf(said), said }
    }),
  )
  // What a channel says is believed only as far as its server runs, and its socket is its owner's.
  const isOurs = ({ display, uid }: Locked) =>
    channels.some((one) => one.fate !== 'dead' && one.said.display === display && one.uid === uid)
  const others = displays.filter((one) => !isOurs(one))
  return {
    version: 1,
    at: now(),
    channels: channels.toSorted((a, b) => (a.said.display ?? 0) - (b.said.display ?? 0)),
    others: others
      .map(({ display, uid, pid = 0 }): OtherDisplay => {
        const server = processes.get(pid)
        const owner = uid === undefined ? undefined : users.get(uid)
        if (!server) return { display, ...(owner === undefined ? {} : { user: owner }) }
        const { name: program, user, startedAt } = server
        return { display, program, pid, user, startedAt }
      })
      .toSorted((a, b) => a.display - b.display),
    faults: found.faults.slice(0, most.faults),
  }
}

async function fateOf({ keeper, server }: ChannelState): Promise<SeenChannel['fate']> {
  if (await isRunning(keeper)) return 'alive'
  return server && (await isRunning(server)) ? 'orphan' : 'dead'
}

interface Found {
  readonly records: { readonly uid: number; readonly said: ChannelState }[]
  readonly faults: { readonly place: string; readonly why: string }[]
}

async function allRecords({ site, fallback }: Bases): Promise<Found> {
  const found: Found = { records: [], faults: [] }
  for (const [base, isSite] of [
    [site, true],
    [fallback, false],
  ] as const) {
    const names = await readdir(base).catch(() => [])
    for (const { name, uid } of claimedPlaces(names, isSite)) await readPlace(join(base, name), uid, found)
  }
  return found
}

/** What a person wrote down; somebody else's folder with that person's number tells nothing of them. */
async function readPlace(place: string, uid: number, { records, faults }: Found): Promise<void> {
  const why = await whyForeign(place, uid)
  if (why) return void faults.push({ place, why })
  const names = await readdir(place).catch(() => [])
  const files = names.filter((name) => /^[a-z2-7]{6}\.json$/.test(name))
  if (files.length > most.channels)
    faults.push({ place, why: `${files.length} channels: only ${most.channels} are read` })
  for (const name of files.slice(0, most.channels)) {
    const path = join(place, name)
    const text = await readOwned(path, uid)
    const said = text === undefined ? undefined : readChannel(text)
    if (said && `${said.id}.json` === name) records.push({ uid, said })
    // One that was closed at this moment is no fault.
    else if (await lstat(path).catch(() => undefined))
      faults.push({ place: path, why: 'cannot be read as a channel' })
  }
}

/** A file that is the person's own, not a link or a pipe, and not too long. */
async function readOwned(path: string, uid: number): Promise<string | undefined> {
  const before = await lstat(path).catch(() => undefined)
  if (!before?.isFile() || before.uid !== uid || before.size > longestRecord) return undefined
  const file = await open(path, 'r').catch(() => undefined)
  if (!file) return undefined
  try {
    const opened = await file.stat()
    return opened.ino === before.ino && opened.uid === uid ? await file.readFile('utf8') : undefined
  } finally {
    await file.close()
  }
}

interface Listed {
  readonly pid: number
  readonly uid: number
  readonly user: string
  readonly name: string
  readonly startedAt: number
}

/** All processes, by ps(1). */
async function listProcesses(now: number): Promise<ReadonlyMap<number, Listed>> {
  const fields = ['pid', 'uid', 'etimes', 'user:32', 'comm'].map((field) => `-o${field}=`)
  const { stdout } = await execa('ps', ['-e', ...fields], { reject: false, timeout: patience })
  const listed = (stdout ?? '').split('\n').flatMap((line) => {
    const [, pid, uid, age, user = '', name = ''] =
      /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(.+)$/.exec(line) ?? []
    if (pid === undefined) return []
    return { pid: Number(pid), uid: Number(uid), user, name, startedAt: now - Number(age) * 1000 }
  })
  return new Map(listed.map((one) => [one.pid, one]))
}

interface Locked {
  readonly display: number
  /** whose socket it is; undefined: it has none */
  readonly uid?: number
  /** of its server; undefined: it has no lock, as one that took its number by -displayfd */
  readonly pid?: number
}

const sockets = '/tmp/.X11-unix'

/** The displays that there are: each server has a socket, and most a file with their process; all may see both. Xserver(1), FILES. */
async function displaysHere(): Promise<Locked[]> {
  const [inSockets, inTmp] = await Promise.all([sockets, '/tmp'].map((path) => readdir(path).catch(() => [])))
  const numbers = [
    ...(inSockets ?? []).map((name) => /^X(\d{1,5})$/.exec(name)?.[1]),
    ...(inTmp ?? []).map((name) => /^\.X(\d{1,5})-lock$/.exec(name)?.[1]),
  ].filter((one) => one !== undefined)
  return await Promise.all(
    [...new Set(numbers)].map(async (number) => {
      const socket = await lstat(join(sockets, `X${number}`)).catch(() => undefined)
      const text = await readFile(`/tmp/.X${number}-lock`, 'utf8').catch(() => '')
      const pid = /^\s*(\d{1,10})\s*$/.exec(text.slice(0, 20))?.[1]
      return {
        display: Number(number),
        ...(socket ? { uid: socket.uid } : {}),
        ...(pid === undefined ? {} : { pid: Number(pid) }),
      }
    }),
  )
}

/** As the system has it, wherever it has it from: getent(1). */
async function userName(uid: number): Promise<string> {
  const { stdout } = await execa('getent', ['passwd', String(uid)], { reject: false, timeout: patience })
  return stdout?.split(':')[0] || String(uid)
}
