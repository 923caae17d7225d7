import { quote } from '../../hosts/quote.ts'
import type { LogFile } from './parse.ts'

/** Whether a place of a log is that of many files, by a `*` in the name of the file. */
export function isOfMany(place: string): boolean {
  return place.includes('*')
}

/** What stands for the `*` of a place in the path of a file; of a place without one nothing does. undefined: it is no file of this place. */
export function nameIn(place: string, path: string): string | undefined {
  const [before = '', after] = place.split('*')
  if (after === undefined) return place === path ? '' : undefined
  const isThere = path.startsWith(before) && path.endsWith(after)
  const name = path.slice(before.length, path.length - after.length)
  return isThere && name !== '' && !name.includes('/') ? name : undefined
}

/** Files of one place that are read: those that were written last. */
export const mostOfMany = 1_000

/** The files of a place of many. */
export function filesOf(place: string, files: readonly LogFile[]): LogFile[] {
  const own = files.filter(({ path }) => nameIn(place, path) !== undefined)
  return own.sort((a, b) => b.written - a.written).slice(0, mostOfMany)
}

/** In which places these files are: of many that may not be read their place is named, once. */
export function placesOf(paths: readonly string[], places: readonly string[]): string[] {
  return places.filter((place) => paths.some((path) => nameIn(place, path) !== undefined))
}

/** A place as a shell finds its files. */
export function forShell(place: string): string {
  return place
    .split('*')
    .map((part) => quote([part]))
    .join('*')
}
