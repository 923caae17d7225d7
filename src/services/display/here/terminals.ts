import { readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod'
import { readOthers } from './others-file.ts'
import { type Bases, claimedPlaces, usualBases, whyForeign } from './places.ts'

/** Bytes of a file; terminals that are kept of one person, the latest; and that are told of all. */
const most = { bytes: 80_000, ofOne: 30, ofAll: 2000 }

const schema = z.object({
  /** milliseconds since the epoch */
  at: z.number().nonnegative().max(8.64e15),
  /** what channels call it: by where the person's ssh comes from */
  name: z.string().min(1).max(200),
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

/**
 * The terminals that told of themselves to this machine, each with the user whose word that is: they may have written what they like. What is in no form
 * that is known is left out.
 */
export async function terminalsHere(bases: Bases = usualBases): Promise<(ToldTerminal & { uid: number })[]> {
  const found: (ToldTerminal & { uid: number })[] = []
  for (const base of [bases.site, bases.fallback]) {
    const places = claimedPlaces(await readdir(base).catch(() => []), base === bases.site)
    for (const { name, uid } of places) {
      const place = join(base, name)
      if (whyForeign(place, uid)) continue
      for (const { told, uid: writer } of await terminalsIn(place))
        if (writer === uid && found.length < most.ofAll) found.push({ ...told, uid })
    }
  }
  return found
}

async function terminalsIn(place: string): Promise<{ path: string; uid: number; told: ToldTerminal }[]> {
  const names = (await readdir(place).catch(() => [])).filter((name) => fileName.test(name))
  const files = await Promise.all(
    names.slice(0, 2 * most.ofOne).map(async (name) => {
      const path = join(place, name)
      const file = await readOthers(path, most.bytes)
      const told = file && asTold(file.text)
      return file && told ? { path, uid: file.uid, told } : undefined
    }),
  )
  return files.filter((one) => one !== undefined)
}

function asTold(text: string): ToldTerminal | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}
