import { randomBytes } from 'node:crypto'
import { lstatSync, type Stats } from 'node:fs'
import { lstat, mkdir, readdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/**
 * Where channels are written down: `BASE/UID` belongs to each person, with `ID.json`, which all may read as they may read who is logged in (who(1)), and `ID/`,
 * which nobody else may enter: cookies and the control socket. BASE is /run/vdd where the site has made it, sticky as /tmp is; else /tmp, where the folders are
 * called `vdd-UID`. Anybody may make a folder of that name before its owner does. That is no way to keep a person out: theirs then is `UID-` and six letters that
 * nobody could know before.
 */
const siteBase = '/run/vdd'

/** Why a place cannot be used. */
export class PlaceError extends Error {
  override readonly name = 'PlaceError'
}

/** The folder of a person's channels, which is made if need be. @throws {PlaceError} what they have there themselves is no such folder, or none can be made */
export async function ownPlace(uid: number, bases: Bases = usualBases): Promise<string> {
  const usual = await placeOf(uid, bases)
  await make(usual)
  const why = whyForeign(usual, uid)
  if (!why) return usual
  if (lookAt(usual)?.uid === uid) throw new PlaceError(`${why}; take it away: rm -r ${usual}`)
  const found = await aside(usual, uid)
  if (found) return found
  await make(`${usual}-${newSuffix()}`)
  // Another program of theirs may have made one at the same moment.
  const made = await aside(usual, uid)
  if (!made) throw new PlaceError(`${why}; root can take it away: rm -r ${usual}`)
  return made
}

/** Others may pass and read, so that consoles see whose channels there are. */
async function make(place: string): Promise<void> {
  await mkdir(place, { mode: 0o755 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST')
      throw new PlaceError(`${place} could not be made: ${error.message}`, { cause: error })
  })
}

/** The folder that a person has because somebody else has the usual one. */
async function aside(usual: string, uid: number): Promise<string | undefined> {
  const names = await readdir(dirname(usual)).catch(() => [])
  return names
    .filter((name) => name.startsWith(`${basename(usual)}-`) && suffixed.test(name))
    .toSorted()
    .map((name) => join(dirname(usual), name))
    .find((place) => !whyForeign(place, uid))
}

const suffixed = /^(?:vdd-)?\d{1,10}-[a-z2-7]{6}$/

const newSuffix = () => [...randomBytes(6)].map((byte) => letters[byte % letters.length]).join('')
const letters = 'abcdefghijklmnopqrstuvwxyz234567'

export interface Bases {
  readonly site: string
  readonly fallback: string
}

export const usualBases: Bases = { site: siteBase, fallback: '/tmp' }

async function placeOf(uid: number, { site, fallback }: Bases): Promise<string> {
  const stats = await lstat(site).catch(() => undefined)
  // Anybody may write there, and nobody may take another's away.
  const isMade = stats?.isDirectory() && stats.uid === 0 && (stats.mode & 0o1002) === 0o1002
  return isMade ? join(site, String(uid)) : join(fallback, `vdd-${uid}`)
}

/** What a path of somebody else's is. Undefined: it is not there, or cannot be looked at, as what a person has mounted there (fuse). */
export function lookAt(path: string): Stats | undefined {
  try {
    return lstatSync(path)
  } catch {
    return undefined
  }
}

/** Why a folder is not what a person made for themselves; undefined: it is. */
export function whyForeign(place: string, uid: number): string | undefined {
  // At once: anybody may have made a hundred thousand of them, and each wait for one costs more than the look.
  const stats = lookAt(place)
  if (!stats) return `${place} is not there, or not to be looked at`
  if (!stats.isDirectory()) return `${place} is no folder`
  if (stats.uid !== uid) return `${place} belongs to user ${stats.uid}, and not to user ${uid}`
  return stats.mode & 0o022 ? `${place} can be written by others` : undefined
}

/** The folders that may hold channels, with whose they say they are. */
export function claimedPlaces(names: readonly string[], isSite: boolean): { name: string; uid: number }[] {
  return names.flatMap((name) => {
    const digits = (isSite ? /^(\d{1,10})(?:-[a-z2-7]{6})?$/ : /^vdd-(\d{1,10})(?:-[a-z2-7]{6})?$/).exec(
      name,
    )?.[1]
    return digits === undefined ? [] : [{ name, uid: Number(digits) }]
  })
}
