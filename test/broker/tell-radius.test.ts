import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { bounds, tellRadius } from '../../src/broker/tell-radius.ts'
import type { DeskBook } from '../../src/fleet/journal/desk-book.ts'
import { endings, endSilent, silentAfter, writeLater } from '../../src/fleet/journal/sessions.ts'
import { beginTelling, countUntold, untoldSessions } from '../../src/fleet/journal/sessions-told.ts'
import { types } from '../../src/services/radius/attributes.ts'
import { openRequest } from '../../src/services/radius/packet.ts'
import { AccountingSite, annas, begin, brunos, secret } from './support/accounting.ts'

const minute = 60_000
const at = 1_796_000_000_000
const { signal } = new AbortController()

let site: AccountingSite
let book: DeskBook
beforeEach(() => {
  site = new AccountingSite()
  book = site.book()
})
afterEach(() => site.close())

type Server = Awaited<ReturnType<AccountingSite['server']>>
const run = (...servers: readonly Server[]) =>
  tellRadius({ book, servers: servers.map(({ config }) => config), signal })
const said = ({ heard }: Server) => heard.map(({ status, id }) => `${status} ${id}`)

describe('what is told of sessions to RADIUS servers', () => {
  it('is each line once, oldest first, and that one is still there only where nothing later is known', async () => {
    const server = await site.server()
    const anna = begin(book, annas, at)
    writeLater(book.db, anna, 'alive', at + 5 * minute)
    const bruno = begin(book, brunos, at + 6 * minute)
    writeLater(book.db, anna, 'alive', at + 10 * minute)
    writeLater(book.db, bruno, 'alive', at + 11 * minute)
    writeLater(book.db, bruno, 'end', at + 12 * minute, 'ended')
    expect(countUntold(book.db)).toBe(4)
    expect(await run(server)).toEqual({ told: 4, left: 0 })
    expect(said(server)).toEqual([
      `start aaaaaa-${at}`,
      `start bbbbbb-${at + 6 * minute}`,
      `interim aaaaaa-${at}`,
      `stop bbbbbb-${at + 6 * minute}`,
    ])
    expect(await run(server)).toEqual({ told: 0, left: 0 })
    expect(server.heard).toHaveLength(4)
    writeLater(book.db, anna, 'end', at + 13 * minute, 'closed')
    expect([...untoldSessions(book.db)]).toEqual([anna.id])
    expect(await run(server)).toEqual({ told: 1, left: 0 })
    expect(said(server)[4]).toBe(`stop aaaaaa-${at}`)
  })

  it('has a Stop of what was silent for too long, once, as of when it was last heard', async () => {
    const server = await site.server()
    const anna = begin(book, annas, at)
    writeLater(book.db, anna, 'alive', at + 5 * minute)
    for (let i = 1; i < 3; i++) {
      endSilent(book.db, at + 5 * minute + silentAfter + i)
      await run(server)
    }
    expect(said(server)).toEqual([`start aaaaaa-${at}`, `stop aaaaaa-${at}`])
    const { attributes } = openRequest(server.fake.requests[1] as Buffer, secret)
    const number = (type: number) => attributes.find((one) => one.type === type)?.value.readUInt32BE()
    expect(number(types.acctSessionTime)).toBe(300)
    // Lost Carrier: RFC 2866, 5.10
    expect(number(types.acctTerminateCause)).toBe(2)
  })

  it('has with each end why it was, so that a bill can tell who left from who was cut off', async () => {
    // RFC 2866, 5.10: User Request, Lost Carrier, Service Unavailable
    const causes = { closed: 1, ended: 1, lost: 2, 'terminal-lost': 2, silent: 2, refused: 15 }
    const server = await site.server()
    for (const [i, how] of endings.entries())
      writeLater(book.db, begin(book, { ...annas, channel: `aaaaa${i}` }, at + i), 'end', at + minute, how)
    await run(server)
    const told = server.fake.requests.flatMap((request) => {
      const { attributes } = openRequest(request, secret)
      return attributes.find((one) => one.type === types.acctTerminateCause)?.value.readUInt32BE() ?? []
    })
    expect(told).toEqual(endings.map((how) => causes[how]))
  })

  it('goes again where the answer was lost, and is marked when one comes', async () => {
    const server = await site.server((_, count) => (count === 1 ? undefined : secret))
    begin(book, annas, at)
    expect(await run(server)).toEqual({ told: 1, left: 0 })
    expect(said(server)).toEqual([`start aaaaaa-${at}`, `start aaaaaa-${at}`])
    // The same packet, which the server may know again.
    expect(server.fake.requests[0]).toEqual(server.fake.requests[1])
  })

  it('is kept while nobody answers who knows the secret, and told with the same id', async () => {
    let key: string | undefined = 'another secret'
    const server = await site.server(() => key)
    begin(book, annas, at)
    const port = server.config.port
    expect(await run(server)).toEqual({
      told: 0,
      left: 1,
      trouble: `127.0.0.1 port ${port}: answers, but with a wrong authenticator (is the shared secret the right one? 2 of 2 answers)`,
    })
    key = undefined
    expect(await run(server)).toMatchObject({ told: 0, left: 1, trouble: /no answer in 2 s/ })
    key = secret
    expect(await run(server)).toEqual({ told: 1, left: 0 })
    expect(new Set(said(server))).toEqual(new Set([`start aaaaaa-${at}`]))
  })

  it('is told to the next server where one does not answer, and then to that one first', async () => {
    const first = await site.server(() => undefined)
    const second = await site.server()
    begin(book, annas, at)
    begin(book, brunos, at)
    expect(await run(first, second)).toMatchObject({ told: 2, left: 0 })
    expect(new Set(said(first)).size).toBe(1)
    expect(said(second)).toHaveLength(2)
  })

  it('is not held up by a line that no server takes, but what the same person did later waits', async () => {
    let isFussy = true
    const server = await site.server(({ user }) => (isFussy && user === 'anna' ? undefined : secret))
    const anna = begin(book, annas, at)
    writeLater(book.db, begin(book, brunos, at), 'end', at + minute)
    writeLater(book.db, anna, 'end', at + minute)
    expect(await run(server)).toMatchObject({ told: 2, left: 2 })
    expect(server.heard.filter(({ user, status }) => user === 'anna' && status === 'stop')).toEqual([])
    isFussy = false
    const before = server.heard.length
    expect(await run(server)).toMatchObject({ told: 2, left: 0 })
    expect(said(server).slice(before)).toEqual([`start aaaaaa-${at}`, `stop aaaaaa-${at}`])
  })

  it('is told by one broker at a time', async () => {
    const server = await site.server()
    for (let i = 0; i < 20; i++) begin(book, annas, at + i)
    const brokers = Array.from({ length: 5 }, () => site.book())
    const all = await Promise.all(
      brokers.map((one) => tellRadius({ book: one, servers: [server.config], signal })),
    )
    expect(all.map(({ told }) => told).sort()).toEqual([0, 0, 0, 0, 20])
    expect(new Set(said(server)).size).toBe(20)
    expect(server.heard).toHaveLength(20)
  })

  it('is bounded in number and in time', async () => {
    const server = await site.server()
    book.transaction(() => {
      for (let i = 0; i <= bounds.lines; i++) begin(book, annas, at + i)
    })
    const ended = AbortSignal.abort()
    expect(await tellRadius({ book, servers: [server.config], signal: ended })).toEqual({
      told: 0,
      left: bounds.lines + 1,
    })
    // A busy machine may not come to all of them in the time.
    const { told, left } = await run(server)
    expect(told).toBeGreaterThan(0)
    expect(told).toBeLessThanOrEqual(bounds.lines)
    expect([left, server.heard.length]).toEqual([bounds.lines + 1 - told, told])
  })

  it('is nothing where the secret cannot be read, which is said', async () => {
    const { config } = await site.server()
    begin(book, annas, at)
    const servers = [{ ...config, secretFile: `${site.path}/none` }]
    expect(await tellRadius({ book, servers, signal })).toEqual({
      told: 0,
      left: 1,
      trouble: `${site.path}/none: no such file (name the right file in the configuration)`,
    })
  })

  it('is told again with the same id by the next one, where one was killed before it was marked', async () => {
    let isDeaf = true
    const server = await site.server(() => (isDeaf ? undefined : secret))
    begin(book, annas, at)
    const module = (path: string) => JSON.stringify(resolve('src', path))
    const source = `
      const { tellRadius } = await import(${module('broker/tell-radius.ts')})
      const { DeskBook } = await import(${module('fleet/journal/desk-book.ts')})
      const book = new DeskBook(${JSON.stringify(site.file)})
      await tellRadius({ book, servers: [${JSON.stringify(server.config)}], signal: new AbortController().signal })`
    const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', source], {
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    await server.fake.heard(1)
    child.kill('SIGKILL')
    await once(child, 'exit')
    isDeaf = false
    // It holds the others up no longer than it might have taken.
    const later = () => Date.now() + bounds.time
    expect(await tellRadius({ book, servers: [server.config], signal, now: later })).toEqual({
      told: 1,
      left: 0,
    })
    expect(new Set(said(server))).toEqual(new Set([`start aaaaaa-${at}`]))
  })
})

describe('the journal', () => {
  const entries = () =>
    book.db.prepare("SELECT severity, text FROM entry WHERE host = 'desk' ORDER BY id").all()

  it('has once that nobody takes it, and once that somebody does again', async () => {
    let key: string | undefined
    const server = await site.server(() => key)
    expect(await run(server)).toEqual({ told: 0, left: 0 })
    for (const one of [annas, brunos]) {
      begin(book, one, at)
      await run(server)
    }
    const ended = new AbortController()
    ended.abort()
    await tellRadius({ book, servers: [server.config], signal: ended.signal })
    const silence = {
      severity: 'warning',
      text: expect.stringMatching(
        /^no RADIUS server takes the accounting of sessions: .*no answer in 2 s .*; it is kept, and told when one does$/,
      ),
    }
    expect(entries()).toEqual([silence])
    key = secret
    await run(server)
    begin(book, { ...annas, channel: 'cccccc' }, at)
    await run(server)
    expect(entries()).toEqual([
      silence,
      {
        severity: 'info',
        text: expect.stringMatching(/^the RADIUS servers have been told of all sessions again, after \d/),
      },
    ])
  })
})

describe('the marks of what was told', () => {
  it('are never changed and never lost', async () => {
    begin(book, annas, at)
    await run(await site.server())
    expect(() => book.db.exec('UPDATE desk_told SET at = 5')).toThrow('nothing in it is changed')
    expect(() => book.db.exec('DELETE FROM desk_told')).toThrow('nothing in it is taken away')
  })

  it('come into a journal of before there were any', () => {
    begin(book, annas, at)
    book.db.exec(
      'DROP TABLE desk_look; DROP TABLE desk_sight; DROP TABLE desk_told; DROP TABLE desk_telling; DROP TABLE desk_silence',
    )
    expect(countUntold(site.book().db)).toBe(1)
  })

  it('do not wait for ever for somebody whose clock was set back', () => {
    const claim = (now: number) => book.transaction(() => beginTelling(book.db, now, 1_000))
    expect(claim(5_000)).toBe(6_000)
    expect(claim(5_999)).toBeUndefined()
    expect(claim(4_999)).toBe(5_999)
    expect(claim(5_999)).toBe(6_999)
  })
})
