import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { PastBounds } from '../../../src/fleet/past/bounds.ts'
import { Past } from '../../../src/fleet/past/past.ts'
import { clock } from '../../../src/hosts/clock.ts'
import { machine, snapshot } from '../../support/records.ts'

let directory: string
let file: string
const opened: { close(): void }[] = []
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'vdd-past-'))
  file = join(directory, 'c.db.past')
})
afterEach(() => {
  for (const one of opened.splice(0)) one.close()
  rmSync(directory, { recursive: true, force: true })
})

const start = Date.UTC(2026, 10, 29, 3, 0)
const second = 1_000
const minute = 60_000
const day = 86_400_000

const open = (bounds: Partial<PastBounds> = {}, now = start) => {
  const past = new Past(file, now, bounds)
  opened.push(past)
  return past
}
/** Whoever looks at the file beside. */
const table = () => {
  const db = new DatabaseSync(file)
  opened.push(db)
  return db
}
const { incidents: _, drills: __, ...facts } = snapshot([machine()])
/** Times are those of the tests, so the clocks have not to be stopped. */
const wall = (now: number) => clock.wallTime(now)

/** Looks once a second for so long. */
async function watch(all: readonly Past[], from: number, to: number, incident?: string): Promise<void> {
  for (let now = from; now < to; now += second)
    for (const past of all) {
      past.note(now, incident, () => ({ snapshot: { ...facts, staleAfter: now - start }, alerts: [] }))
      await past.written()
    }
}
const kept = () => table().prepare('SELECT at, opened FROM moment ORDER BY at').all()

describe('how it was', () => {
  it('is kept once a minute, and found again by its time', async () => {
    const past = open()
    await watch([past], start, start + 5 * minute)
    const times = kept().map(({ at }) => Number(at) - wall(start))
    expect(times).toEqual([10, 70, 130, 190, 250].map((one) => one * second))
    const at = (seconds: number) => wall(start) + seconds * second
    expect(past.before(at(130)).moment?.snapshot.staleAfter).toBe(70 * second)
    expect(past.before(at(130), true).moment?.now).toBe(start + 130 * second)
    expect(past.after(at(130)).moment?.at).toBe(at(190))
    expect(past.before(at(10))).toEqual({})
    expect(past.after(at(250))).toEqual({})
  })

  it('is kept by one of several consoles, and by the next when that one has gone', async () => {
    const [one, other] = [open(), open({}, start + 20 * second)]
    await watch([one, other], start, start + 3 * minute)
    expect(kept()).toHaveLength(3)
    one.close()
    await watch([other], start + 3 * minute, start + 6 * minute)
    const times = kept().map(({ at }) => Number(at))
    expect(times.length).toBe(6)
    expect(times.slice(1).every((at, i) => at - (times[i] ?? 0) <= minute + second)).toBe(true)
  })

  it('is kept at once when an incident opens, but not more often than every ten seconds', async () => {
    const past = open()
    await watch([past], start, start + 15 * second, '1')
    for (let i = 0; i < 40; i++)
      await watch([past], start + (15 + i) * second, start + (16 + i) * second, String(2 + i))
    const times = kept().map(({ at, opened }) => [(Number(at) - wall(start)) / second, opened])
    expect(times).toEqual([
      [10, 0],
      [20, 1],
      [30, 1],
      [40, 1],
      [50, 1],
    ])
  })

  it('passes over what another version or somebody else has written, and says so', async () => {
    const past = open()
    await watch([past], start, start + 2 * minute)
    const db = table()
    const put = db.prepare('INSERT INTO moment VALUES (?, ?, 0, 3, ?)')
    put.run(wall(start) + 20 * second, 99, Buffer.from('new'))
    put.run(wall(start) + 30 * second, 1, Buffer.from('bad'))
    put.run(wall(start) + 40 * second, 1, 'text')
    put.run(9_007_199_254_740_993n, 1, Buffer.from('late'))
    put.run(-5, 1, Buffer.from('early'))
    const found = past.before(wall(start) + 70 * second)
    expect(found.moment?.now).toBe(start + 10 * second)
    expect(found.skipped).toBe('3 minutes left out: of another version, or not to be read')
    expect(past.before(wall(start) + 10 * second)).toEqual({})
    expect(past.after(wall(start) + 70 * second)).toEqual({})
    expect(past.before(wall(start) + 30 * second).skipped).toContain('another version')
  })

  it('waits for somebody else who writes, and keeps what there is then', async () => {
    const past = open()
    await watch([past], start, start + 20 * second)
    const db = table()
    db.exec('BEGIN IMMEDIATE')
    await watch([past], start + 20 * second, start + 90 * second)
    expect(past.trouble).toBeUndefined()
    expect(kept()).toHaveLength(1)
    db.exec('COMMIT')
    await watch([past], start + 90 * second, start + 100 * second)
    expect(kept()).toHaveLength(2)
  })

  it('says why it cannot be kept, and is kept again when it can be', async () => {
    const past = open()
    await watch([past], start, start + 20 * second)
    const db = table()
    db.exec('ALTER TABLE moment RENAME TO other')
    await watch([past], start + 20 * second, start + 90 * second)
    expect(past.trouble).toContain('nothing is kept to look back at')
    expect(past.before(wall(start) + 90 * second).skipped).toContain('cannot be read')
    db.exec('ALTER TABLE other RENAME TO moment')
    await watch([past], start + 90 * second, start + 100 * second)
    expect(past.trouble).toBeUndefined()
    expect(kept()).toHaveLength(2)
  })

  it('is kept as soon as the file can be opened', async () => {
    mkdirSync(file)
    const past = open()
    await watch([past], start, start + 20 * second)
    expect(past.trouble).toContain('nothing is kept to look back at')
    rmSync(file, { recursive: true })
    await watch([past], start + 20 * second, start + 30 * second)
    expect(past.trouble).toBeUndefined()
    expect(kept()).toHaveLength(1)
  })

  it('is for this user alone', async () => {
    await watch([open()], start, start + 20 * second)
    expect(statSync(file).mode & 0o777).toBe(0o600)
  })

  it('is not kept where nobody wants it, or where it cannot be', async () => {
    await watch([open({ days: 0 })], start, start + 2 * minute)
    expect(statSync(file, { throwIfNoEntry: false })).toBeUndefined()
    const past = new Past(directory, start)
    await watch([past], start, start + 2 * minute)
    expect(past.trouble).toContain('nothing is kept to look back at')
    expect(past.before(start)).toEqual({})
    past.close()
  })
})

describe('what is kept of it', () => {
  const ages = () => kept().map(({ at }) => (wall(start) - Number(at)) / minute)
  const fill = (bytes: number, minutes: number, opened: number[] = []) => {
    const db = table()
    const put = db.prepare('INSERT INTO moment VALUES (?, 1, ?, ?, ?)')
    db.exec('BEGIN')
    for (let i = 1; i <= minutes; i++)
      put.run(wall(start) - i * minute, opened.includes(i) ? 1 : 0, bytes, Buffer.alloc(1))
    db.exec('COMMIT')
  }
  const grow = async (bounds: Partial<PastBounds>, bytes: number, minutes: number, opened: number[] = []) => {
    await watch([open({ days: 1 }, start - 100 * day)], start - 99 * day, start - 99 * day + second)
    fill(bytes, minutes, opened)
    await watch([open(bounds, start - minute)], start, start + 2 * second)
  }

  it('is every minute of a day, one in ten of the days before, and what an incident opened with', async () => {
    await grow({}, 100, 3 * 1440, [2000, 2001])
    const all = ages()
    expect(all.filter((age) => age > 0 && age <= 1440)).toHaveLength(1440)
    expect(all.filter((age) => age > 1440).length).toBeLessThan(2 * 144 + 4)
    expect(all).toEqual(expect.arrayContaining([2000, 2001]))
  })

  it('is nothing older than wanted', async () => {
    await grow({ days: 2 }, 100, 3 * 1440)
    expect(Math.max(...ages())).toBeLessThanOrEqual(2 * 1440)
  })

  it('is less of each hour where it would be too large, and then the newest', async () => {
    await grow({ size: 1_000_000 }, 1_000, 1400)
    const all = ages()
    expect(Math.max(...all)).toBeGreaterThan(1390)
    expect(all.filter((age) => age > 0 && age < 360).length).toBeGreaterThan(355)
    expect(all.length).toBeLessThan(1_000)
    rmSync(file)
    for (const one of opened.splice(0)) one.close()
    await grow({ size: 50_000 }, 1_000, 1400)
    expect(ages().length).toBeLessThanOrEqual(50)
    expect(Math.min(...ages())).toBe(0)
  })
})
