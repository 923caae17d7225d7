import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { presentOf } from '../../src/actions/subjects.ts'
import { loadShareOf } from '../../src/fleet/balancer/balance.ts'
import { Balancers } from '../../src/fleet/balancer/balancers.ts'
import { Directories } from '../../src/fleet/directory/directories.ts'
import type { FleetEvent } from '../../src/fleet/event.ts'
import { Journal } from '../../src/fleet/journal/journal.ts'
import { balancedBy } from '../../src/fleet/service/virtual-services.ts'
import { HostError } from '../../src/hosts/host.ts'
import { say } from '../../src/hosts/label.ts'
import { parseCsns } from '../../src/services/ldap/parse.ts'
import type { LvsReading } from '../../src/services/lvs/facts.ts'
import { balancer, ldirectordReading, lvsReading } from '../support/balancers.ts'
import { uuid } from '../support/facts.ts'
import { bound, growth, more } from '../support/growth.ts'
import { machine, snapshot } from '../support/records.ts'

let directory: string
const journals: Journal[] = []
const open = (journal: Journal): Journal => {
  journals.push(journal)
  return journal
}
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'vdd-growth-'))
})
afterEach(() => {
  for (const one of journals.splice(0)) one.close()
  vi.restoreAllMocks()
  rmSync(directory, { recursive: true, force: true })
})

/** A table of one service with so many real servers. */
function table(reals: number): LvsReading {
  const reading = lvsReading('lb1', 'loaded')
  const service = reading.services.find(({ reals }) => reals.some(({ active }) => active))
  const [real] = service?.reals ?? []
  if (!service || !real) throw new Error('no real server was recorded')
  const all = Array.from({ length: reals }, (_, i) => ({ ...real, id: `10.9.${i >> 8}.${i & 255}:389` }))
  return { ...reading, services: [{ ...service, reals: all }] }
}

/** Asks for the shares of all real servers of a service, as their table does, with a reading that is new each time. */
function shares(reals: number): () => void {
  const lvs = table(reals)
  const one = balancer('lb1', { lvs })
  const all = balancedBy([one], () => undefined).frontends.flatMap(({ services }) => services)
  return () => {
    const balancers = [{ ...one, lvs: { ...lvs } }]
    const found = all.filter((real) => loadShareOf(real, balancers))
    expect(found).toHaveLength(reals)
  }
}

/** The files of maintenance are others at each look. */
function maintenance(files: number): () => void {
  const balancers = new Balancers(['lb1'])
  const readings = ['10.8', '10.9'].map((net) => {
    const names = Array.from({ length: files }, (_, i) => `${net}.${i >> 8}.${i & 255}`)
    return ldirectordReading('lb1', { maintenance: names })
  })
  return () => {
    for (const reading of readings) balancers.state(reading)
  }
}

/** So many lines of ldirectord's log, each of another real server. */
function lines(reals: number): () => void {
  const balancers = new Balancers(['lb1'])
  const all = Array.from({ length: reals }, (_, i) => `10.9.${i >> 8}.${i & 255}:389`)
  return () => {
    for (const real of all)
      balancers.did('lb1', { at: 1, kind: 'quiescent', virtual: '10.9.0.100:389', real })
    expect(balancers.records[0]?.lastDid.size).toBe(reals)
  }
}

/** One console sees what another has just told. */
function twice(events: number): () => void {
  const clock = vi.spyOn(Date, 'now')
  const [one, other] = [1, 2].map((session) => {
    clock.mockReturnValueOnce(session)
    return open(new Journal(join(directory, `${events}.db`)))
  })
  const all = Array.from({ length: events }, (_, i): FleetEvent => {
    const host = `hv${i}`
    return { about: { kind: 'host', id: host }, host, severity: 'info', text: say`answers again` }
  })
  one?.saw(all, 1000)
  return () => {
    other?.saw(all, 1100)
    expect(one?.latest(events + 1)).toHaveLength(events)
  }
}

/** Looks for each of many machines in a snapshot that is new each time, as a change of all of them does. */
function presence(machines: number): () => void {
  const all = Array.from({ length: machines }, (_, i) => machine({ uuid: uuid(i), name: `web${i}` }))
  return () => {
    const shown = snapshot(all)
    expect(all.every((one) => presentOf('machine', one, shown) === one)).toBe(true)
  }
}

/** So many replicas answer for the first time, then fall silent together. */
function replicas(count: number): () => void {
  const names = Array.from({ length: count }, (_, i) => `fe${i}`)
  const answer = { ok: true, ms: 1 } as const
  const { csns } = parseCsns(['20261122120000.000000Z#000000#000#000000'])
  return () => {
    const directories = new Directories([
      { name: 'ldap1', roles: ['directory'] },
      ...names.map((name) => ({ name, roles: ['frontend' as const] })),
    ])
    for (const host of ['ldap1', ...names]) {
      const fresh = { ...answer, triedAt: 1_000 }
      directories.reading({ host, at: 1_000, base: 'dc=example', check: answer, fresh, csns })
    }
    for (const host of names) directories.failed(host, new HostError('timeout', host, say`no answer`), 2_000)
  }
}

it.each([
  ['the shares of the real servers of a service', shares, 1500],
  ['maintenance of many front ends', maintenance, 1000],
  ['what ldirectord did with many front ends', lines, 125],
  ['what two consoles see at once', twice, 250],
  ['replicas that answer, and fall silent', replicas, 250],
  ['whether each of many machines is still there', presence, 1000],
] as const)('%s takes no longer than there are', (_, make, few) => {
  expect(growth(make(few), make(more * few))).toBeLessThan(bound)
})
