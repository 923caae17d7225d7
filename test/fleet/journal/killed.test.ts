import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { Journal } from '../../../src/fleet/journal/journal.ts'

let directory: string
let file: string
const children: ChildProcess[] = []
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'vdd-killed-'))
  file = join(directory, 'journal.db')
})
afterEach(async () => {
  for (const child of children.splice(0)) if (child.kill('SIGKILL')) await once(child, 'exit')
  rmSync(directory, { recursive: true, force: true })
})

/** A console of its own process: it sees the event of each number that it is told, does something about each tenth, and says the number. */
async function consoleOf(name: string) {
  const source = `
    const { Journal } = await import(${JSON.stringify(resolve('src/fleet/journal/journal.ts'))})
    const { createInterface } = await import('node:readline')
    const journal = new Journal(${JSON.stringify(file)})
    console.log('ready')
    for await (const line of createInterface(process.stdin)) {
      const i = Number(line)
      const about = { kind: 'host', id: 'hv1' }
      journal.saw([{ severity: 'bad', about, host: 'hv1', text: 'event ' + i }], Date.now())
      if (i % 10 === 0) journal.add({ at: Date.now(), kind: 'did', severity: 'info', host: 'hv1', about, text: '${name} ' + i })
      console.log(i)
    }
    while (!(await journal.written()));
    journal.close()`
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', source], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  children.push(child)
  // It is killed while it reads.
  child.stdin.on('error', () => {})
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  expect(await lines.next()).toMatchObject({ value: 'ready' })
  return {
    sees: (i: number) => void child.stdin.write(`${i}\n`),
    /** waits until it has seen this one */
    until: async (i: number) => {
      for (;;) {
        const { value, done } = await lines.next()
        if (done || Number(value) >= i) return
      }
    },
    isKilled: async () => {
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
    ends: async () => {
      child.stdin.end()
      await once(child, 'exit')
    },
  }
}

it('what two consoles write, one of them killed while it writes, fits, and nothing stands there twice or is missing', async () => {
  const [one, two] = await Promise.all([consoleOf('one'), consoleOf('two')])
  const both = (from: number, to: number, ...all: (typeof one)[]) => {
    for (let i = from; i <= to; i++) for (const each of all) each.sees(i)
  }
  both(1, 600, one, two)
  await one.until(150)
  await one.isKilled()
  await two.until(600)
  const three = await consoleOf('three')
  both(601, 900, two, three)
  await three.until(700)
  await three.isKilled()
  await two.until(900)
  await two.ends()

  const journal = new Journal(file)
  const entries = journal.latest(10_000)
  const seen = entries.filter(({ kind }) => kind === 'seen').map(({ text }) => text)
  expect(new Set(seen).size).toBe(900)
  expect(seen).toHaveLength(900)
  expect(entries.filter(({ text }) => text.startsWith('two '))).toHaveLength(90)
  expect(entries.filter(({ text }) => text.startsWith('one ')).length).toBeGreaterThan(0)
  expect(journal.verify()).toMatchObject({ entries: entries.length, older: 0 })
  expect(journal.verify()).not.toHaveProperty('fault')
  journal.close()
})
