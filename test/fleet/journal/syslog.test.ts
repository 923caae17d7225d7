import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { FleetEvent } from '../../../src/fleet/event.ts'
import type { Entry } from '../../../src/fleet/journal/journal.ts'
import { Journal } from '../../../src/fleet/journal/journal.ts'
import { type SyslogTarget, syslogTarget } from '../../../src/fleet/journal/syslog.ts'
import { syslogMessage } from '../../../src/fleet/journal/syslog-message.ts'
import { label, say } from '../../../src/hosts/label.ts'

const origin = { hostname: 'console 1', pid: 7, cluster: label('school "A"') }
const entry: Entry & FleetEvent = {
  id: 12,
  at: Date.UTC(2026, 10, 30, 11, 51, 46, 250),
  kind: 'seen',
  severity: 'bad',
  type: 'host.lost',
  host: label('hv1'),
  about: { kind: 'host', id: 'hv1' },
  text: say`no answer in 10 s`,
}
const said = (one: Partial<Entry>) => syslogMessage({ ...entry, ...one }, origin).toString()

describe('a message of syslog', () => {
  it('is one of RFC 5424', () => {
    expect(said({})).toBe(
      '<131>1 2026-11-30T11:51:46.250Z console1 vdd 7 host.lost [vdd@32473 cluster="school \\"A\\"" entry="12" kind="seen" severity="bad" source="vdd" host="hv1" aboutKind="host" aboutId="hv1"] \u{feff}hv1: no answer in 10 s',
    )
  })

  it('tells what is known of when it happened, who did it and to what', () => {
    const { type: _, ...plain } = entry
    const all = syslogMessage(
      {
        ...plain,
        severity: 'info',
        source: 'slapd',
        uncertainty: 40,
        seenAt: entry.at + 1_000,
        name: label('x'),
        who: label('ada@c'),
      },
      origin,
    ).toString()
    expect(all).toMatch(/^<134>1 \S+ console1 vdd 7 - \[vdd@32473 /)
    expect(all).toContain(
      ' source="slapd" host="hv1" aboutKind="host" aboutId="hv1" name="x" who="ada@c" seenAt="2026-11-30T11:51:47.250Z" uncertaintySeconds="0.04"] \u{feff}hv1: x: no',
    )
  })

  it('lets nothing end its structured data', () => {
    const name = label('a"] [x y="\\')
    expect(said({ name })).toContain(' name="a\\"\\] [x y=\\"\\\\\\\\"]')
  })

  it('is cut where no receiver need take more, between characters', () => {
    for (const text of ['x'.repeat(4_000), '\u{1f600}'.repeat(1_000), `x${'\u{e9}'.repeat(2_000)}`]) {
      const message = syslogMessage({ ...entry, text: text as Entry['text'] }, origin)
      expect(message.length).toBeGreaterThan(2_044)
      expect(message.length).toBeLessThanOrEqual(2_048)
      expect(message.toString()).not.toContain('\u{fffd}')
    }
  })
})

it.each([
  ['udp:loghost:514', { by: 'udp', host: 'loghost', port: 514 }],
  ['tcp:[2001:db8::1]:601', { by: 'tcp', host: '2001:db8::1', port: 601 }],
  ['unix:/run/log.sock', { by: 'unix', path: '/run/log.sock' }],
  ['udp:loghost', undefined],
  ['udp:loghost:0', undefined],
  ['udp:loghost:70000', undefined],
  ['tcp:[1.2]:3', undefined],
  ['unix:log', undefined],
  ['/dev/log', undefined],
])('%s is a place to send to, or none', (text, target) => {
  expect(syslogTarget(text)).toEqual(target)
})

let directory: string
const journals: Journal[] = []
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'vdd-syslog-'))
})
afterEach(() => {
  for (const one of journals.splice(0)) one.close()
  rmSync(directory, { recursive: true, force: true })
})

function journal(target: SyslogTarget, file = ':memory:'): Journal {
  const one = new Journal(file, { syslog: { target, cluster: label('c') } })
  journals.push(one)
  return one
}

const happened = (text: string) => ({ ...entry, text: label(text) })

/** What is heard on a stream: the messages, what stands before their texts and these, each as long as was said before it. */
async function listening(where: { path: string } | { port: number; host: string }) {
  let heard = Buffer.alloc(0)
  const server: Server = createServer((socket) =>
    socket.on('data', (data) => {
      heard = Buffer.concat([heard, data])
    }),
  )
  server.listen(where)
  await once(server, 'listening')
  const messages = () => {
    const found: string[][] = []
    for (let rest = heard; rest.length; ) {
      const [before = '', length] = /^(\d+) /.exec(rest.toString('latin1', 0, 10)) ?? []
      const end = before.length + Number(length)
      if (!before || end > rest.length) break
      found.push(rest.toString('utf8', before.length, end).split('\u{feff}'))
      rest = rest.subarray(end)
    }
    return found
  }
  const part = (at: number) => () => messages().map((one) => one[at] ?? '')
  return { server, heads: part(0), texts: part(1) }
}

it('a datagram goes out for each entry, from the console that writes it', async () => {
  const socket = createSocket('udp4')
  const heard: string[] = []
  socket.on('message', (message) => heard.push(message.toString()))
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  const target = { by: 'udp', host: '127.0.0.1', port: socket.address().port } as const
  const file = join(directory, 'journal.db')
  const [one, other] = [journal(target, file), journal(target, file)]
  one.saw([happened('crashed'), happened('gone')], 5_000)
  other.saw([happened('crashed'), happened('back')], 5_100)
  await expect.poll(() => heard.length).toBe(3)
  expect(heard.map((text) => text.split('\u{feff}')[1]).sort()).toEqual([
    'hv1: back',
    'hv1: crashed',
    'hv1: gone',
  ])
  expect(heard[0]).toContain(
    ` ${hostname().replace(/[^!-~]/g, '')} vdd ${process.pid} host.lost [vdd@32473 cluster="c"`,
  )
  await one.sent()
  expect(one.unsent).toBeUndefined()
  socket.close()
})

it.each(['unix', 'tcp'] as const)('a stream by %s has each message with its length', async (by) => {
  const path = join(directory, 'log.sock')
  const { server, texts } = await listening(by === 'unix' ? { path } : { port: 0, host: '127.0.0.1' })
  const { port } = server.address() as AddressInfo
  const one = journal(by === 'unix' ? { by, path } : { by, host: '127.0.0.1', port })
  one.saw([happened('crashed'), happened('à la \u{1f600}')], 5_000)
  one.add({ ...happened('done'), kind: 'did' })
  await one.sent()
  await expect.poll(texts).toEqual(['hv1: crashed', 'hv1: à la \u{1f600}', 'hv1: done'])
  server.close()
})

it('what a log tells is sent, with the number of what vdd had seen of it', async () => {
  const path = join(directory, 'log.sock')
  const { server, texts, heads } = await listening({ path })
  const one = journal({ by: 'unix', path })
  const to = { inode: '7', head: 'x', headLength: 1, offset: 9, isInLine: false, written: 1 }
  one.saw([{ ...happened('offline'), type: 'node.lost', at: 5_000 }], 5_200)
  const told = (text: string, type: 'node.lost' | 'resource.started') =>
    ({ ...happened(text), type, source: 'pacemaker', raw: say`line`, at: 5_010 }) as const
  const entries = [told('offline', 'node.lost'), told('runs', 'resource.started')]
  expect(one.takeLog({ host: 'hv1', file: '/log', from: undefined, to, entries })).toBe(true)
  await expect.poll(texts).toEqual(['hv1: offline', 'hv1: offline', 'hv1: runs'])
  expect(heads().map((head) => head.match(/ (entry|instead)="\d+"/g)?.join(''))).toEqual([
    ' entry="1"',
    ' entry="2" instead="1"',
    ' entry="3"',
  ])
  server.close()
})

it('keeps nobody waiting where nobody listens, and says so', async () => {
  const one = journal({ by: 'unix', path: join(directory, 'none.sock') })
  for (let i = 0; i < 1_200; i++) one.saw([happened(`event ${i}`)], 5_000)
  await expect.poll(() => one.unsent).toMatch(/^syslog: .*none\.sock: .*ENOENT/)
  expect(one.trouble).toBeUndefined()
  expect(one.latest(2_000)).toHaveLength(1_200)
  // The end does not wait for it either.
  await one.sent()
})

it('tells once somebody listens what had to wait, and how much is lost', async () => {
  const path = join(directory, 'late.sock')
  const one = journal({ by: 'unix', path })
  one.saw(
    Array.from({ length: 1_010 }, (_, i) => happened(`event ${i}`)),
    5_000,
  )
  await expect.poll(() => one.unsent).toContain('ENOENT')
  const { server, texts } = await listening({ path })
  await expect.poll(() => texts().length).toBe(1_001)
  expect(texts()[0]).toBe('hv1: event 10')
  expect(texts().at(-1)).toBe('console: 10 messages are lost: nobody took them')
  expect(one.unsent).toBeUndefined()
  server.close()
})
