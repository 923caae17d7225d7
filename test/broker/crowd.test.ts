import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { enter, mostBrokers } from '../../src/broker/crowd.ts'
import { DeskBook } from '../../src/fleet/journal/desk-book.ts'

let book: DeskBook
const children: ReturnType<typeof spawn>[] = []
beforeEach(() => {
  book = new DeskBook(':memory:')
})
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  book.close()
})

function begin(): number {
  const child = spawn('sleep', ['1000'])
  children.push(child)
  return child.pid as number
}

it('so many brokers of one person may run at once, and those that have ended make room', async () => {
  for (let i = 0; i < mostBrokers; i++) expect(await enter(book, 1001, begin())).toBe(true)
  expect(await enter(book, 1001)).toBe(false)
  // Nobody else is kept out, and the one that was is not counted.
  expect(await enter(book, 1002)).toBe(true)
  expect(book.db.prepare('SELECT count(*) AS n FROM desk_broker WHERE uid = 1001').get()).toEqual({
    n: mostBrokers,
  })
  const [first] = children
  first?.kill('SIGKILL')
  await once(first as NonNullable<typeof first>, 'exit')
  expect(await enter(book, 1001)).toBe(true)
})

it('many that begin at once are no more', async () => {
  const pids = Array.from({ length: mostBrokers + 5 }, begin)
  const entered = await Promise.all(pids.map((pid) => enter(book, 1001, pid)))
  expect(entered.filter(Boolean)).toHaveLength(mostBrokers)
})

it('a number that another process has got meanwhile is not taken for a broker', async () => {
  const pid = begin()
  for (let i = 0; i < mostBrokers; i++)
    book.db.prepare('INSERT INTO desk_broker (pid, started, uid) VALUES (?, 1, 1001)').run(pid + 100_000 + i)
  book.db.prepare('INSERT INTO desk_broker (pid, started, uid) VALUES (?, 1, 1001)').run(pid)
  expect(await enter(book, 1001)).toBe(true)
})
