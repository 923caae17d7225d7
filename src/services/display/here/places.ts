import { lstatSync, type Stats } from 'node:fs'
import { lstat, mkdir } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Where channels are written down: `BASE/UID` belongs to each person, with `ID.json`, which all may read as they may read who is logged in (who(1)), and `ID/`,
 * which nobody else may enter: cookies and the control socket. BASE is /run/vdd where the site has made it, sticky as /tmp is; else /tmp, where the folders are
 * called `vdd-UID`.
 */
const siteBase = '/run/vdd'

/** Why a place cannot be used. */
export class PlaceError extends Error {
  override readonly name = 'PlaceError'
}

/** The folder of a person's channels, which is made if need be. @throws {PlaceError} somebody else has it */
export async function ownPlace(uid: number, bases: Bases = usualBases): Promise<string> {
  const place = await placeOf(uid, bases)
  // Others may pass and read, so that consoles see whose channels there are.
  await mkdir(place, { mode: 0o755 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw new PlaceError(`${place} could not be made: ${error.message}`)
  })
  const why = whyForeign(place, uid)
  if (why) throw new PlaceError(why)
  return place
}

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
    const digits = (isSite ? /^(\d{1,10})$/ : /^vdd-(\d{1,10})$/).exec(name)?.[1]
    return digits === undefined ? [] : [{ name, uid: Number(digits) }]
  })
}
