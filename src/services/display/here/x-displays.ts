import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { readOthers } from './others-file.ts'
import { lookAt } from './places.ts'

/** A display that an X server has, or seems to have. */
export interface XDisplay {
  readonly display: number
  /** who made its socket */
  readonly uid?: number
  /** what its lock says; none: it has no lock, as one that took its number by -displayfd */
  readonly lock?: { readonly pid: number; readonly uid: number }
}

/** Bytes of a lock: eleven. */
const longestLock = 20
/** Displays of one person that are told; anybody may make files that look like one. */
const mostOfOne = 100

/**
 * The displays that there are: each server has a socket, and most a file with their process; all may see both. Xserver(1), FILES.
 *
 * @param base /tmp, where everybody may write
 * @returns `more`: so many files of one person are left out
 */
export async function displaysIn(base: string): Promise<{ displays: XDisplay[]; more: number }> {
  const sockets = join(base, '.X11-unix')
  const [inSockets, inBase] = await Promise.all(
    [sockets, base].map((path) => readdir(path).catch((): string[] => [])),
  )
  const numbers = [
    ...(inSockets ?? []).map((name) => /^X(\d{1,5})$/.exec(name)?.[1]),
    ...(inBase ?? []).map((name) => /^\.X(\d{1,5})-lock$/.exec(name)?.[1]),
  ].filter((one) => one !== undefined)
  const ofOne = new Map<number | undefined, number>()
  const displays: XDisplay[] = []
  let more = 0
  for (const number of new Set(numbers.map(Number))) {
    const path = join(base, `.X${number}-lock`)
    // At once: there may be as many as there are numbers, and each wait for one costs more than the look.
    const [socket, lock] = [join(sockets, `X${number}`), path].map(lookAt)
    const uid = socket?.uid ?? lock?.uid
    const count = (ofOne.get(uid) ?? 0) + 1
    ofOne.set(uid, count)
    if (count > mostOfOne) more++
    else displays.push({ display: number, ...(socket ? { uid: socket.uid } : {}), ...(await lockIn(path)) })
  }
  return { displays, more }
}

async function lockIn(path: string): Promise<Pick<XDisplay, 'lock'>> {
  const file = await readOthers(path, longestLock)
  const pid = /^\s*(\d{1,10})\s*$/.exec(file?.text ?? '')?.[1]
  return file && pid !== undefined ? { lock: { pid: Number(pid), uid: file.uid } } : {}
}
