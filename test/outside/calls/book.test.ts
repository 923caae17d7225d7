import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { execa } from 'execa'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { label } from '../../../src/hosts/label.ts'
import { CallBook } from '../../../src/outside/calls/book.ts'
import { self } from '../../../src/outside/calls/process.ts'

let directory: string
let file: string
const books: CallBook[] = []
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'vdd-calls-'))
  file = join(directory, 'journal.db')
})
afterEach(() => {
  for (const one of books.splice(0)) one.close()
  rmSync(directory, { recursive: true })
})

function book(me = self()): CallBook {
  const one = new CallBook(file, me)
  books.push(one)
  return one
}
/** A process elsewhere, of which nobody here can tell whether it runs. */
const stranger = (pid: number) => ({ pid, started: 1, space: 'pid:[1]' })

it('one of several consoles calls, until it lets go', () => {
  const [a, b] = [book(), book(stranger(7))]
  expect([a.hold(1_000), b.hold(1_000), a.hold(20_000), b.hold(20_000)]).toEqual([true, false, true, false])
  a.release()
  expect([b.hold(21_000), a.hold(21_000)]).toEqual([true, false])
})

it('one that says nothing any more is followed by another', () => {
  const [a, b] = [book(), book(stranger(7))]
  a.hold(1_000)
  expect([b.hold(31_000), b.hold(31_001), a.hold(31_002)]).toEqual([false, true, false])
})

it('one that was killed is followed at once', async () => {
  const child = execa('sleep', ['1000'], { reject: false })
  const pid = child.pid as number
  const { started } = await startOf(pid)
  const [killed, next] = [book({ ...self(), pid, started }), book()]
  expect([killed.hold(1_000), next.hold(1_001)]).toEqual([true, false])
  child.kill('SIGKILL')
  await child
  expect(next.hold(1_002)).toBe(true)
})

async function startOf(pid: number): Promise<{ started: number }> {
  const { stdout } = await execa('cat', [`/proc/${pid}/stat`])
  return { started: Number(stdout.slice(stdout.lastIndexOf(')') + 2).split(' ')[19]) }
}

it('a time far ahead, of a clock that was set back, holds nobody up', () => {
  const [a, b] = [book(), book(stranger(7))]
  a.hold(3_600_000)
  expect(b.hold(1_000)).toBe(true)
})

it('what was told is known to all, and after a restart', () => {
  const told = {
    id: 'x',
    at: 5,
    severity: 'warning',
    text: label('a: b\\c'),
    json: { name: 'a' },
  } as const
  book().note([told])
  expect(book().told().get('x')).toEqual(told)
  book().note([{ ...told, closedAt: 9 }])
  expect(book().told().get('x')).toEqual({ ...told, closedAt: 9 })
  book().note([], ['x'])
  expect(book().told().size).toBe(0)
})

it('while the file is locked, what was told counts here, and is written later', () => {
  const [a, other] = [book(), book()]
  const lock = new DatabaseSync(file)
  lock.exec('BEGIN IMMEDIATE')
  const told = { id: 'x', at: 5, severity: 'bad', text: label('x'), json: {} } as const
  expect(a.hold(1_000)).toBe(false)
  a.note([told])
  expect([a.told().has('x'), other.told().has('x')]).toEqual([true, false])
  lock.exec('ROLLBACK')
  lock.close()
  a.note([])
  expect(other.told().has('x')).toBe(true)
})

it('a file that cannot be used keeps nobody from calling', () => {
  const one = new CallBook('/proc/nowhere/journal.db')
  books.push(one)
  expect(one.hold(1)).toBe(true)
  one.fail({ since: 1, why: label('no modem') })
  expect(one.failure).toEqual({ since: 1, why: 'no modem' })
})
