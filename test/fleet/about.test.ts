import { describe, expect, it } from 'vitest'
import { demoFleet } from '../../src/demo/fleet.ts'
import { Fleet } from '../../src/fleet/fleet.ts'
import { Journal } from '../../src/fleet/journal/journal.ts'
import type { Facts } from '../../src/fleet/snapshot.ts'
import { label } from '../../src/hosts/label.ts'

/** A fleet of the demo, and whom it has asked: hosts, and their servers as `ldap fe1`. */
function watched(about?: readonly (keyof Facts)[]) {
  const asked = new Set<string>()
  const heard = <T extends object>(what: T, name: string): T =>
    new Proxy(what, {
      get(target, key) {
        const found = Reflect.get(target, key, target) as unknown
        if (typeof found !== 'function') return found
        return (...args: unknown[]) => {
          if (key !== 'close') asked.add(name)
          return Reflect.apply(found, target, args)
        }
      },
    })
  const members = demoFleet().members.map((one) => ({
    ...one,
    host: heard(one.host, one.config.name),
    ...(one.ldap ? { ldap: heard(one.ldap, `ldap ${one.config.name}`) } : {}),
    ...(one.radius ? { radius: heard(one.radius, `radius ${one.config.name}`) } : {}),
  }))
  const fleet = new Fleet({
    cluster: label('demo'),
    demo: true,
    readOnly: false,
    members,
    journal: new Journal(':memory:'),
    interval: 50,
    notifyEvery: 1,
    ...(about ? { about } : {}),
  })
  return { fleet, asked }
}

const hypervisors = ['hv1', 'hv2', 'hv3']
const others = ['lb1', 'lb2', 'ldap1', 'ds1', 'fe1', 'fe2', 'fe3']
/** What hosts tell beside how they are. */
const besides: readonly (keyof Facts)[] = ['services', 'displays']

describe('a fleet that is to know some facts only', () => {
  it.each<[about: readonly (keyof Facts)[], names: readonly string[]]>([
    [['machines'], hypervisors],
    [['pools'], hypervisors],
    [['hosts'], [...hypervisors, ...others]],
    [['services'], ['lb1', 'lb2']],
    [['displays'], ['ds1']],
    [['radius'], ['radius fe1', 'radius fe2', 'radius fe3']],
    [
      ['directories', 'machines'],
      [...hypervisors, ...['ldap1', 'fe1', 'fe2', 'fe3'].map((name) => `ldap ${name}`)],
    ],
  ])('asks for %j none but %j', async (about, names) => {
    const { fleet, asked } = watched(about)
    fleet.start()
    await expect.poll(() => [...asked].sort()).toEqual([...names].sort())
    const isAsked = [...hypervisors, ...others].filter((name) => fleet.isAsked(name))
    await fleet.until(
      ({ seenAt }) => isAsked.every((name) => seenAt.has(name)) || undefined,
      AbortSignal.timeout(60_000),
    )
    await fleet.stop()
    expect([...asked].sort()).toEqual([...names].sort())
    const isBesides = about.some((facts) => besides.includes(facts))
    expect(isAsked).toEqual(names.filter((name) => !name.includes(' ') && !isBesides))
  })

  it('asks everybody where nothing is named', async () => {
    const { fleet, asked } = watched()
    fleet.start()
    await expect.poll(() => asked.size).toBe(hypervisors.length + others.length + 4 + 3)
    await fleet.stop()
  })
})
