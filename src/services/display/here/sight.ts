import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type ChannelState, readChannel } from '../channel.ts'
import type { DisplaySight, OtherDisplay, SeenChannel } from '../sight.ts'
import { linesHere, loginsOf } from './logins.ts'
import { namesIn } from './names.ts'
import { readOthers } from './others-file.ts'
import { type Bases, claimedPlaces, usualBases, whyForeign } from './places.ts'
import { isRunningAs } from './process-mark.ts'
import { listProcesses } from './processes.ts'
import { toldHere } from './terminals.ts'
import { fullNames, userName } from './user-name.ts'
import { displaysIn, type XDisplay } from './x-displays.ts'

/** Bytes of what is written down of a channel; more is none of ours. */
const longestRecord = 16_384
/** What is told of one person: channels, and bytes of them, so that nobody fills an answer that is bounded (`client.ts`). And faults that are told. */
const most = { channels: 100, bytes: 65_536, faults: 20 }

/**
 * Looks at the X displays of this machine, at the channels that are written down here, at the text sessions, and at the
 * terminals. Whoever asks needs no rights for it.
 *
 * @param known the mark of the terminals of which whoever asks has heard already
 */
export async function lookHere(
  now: () => number,
  bases: Bases = usualBases,
  known?: string,
): Promise<DisplaySight> {
  const [processes, { displays, more }, found, terminals, lines] = await Promise.all([
    listProcesses(now()),
    displaysIn(bases.fallback),
    allRecords(bases),
    toldHere(known, bases),
    linesHere(),
  ])
  const users = new Map([...processes.values()].map(({ uid, user }) => [uid, user]))
  for (const { uid } of found.records) if (!users.has(uid)) users.set(uid, await userName(uid))
  const channels = await Promise.all(
    found.records.map(async ({ uid, said }): Promise<SeenChannel> => {
      const user = users.get(uid) ?? String(uid)
      return { user, uid, fate: await fateOf(said, uid), said: believed(said, uid, displays) }
    }),
  )
  if (more) found.faults.unshift({ place: bases.fallback, why: `${more} displays more: nobody has so many` })
  // What a channel says is believed only as far as its server runs, and its socket is its owner's.
  const isOurs = ({ display, uid }: XDisplay) =>
    channels.some((one) => one.fate !== 'dead' && one.said.display === display && one.uid === uid)
  const others = displays.filter((one) => !isOurs(one))
  const hasChannel = (uid: number) => channels.some((one) => one.fate === 'alive' && one.uid === uid)
  const logins = [...(await loginsOf(lines, processes, hasChannel))]
  const names = await fullNames([...new Set([...channels, ...logins].map(({ uid }) => uid))])
  return {
    version: 1,
    at: now(),
    channels: channels.toSorted((a, b) => (a.said.display ?? 0) - (b.said.display ?? 0)),
    others: others
      .map(({ display, uid, lock }): OtherDisplay => {
        const server = lock && processes.get(lock.pid)
        const owner = uid === undefined ? undefined : users.get(uid)
        // Anybody may write down the process of somebody else.
        if (!server || ![server.uid, 0].includes(lock.uid))
          return { display, ...(owner === undefined ? {} : { user: owner }) }
        const { pid, name: program, user, startedAt } = server
        return { display, program, pid, user, startedAt }
      })
      .toSorted((a, b) => a.display - b.display),
    faults: found.faults.slice(0, most.faults),
    terminals,
    logins,
    fullNames: names,
  }
}

/** A process of somebody else keeps no channel. */
async function fateOf({ keeper, server }: ChannelState, uid: number): Promise<SeenChannel['fate']> {
  if (await isRunningAs(uid, keeper)) return 'alive'
  return server && (await isRunningAs(uid, server)) ? 'orphan' : 'dead'
}

/** Without the number of a display that is somebody else's: else an operator would be told of two. */
function believed(said: ChannelState, uid: number, displays: readonly XDisplay[]): ChannelState {
  const { display, ...others } = said
  const isAnothers = displays.some(
    (one) => one.display === display && one.uid !== undefined && one.uid !== uid,
  )
  return isAnothers ? others : said
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
  const why = whyForeign(place, uid)
  if (why) return void faults.push({ place, why })
  const names = await namesIn(place)
  const files = names.filter((name) => /^[a-z2-7]{6}\.json$/.test(name))
  if (files.length > most.channels)
    faults.push({ place, why: `${files.length} channels: only ${most.channels} are read` })
  let left = most.bytes
  for (const name of files.slice(0, most.channels)) {
    const path = join(place, name)
    const file = await readOthers(path, longestRecord)
    const said = file?.uid === uid ? readChannel(file.text) : undefined
    left -= Buffer.byteLength(file?.text ?? '')
    if (left < 0) return void faults.push({ place, why: `its channels say more than ${most.bytes} bytes` })
    if (said && `${said.id}.json` === name) records.push({ uid, said })
    // One that was closed at this moment is no fault.
    else if (await lstat(path).catch(() => undefined))
      faults.push({ place: path, why: 'cannot be read as a channel' })
  }
}
