import { createHash } from 'node:crypto'
import { readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod'
import { parseJson } from '../../../hosts/json.ts'
import type { ToldTerminals } from '../told.ts'
import { namesIn } from './names.ts'
import { readOthers } from './others-file.ts'
import { type Bases, claimedPlaces, usualBases, whyForeign } from './places.ts'
import { userName } from './user-name.ts'

/**
 * Bytes of a file; terminals that are kept of one person, the latest; and that are told of all; and bytes that are told of one person, and of all, as they are told:
 * a letter may take six of them, and an answer that is too long tells nothing at all (`client.ts`).
 */
const most = { bytes: 80_000, ofOne: 30, ofAll: 2000, toldOfOne: 65_536, told: 2 ** 19 }

const schema = z.object({
  /** milliseconds since the epoch */
  at: z.number().nonnegative().max(8.64e15),
  /** what channels call it: by where the person's ssh comes from */
  name: z.string().min(1).max(200),
  /** that is where it comes from, if it is known */
  address: z.string().min(1).max(60).optional(),
  /** what it told of itself, as it told it */
  line: z.string(),
})

/** What a terminal told of itself when somebody came from it. */
export type ToldTerminal = z.output<typeof schema>

const fileName = /^terminal-[A-Za-z0-9._-]{1,64}\.json$/

/** Writes down in a person's own place what the terminal told at which they sit; of the one of this name, what it told before is forgotten. */
export async function keepTerminal(place: string, told: ToldTerminal): Promise<void> {
  const file = join(place, `terminal-${told.name.replace(/[^A-Za-z0-9._-]/g, '_').slice(0, 64)}.json`)
  const next = `${file}.${process.pid}`
  // Whoever reads finds the old one or the new one, never a part.
  await writeFile(next, `${JSON.stringify(told)}\n`, { mode: 0o644 })
  await rename(next, file)
  const all = await terminalsIn(place)
  const old = all.toSorted((a, b) => b.told.at - a.told.at).slice(most.ofOne)
  await Promise.all(old.map(({ path }) => rm(path, { force: true })))
}

/** One of these, with the user whose word it is. */
type TerminalHere = ToldTerminal & { readonly uid: number }

/**
 * The terminals that told of themselves to this machine, each with the user whose word that is: they may have written what they like. What is in no form
 * that is known is left out, and of who writes much the oldest: nobody takes the room of the others.
 */
export async function terminalsHere(bases: Bases = usualBases): Promise<readonly TerminalHere[]> {
  const people: { readonly uid: number; readonly bytes: number; readonly told: readonly TerminalHere[] }[] =
    []
  for (const base of [bases.site, bases.fallback]) {
    const places = claimedPlaces(await readdir(base).catch(() => []), base === bases.site)
    for (const { name, uid } of places) {
      const place = join(base, name)
      if (whyForeign(place, uid)) continue
      const all = await terminalsIn(place)
      const own = all.flatMap(({ told, uid: writer }) => (writer === uid ? [{ ...told, uid }] : []))
      const newest = own.toSorted((a, b) => b.at - a.at).slice(0, most.ofOne)
      people.push({ uid, ...within(newest, most.toldOfOne) })
    }
  }
  // Who wrote least comes first.
  const told = people.toSorted((a, b) => a.bytes - b.bytes || a.uid - b.uid).flatMap((one) => one.told)
  return within(told.slice(0, most.ofAll), most.told).told
}

/** As many of them, from the first, as take no more bytes. */
function within(
  told: readonly TerminalHere[],
  room: number,
): { readonly bytes: number; readonly told: readonly TerminalHere[] } {
  let bytes = 0
  const kept = told.filter((one) => {
    bytes += Buffer.byteLength(JSON.stringify(one))
    return bytes <= room
  })
  return { bytes: Math.min(bytes, room), told: kept }
}

/**
 * The same as a display server tells it.
 *
 * @param known the mark of what whoever asks has heard already
 */
export async function toldHere(known: string | undefined, bases?: Bases): Promise<ToldTerminals> {
  const found = await terminalsHere(bases)
  const mark = createHash('sha256').update(JSON.stringify(found)).digest('hex').slice(0, 16)
  if (mark === known) return { mark }
  const users = new Map<number, string>()
  for (const { uid } of found) if (!users.has(uid)) users.set(uid, await userName(uid))
  return { mark, all: found.map(({ uid, ...told }) => ({ ...told, user: users.get(uid) ?? String(uid) })) }
}

async function terminalsIn(place: string): Promise<{ path: string; uid: number; told: ToldTerminal }[]> {
  const names = (await namesIn(place)).filter((name) => fileName.test(name))
  const files = await Promise.all(
    names.slice(0, 2 * most.ofOne).map(async (name) => {
      const path = join(place, name)
      const file = await readOthers(path, most.bytes)
      const told = file && asTold(file.text)
      if (!file || !told) return undefined
      // Nobody told in the future: what others told later would never count.
      return { path, uid: file.uid, told: { ...told, at: Math.min(told.at, Math.ceil(file.changedAt)) } }
    }),
  )
  return files.filter((one) => one !== undefined)
}

function asTold(text: string): ToldTerminal | undefined {
  try {
    return schema.safeParse(parseJson(text)).data
  } catch {
    return undefined
  }
}
