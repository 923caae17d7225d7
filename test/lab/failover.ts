import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { expect } from 'vitest'
import { openFleet } from '../../src/cli/open.ts'
import type { Fleet } from '../../src/fleet/fleet.ts'
import type { Incident } from '../../src/fleet/incident/record.ts'
import { until } from '../support/until.ts'
import type { Lab } from './lab.ts'

/**
 * Milliseconds by which something may be seen late, a wide bound. A host without power says nothing: its cluster misses it after token and consensus, and
 * vdd, which asks each node once a second, hears of that.
 */
const late = 15_000
/** Milliseconds by which two consoles may differ in how long a step took. */
const alike = 200

/** Two hosts of which one has an address. */
interface Pair {
  readonly hosts: readonly [string, string]
  readonly address: string
}

const incidents = (fleet: Fleet, { hosts }: Pair) =>
  fleet.snapshot().incidents.filter(({ entries }) => entries.some(({ host }) => hosts.includes(host)))

/** How long the steps of an incident took, from its first sign, as far as they were before anything was back. */
const durations = ({ fault, detected, acted, settled }: Incident) =>
  [detected, acted, settled].map((phase) => phase && phase.at - fault.at)

/** For the one who looks why two of them differ. */
const story = (one: Incident) =>
  [
    durations(one).join(', '),
    ...one.entries.map(
      ({ at, host, type, text, raw }) => `${at - one.fault.at} ${host} ${type} ${text} [${raw ?? 'seen'}]`,
    ),
  ].join('\n')

async function end(fleet: Fleet): Promise<void> {
  await fleet.stop()
  fleet.journal.close()
}

/** They have told this console of their cluster: of what is new to it, it does not say where it was before. */
export async function areRead(fleet: Fleet, hosts: readonly string[]): Promise<void> {
  const isRead = (host: string) =>
    fleet.snapshot().clusters.some((one) => one.host === host && one.reading && !one.trouble)
  await until(`an answer of ${hosts}`, () => hosts.every(isRead))
}

/** Cuts the power of the one that has the address while a console watches. */
export async function cutPower(lab: Lab, fleet: Fleet, pair: Pair) {
  const { hosts, address } = pair
  const has = async (host: string) => (await lab.on(host, 'ip', '-o', 'addr')).includes(` ${address}/`)
  const holder = await until('one alone that has the address', async () => {
    const [first, second] = [await has(hosts[0]), await has(hosts[1])]
    return first !== second && (first ? hosts[0] : hosts[1])
  })
  const other = holder === hosts[0] ? hosts[1] : hosts[0]
  await areRead(fleet, hosts)
  await until('calm', () => incidents(fleet, pair).every(({ open }) => !open.length))
  const before = new Set(incidents(fleet, pair).map(({ id }) => id))
  const mine = () => incidents(fleet, pair).filter(({ id }) => !before.has(id))
  const script = `until ip -o addr | grep -qF ' ${address}/'; do sleep 0.02; done; date +%s.%N`
  const taken = lab.on(other, 'sh', '-c', script)
  const pid = Number.parseInt(readFileSync(join(lab.directory, 'ha/run', holder, 'init.pid'), 'utf8'), 10)
  const cutAt = Date.now()
  process.kill(pid, 'SIGKILL')
  const takenAt = Number(await taken) * 1000
  const open = await until('the take-over', () => mine().find(({ acted }) => acted))
  const seenAt = Date.now()
  expect(open.times).toBe(1)
  expect(mine()).toHaveLength(1)
  expect(open.open.length).toBeGreaterThan(0)
  expect(fleet.alerts().map(({ about }) => about)).toContainEqual({ kind: 'incident', id: open.id })
  expect(Math.abs(open.fault.at - cutAt)).toBeLessThan(late)
  expect(Math.abs((open.acted?.at ?? 0) - takenAt)).toBeLessThan(late)
  process.stdout.write(
    `${holder} cut: first sign ${open.fault.at - cutAt} ms later, the address on ${other} after ${Math.round(takenAt - cutAt)} ms, told as ${(open.acted?.at ?? 0) - cutAt}, seen after ${seenAt - cutAt}\n`,
  )
  return { holder, other, id: open.id, takenAt }
}

/** Boots it again, and holds what the console that watched made of it against what others make of it that come afterwards. */
export async function powerAgain(
  lab: Lab,
  fleet: Fleet,
  pair: Pair,
  { holder, id }: { readonly holder: string; readonly id: string },
): Promise<Incident> {
  await lab.run('power', holder, 'off')
  await lab.run('power', holder, 'on')
  // It is called by its first entry, and that is another one where a log tells better, or of something before.
  const isIt = ({ entries }: Incident) => entries.some((one) => [one.id, one.instead].includes(Number(id)))
  const found = (one: Fleet) => incidents(one, pair).find(isIt)
  await until('the end', () => found(fleet)?.restored)
  const later = await openFleet({ config: join(lab.directory, 'fleet.yaml') }, false)
  try {
    // What logs tell of it comes a little later.
    await until('the same incident', () => isDeepStrictEqual(found(fleet), found(later)))
  } finally {
    await end(later)
  }
  return found(fleet) as Incident
}

/** A console with a journal of its own that was not there comes to the same durations, by the logs alone. */
export async function isToldByLogs(lab: Lab, pair: Pair, over: Incident): Promise<void> {
  const alone = await lab.fleet()
  try {
    const wanted = durations(over)
    await until(`what the logs alone tell, as\n${story(over)}\n`, () => {
      const [one, ...more] = incidents(alone, pair).filter(
        ({ fault }) => Math.abs(fault.at - over.fault.at) < late,
      )
      const told = one ? durations(one) : []
      const isAlike = wanted.every((ms, i) => Math.abs((ms ?? 0) - (told[i] ?? 0)) <= alike)
      if (!one || more.length || !isAlike)
        throw new Error([one, ...more].map((each) => each && story(each)).join('\n'))
      return true
    })
  } finally {
    await end(alone)
  }
}
