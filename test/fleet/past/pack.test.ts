import { deflateSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openDemo } from '../../../src/fleet/open-demo.ts'
import type { PastMoment } from '../../../src/fleet/past/moment.ts'
import { pack, parseMoment, textSteps, unpack } from '../../../src/fleet/past/pack.ts'
import { label, type Raw } from '../../../src/hosts/label.ts'
import { atOnce } from '../../../src/hosts/slices.ts'
import { balancer, ldirectordReading } from '../../support/balancers.ts'
import { freeze, pass, thaw } from '../../support/frozen.ts'
import { machine, snapshot } from '../../support/records.ts'

const moment = (given: Partial<PastMoment> = {}): PastMoment => {
  const { incidents: _, drills: __, ...facts } = snapshot([machine()])
  return { at: 10_500, now: 10_000, snapshot: facts, alerts: [], ...given }
}
const textOf = (one: PastMoment) => atOnce(textSteps(one))

describe('a moment of the demo', () => {
  beforeEach(() => freeze())
  afterEach(() => thaw())

  it('comes back as it was, whatever there is in it', async () => {
    const fleet = openDemo({}, { seed: 1 })
    fleet.start()
    await pass(15_000)
    const { incidents: _, drills: __, ...facts } = fleet.snapshot()
    const alerts = fleet.alerts()
    await fleet.stop()
    fleet.journal.close()
    expect(alerts.length).toBeGreaterThan(0)
    const text = textOf({ at: 1, now: 2, snapshot: facts, alerts })
    const read = parseMoment(text)
    // Numbers have fewer digits: of these the first time takes some away, and no later one.
    expect(textOf(read) === text).toBe(true)
    expect(withoutNumbers(read.snapshot)).toEqual(withoutNumbers(facts))
    expect(read.alerts).toEqual(JSON.parse(JSON.stringify(alerts)))
    expect(text).not.toMatch(/"[^"]*(passw|secret|cookie|ticket)[^"]*":/i)
    // Whole files may have secrets in them.
    expect(text).not.toContain('\\n')
  })
})

/** The same with 0 for each number, and without what is undefined or not kept, which nobody sees. */
function withoutNumbers(value: unknown): unknown {
  if (typeof value === 'number') return 0
  if (value instanceof Map) return new Map([...value].map(([key, one]) => [key, withoutNumbers(one)]))
  if (value instanceof Set) return value
  if (Array.isArray(value)) return value.map(withoutNumbers)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, one]) =>
      one === undefined || key === 'source' || key === 'rawLine' ? [] : [[key, withoutNumbers(one)]],
    ),
  )
}

describe('what somebody else has written', () => {
  const broken = (change: (text: string) => string) => () => parseMoment(change(textOf(moment())))

  it.each<[string, (text: string) => string]>([
    ['no JSON', (text) => text.slice(1)],
    ['a list', () => '[]'],
    ['null', () => 'null'],
    ['no time', (text) => text.replace('"at":10500', '"at":"now"')],
    ['no facts', (text) => text.replace('"snapshot"', '"snapshots"')],
    ['no machines', (text) => text.replace('"machines"', '"maschinen"')],
    ['a machine that is none', (text) => text.replace('"machines":[', '"machines":[7,')],
    ['a machine without a name', (text) => text.replace('"name":"web1"', '"name":7')],
    ['pools in a list', (text) => text.replace('"pools":{"$map":[]}', '"pools":[]')],
    ['times that are none', (text) => text.replace('["a",10000]', '["a","b"]')],
    ['an alert of nothing', (text) => text.replace('"alerts":[]', '"alerts":[{"id":"x"}]')],
    ['incidents', (text) => text.replace('"machines"', '"incidents":[],"machines"')],
  ])('is no moment: %s', (_, change) => {
    expect(change(textOf(moment()))).not.toBe(textOf(moment()))
    expect(broken(change)).toThrow()
  })

  it('reaches no terminal as it is', () => {
    const odd = 'web\u001b]0;x\u0007\u202e' as Raw
    const { snapshot: facts } = moment()
    const evil = { ...machine(), name: odd as never, rawName: odd, title: odd as never }
    const read = parseMoment(textOf(moment({ snapshot: { ...facts, machines: [evil] } })))
    for (const { name, rawName, title } of read.snapshot.machines)
      expect([name, rawName, title]).toEqual([label(odd), label(odd), label(odd)])
    const tree = '{"at":1,"__proto__":{"polluted":1},"snapshot":{"$map":[["__proto__",1]]}}'
    expect(() => parseMoment(tree)).toThrow()
    expect(({} as { polluted?: number }).polluted).toBeUndefined()
  })

  it('has no file of a host in it, since that may have passwords', () => {
    const source = { path: '/etc/ha.d/ldirectord.cf', text: 'passwd="hush"', addresses: new Map() }
    const read = { ...ldirectordReading('lb1'), source }
    const { snapshot: facts } = moment()
    const text = textOf(
      moment({ snapshot: { ...facts, balancers: [balancer('lb1', { ldirectord: read })] } }),
    )
    expect(text).toContain('ldirectord.cf')
    expect(text).not.toContain('hush')
    expect(parseMoment(text).snapshot.balancers).toHaveLength(1)
  })

  it('is not unpacked beyond what a fleet can be', () => {
    expect(() => unpack(deflateSync(Buffer.alloc(2 ** 27 + 1)))).toThrow()
    expect(() => unpack(Buffer.alloc(2 ** 24 + 1))).toThrow('too large')
    expect(() => unpack(Buffer.from('nothing'))).toThrow()
  })
})

it('takes a few hundred bytes of each machine as text, and much less packed', async () => {
  const machines = Array.from({ length: 5_000 }, (_, i) => machine({ name: `web${i}`, uuid: `${i}` }))
  const { snapshot: facts } = moment()
  const packed = await pack(moment({ snapshot: { ...facts, machines } }))
  expect(packed.length).toBeLessThan(200_000)
  expect(unpack(packed).snapshot.machines).toHaveLength(5_000)
})
