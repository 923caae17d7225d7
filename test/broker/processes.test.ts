import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { lostBy } from '../../src/broker/channel-account.ts'
import type { Person } from '../../src/broker/person.ts'
import { Keepers } from '../../src/desk/keepers.ts'
import type { ChannelState } from '../../src/services/display/channel.ts'
import { sweepOwn, tellOwn } from '../../src/services/display/here/own.ts'
import { markOf } from '../../src/services/display/here/process-mark.ts'
import { until } from '../support/until.ts'
import { anna, answer, bruno, Office } from './support/broker.ts'
import { systemOf } from './support/systems.ts'

let office: Office
const children: ChildProcess[] = []
beforeEach(() => {
  office = new Office()
})
afterEach(async () => {
  for (const child of children.splice(0)) if (child.kill('SIGKILL')) await once(child, 'exit')
  await office.close()
})

const pool = systemOf('pool', ['debian-kde-01'])

/** How a broker of a process of its own works: it answers, or is killed at one point of its work. */
const works = {
  answers: '',
  /** what it has to say is not said any more */
  'is killed before it answers':
    'broker.handle = async function* (...args) { for await (const _ of handle(...args)) die() }',
  /** what it writes is not written */
  'is killed while it writes': `const { transaction } = book
    book.transaction = (work) => transaction.call(book, () => {
      const result = work()
      if (result?.wrote) die()
      return result
    })`,
}

/** The command of a broker in a process of its own, as sudo starts one for each terminal, on a stand-in for the hypervisors. */
function commandOf(person: Person, begins = '', how: keyof typeof works = 'answers') {
  const module = (path: string) => JSON.stringify(resolve(path))
  const source = `
    // One that is killed takes nothing away: what it makes goes with the directory of this test.
    process.env.TMPDIR = ${JSON.stringify(office.path)}
    const { Office } = await import(${module('test/broker/support/broker.ts')})
    const { DeskBook } = await import(${module('src/fleet/journal/desk-book.ts')})
    const { Journal } = await import(${module('src/fleet/journal/journal.ts')})
    const { serve } = await import(${module('src/broker/serve.ts')})
    const file = ${JSON.stringify(office.file)}
    const office = new Office()
    const [book, journal] = [new DeskBook(file), new Journal(file, { waits: true })]
    const broker = office.broker(${JSON.stringify(person)}, [${JSON.stringify(pool)}], { book, journal })
    const die = () => { process.kill(process.pid, 'SIGKILL'); for (;;); }
    const handle = broker.handle.bind(broker)
    ${works[how]}
    ${begins}
    await serve(broker, process.stdin, process.stdout, new AbortController().signal)
    await office.close()`
  return [process.execPath, '--input-type=module-typescript', '-e', source] as const
}

/** Such a broker, ready to be asked. */
async function brokerOf(person: Person, how?: keyof typeof works) {
  const [file, ...args] = commandOf(person, "await office.fleet(); console.log('ready')", how)
  const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  children.push(child)
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  expect(await lines.next()).toMatchObject({ value: 'ready' })
  const ask = (request: object) => child.stdin.write(`${JSON.stringify({ n: 1, ...request })}\n`)
  /** the last reply to a request; undefined: it has ended without one */
  const last = async (): Promise<Record<string, unknown> | undefined> => {
    for (;;) {
      const { value, done } = await lines.next()
      const reply = done ? undefined : JSON.parse(value)
      if (!reply || reply.last) return reply
    }
  }
  return { child, ask, last }
}

const wants = { ask: 'machine', system: 'pool' }
const tells = (what: 'start' | 'end') => ({
  ask: 'account',
  what,
  channel: 'abcdef',
  machine: 'debian-kde-01',
  session: 'kde',
  terminal: 'term1',
})

describe('brokers that are processes of their own', () => {
  it('give the last free machine to one of two terminals that ask in the same instant', async () => {
    const both = await Promise.all([anna, bruno].map((person) => brokerOf(person)))
    for (const { ask } of both) ask(wants)
    const answers = await Promise.all(both.map(({ last }) => last()))
    expect(answers.filter((one) => one?.machine)).toHaveLength(1)
    expect(answers.filter((one) => one?.no === 'none-free')).toHaveLength(1)
  })

  it.each([
    ['is killed before it answers', 'start', 1],
    ['is killed while it writes', 'start', 0],
    ['is killed before it answers', 'end', 1],
    ['is killed while it writes', 'end', 0],
  ] as const)('that %s leave one start and one end: %s', async (how, what, written) => {
    office.give('debian-kde-01', anna)
    const other = office.broker(anna, [pool])
    if (what === 'end') await answer(other, { n: 1, ...tells('start') })
    const { child, ask, last } = await brokerOf(anna, how)
    const ended = once(child, 'exit')
    ask(tells(what))
    expect(await last()).toBeUndefined()
    expect(await ended).toEqual([null, 'SIGKILL'])
    const lines = () => office.rows('SELECT what FROM desk_account ORDER BY id').map((row) => row.what)
    expect(lines().filter((line) => line === what)).toHaveLength(written)
    // Who has heard nothing says it again.
    for (const again of ['start', 'end'] as const)
      expect(await answer(other, { n: 1, ...tells(again) })).toMatchObject({ done: true })
    expect(lines()).toEqual(['start', 'end'])
  })
})

describe('a keeper that is killed', () => {
  it('leaves a session with one start and one end, however many find what is left of it', async () => {
    const place = mkdtempSync(join(tmpdir(), 'vdd-killed-'))
    const keeper = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
    children.push(keeper)
    office.give('debian-kde-01', anna)
    await answer(office.broker(anna, [pool]), { n: 1, ...tells('start') })
    const now = Date.now()
    const record: ChannelState = {
      id: 'abcdef',
      state: 'open',
      keeper: (await markOf(keeper.pid as number)) as ChannelState['keeper'],
      terminal: { name: 'term1' },
      machine: { name: 'debian-kde-01', address: '192.0.2.7' },
      session: { id: 'kde', name: 'KDE' },
      system: 'pool',
      fullScreen: true,
      keep: false,
      wantedAt: now,
      openedAt: now,
      looked: { by: 'oper', at: now, controls: false },
    }
    const seeing = office.broker(anna, [pool], { viewing: 'ask', isAsking: async () => true })
    const look = {
      n: 1,
      ask: 'look',
      channel: 'abcdef',
      machine: 'debian-kde-01',
      by: 'oper',
      controls: false,
    }
    for (const what of ['asked', 'agreed']) await answer(seeing, { ...look, what })
    const write = () => writeFileSync(join(place, 'abcdef.json'), JSON.stringify(record))
    write()
    const lost = lostBy(commandOf(anna))
    const desks = [1, 2].map(() => new Keepers(0, {}, { place: async () => place, lost }))
    const sights = () => Promise.all(desks.map((desk) => desk.channels()))
    expect((await sights()).flat().map(({ fate }) => fate)).toEqual(['alive', 'alive'])

    const ended = once(keeper, 'exit')
    keeper.kill('SIGKILL')
    await ended
    for (let i = 0; i < 3; i++)
      expect((await sights()).flat().map(({ fate }) => fate)).toEqual(['dead', 'dead'])
    const lines = () => office.rows('SELECT what, how FROM desk_account ORDER BY id')
    const all = [
      { what: 'start', how: null },
      { what: 'end', how: 'lost' },
    ]
    await expect.poll(lines).toEqual(all)
    // The next keeper takes away what is left, when that is told; until it is, what is left stays.
    await (await sweepOwn(place, async () => false)).forgotten
    expect(readdirSync(place)).toEqual(['abcdef.json'])
    // A broker that is not heard in time, on a machine that is busy, is told by the next.
    await until('it to be told, and taken away', async () => {
      await (await sweepOwn(place, lost)).forgotten
      return readdirSync(place).length === 0
    })
    // So does who closes it.
    write()
    await until('the same by who closes it', async () => {
      expect(await tellOwn(place, record, { do: 'close', insist: false }, lost)).toEqual({ done: true })
      return readdirSync(place).length === 0
    })
    expect(lines()).toEqual(all)
    expect(office.told(anna).map(({ text }) => text.replace(/after .*,/, 'after …,'))).toEqual([
      'is on debian-kde-01 from term1 with kde, channel abcdef',
      'was asked by oper to let them look at the desktop of debian-kde-01 (abcdef)',
      'agreed to let oper look at the desktop of debian-kde-01 (abcdef)',
      'is alone again at the desktop of debian-kde-01 (abcdef): the channel ended, at which oper looked',
      'left debian-kde-01 (lost) after …, channel abcdef',
    ])
    rmSync(place, { recursive: true, force: true })
  })
})
