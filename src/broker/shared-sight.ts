import { setTimeout as sleep } from 'node:timers/promises'
import * as z from 'zod'
import type { DeskBook } from '../fleet/journal/desk-book.ts'
import { type MachineSight, standingStates } from './choose.ts'

/**
 * Milliseconds for which it is told again how the machines were; for which one broker may ask while the others wait for what it hears; and between two looks
 * whether it has heard it.
 */
const times = { kept: 10_000, asking: 15_000, step: 100 } as const

const sightsSchema = z.array(
  z.object({
    name: z.string(),
    state: z.enum(standingStates),
    host: z.string().optional(),
    need: z.number().optional(),
    free: z.number().optional(),
  }),
)

/**
 * How the machines of the catalogue are, for all brokers together: in the morning each of many terminals starts one, and a host that is asked by all of
 * them at once answers none. One asks, the others wait for that. It is for telling what there is; a machine is given by what its own broker has seen.
 *
 * @param names of machines; where one of them is not in what is kept, it is asked anew
 * @param ask the hosts; not more than one broker at a time does, but where that takes too long
 */
export async function sharedSight(
  { book, now }: { readonly book: DeskBook; readonly now: () => number },
  names: readonly string[],
  ask: () => Promise<readonly MachineSight[]>,
): Promise<readonly MachineSight[]> {
  const until = performance.now() + times.asking
  for (;;) {
    const kept = read(book, now())
    if (kept && names.every((name) => kept.some((one) => one.name === name))) return kept
    if (performance.now() > until || book.transaction(() => begin(book, now()))) break
    await sleep(times.step)
  }
  try {
    const sights = await ask()
    write(book, sights, now())
    return sights
  } finally {
    book.db.exec('UPDATE desk_sight SET until = 0')
  }
}

function read({ db }: DeskBook, now: number): readonly MachineSight[] | undefined {
  // What is of a time to come was written before the clock was set back.
  const row = db.prepare('SELECT said FROM desk_sight WHERE at BETWEEN ? AND ?').get(now - times.kept, now)
  try {
    return row && sightsSchema.parse(JSON.parse(String(row.said)))
  } catch {
    return undefined
  }
}

/** Whether this one is to ask. One that is killed meanwhile keeps the others waiting for as long as it might have taken. */
function begin({ db }: DeskBook, now: number): boolean {
  const until = Number(db.prepare('SELECT until FROM desk_sight').get()?.until ?? 0)
  if (until > now && until <= now + times.asking) return false
  db.prepare(
    "INSERT INTO desk_sight (one, at, until, said) VALUES (1, 0, ?, '[]') ON CONFLICT (one) DO UPDATE SET until = excluded.until",
  ).run(now + times.asking)
  return true
}

function write({ db }: DeskBook, sights: readonly MachineSight[], now: number): void {
  const said = JSON.stringify(sights, ['name', 'state', 'host', 'need', 'free'])
  db.prepare(
    'INSERT INTO desk_sight (one, at, until, said) VALUES (1, ?, 0, ?) ON CONFLICT (one) DO UPDATE SET at = excluded.at, said = excluded.said',
  ).run(now, said)
}
