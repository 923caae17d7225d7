import { describe, expect, it } from 'vitest'
import { standingsOf, stateOf } from '../../src/broker/choose.ts'
import { haveAnswered } from '../../src/broker/door.ts'
import { startMachine, startStanding, untilOff } from '../../src/broker/start.ts'
import { say } from '../../src/hosts/label.ts'
import { ownedWorld } from '../support/clusters.ts'
import { machine, snapshot } from '../support/records.ts'
import { StillFleet } from '../support/still-fleet.ts'
import { systemOf } from './support/systems.ts'

const off = machine({ state: 'shut off' })
const who = say`anna (desk)`

/** What was run on host `a`. */
const ran = (fleet: StillFleet) => fleet.hosts.get('a')?.ran.map(({ argv }) => argv.join(' ')) ?? []

describe('a machine that is started for a person', () => {
  it('is started by the command of the table of actions, and seen to run', async () => {
    const fleet = new StillFleet(snapshot([off]))
    const a = fleet.hosts.get('a')
    if (a)
      a.answer = () => {
        fleet.show(snapshot([machine({ state: 'running' })]))
        return {}
      }
    expect(await startMachine(off, fleet, { who })).toBeUndefined()
    expect(ran(fleet)).toEqual([expect.stringMatching(/ virsh -c qemu:\/\/\/system start /)])
    expect(fleet.journal.latest(2).map((entry) => entry.who)).toEqual([who, who])
  })

  it('is not started where an operator would have to insist: it may run where nobody answers', async () => {
    const doubtful = machine({ state: 'shut off', mayRunOn: ['b'] })
    const fleet = new StillFleet(snapshot([doubtful]))
    const gone = AbortSignal.abort()
    expect(await startMachine(doubtful, fleet, { who, signal: gone })).toMatch(/its disks are destroyed$/)
    expect(ran(fleet)).toEqual([])
  })

  it('is not started where nothing may be changed', async () => {
    const fleet = new StillFleet(snapshot([off]), { readOnly: true })
    expect(await startMachine(off, fleet, { who, signal: AbortSignal.abort() })).toBe(
      'this console is read-only',
    )
    expect(ran(fleet)).toEqual([])
  })

  it('is had, too, where somebody else has started it meanwhile', async () => {
    const fleet = new StillFleet(snapshot([machine({ state: 'running' })]))
    expect(await startMachine(off, fleet, { who })).toBeUndefined()
    expect(ran(fleet)).toEqual([])
  })
})

describe('a machine that a cluster runs', () => {
  const stopped = { state: 'shut off', resource: 'managed="true" target_role="Stopped"' } as const
  const bookings = { people: new Map(), shunned: new Set<string>() }
  const system = systemOf('office', ['mail1'])
  const started =
    '/usr/sbin/crm_resource --resource vm-mail1 --meta --set-parameter target-role --parameter-value Started'
  /** Its cluster alone knows it while it is off, for it defines it nowhere. */
  const unlisted = (given: Parameters<typeof ownedWorld>[0]) => ({ ...ownedWorld(given), machines: [] })
  const standing = (fleet: StillFleet) => standingsOf(system, fleet.snapshot(), fleet.now(), bookings, 1001)

  it.each([
    ['though a hypervisor has it, too', ownedWorld(stopped)],
    ['whose hypervisors know nothing of it', unlisted(stopped)],
  ])('is started by that, %s', async (_what, world) => {
    const own = { ...world, machines: world.machines.filter(({ host }) => host !== 'hv9') }
    const fleet = new StillFleet(own)
    for (const host of fleet.hosts.values())
      host.answer = () => {
        fleet.show(ownedWorld())
        return {}
      }
    const all = standing(fleet)
    expect(stateOf(all, system)).toBe('starts')
    const [one] = all
    expect(one && (await startStanding(one, fleet, { who }))).toBeUndefined()
    const commands = [...fleet.hosts.values()].flatMap(({ ran }) => ran.map(({ argv }) => argv.join(' ')))
    expect(commands).toEqual([started])
    expect(fleet.journal.latest(1)[0]?.who).toBe(who)
  })

  it('is left to it while it wants to start it itself, or nobody tells', async () => {
    const wanted = { state: 'shut off' } as const
    const fleet = new StillFleet(ownedWorld(wanted))
    const [mail1] = ownedWorld(wanted).machines
    const start = async (world: ReturnType<typeof ownedWorld>) => {
      fleet.show(world)
      return mail1 && (await startMachine(mail1, fleet, { who, signal: AbortSignal.abort() }))
    }
    expect(await start(ownedWorld(wanted))).toMatch(/^its cluster wants it started already/)
    const silent = ownedWorld().clusters.map(({ host, manager }) => ({ host, manager }))
    expect(haveAnswered({ ...ownedWorld(), clusters: silent })).toBeUndefined()
    expect(await start({ ...ownedWorld(wanted), clusters: silent })).toBe(
      'whether a cluster runs it is not known: ha1 does not tell',
    )
    expect([...fleet.hosts.values()].flatMap(({ ran }) => ran)).toEqual([])
    fleet.show(unlisted(wanted))
    expect(stateOf(standing(fleet), system)).toBe('none')
    fleet.show(unlisted({}))
    expect(stateOf(standing(fleet), system)).toBe('unknown')
  })
})

describe('a machine whose sshd is waited for', () => {
  const shows = (fleet: StillFleet, ...states: ('running' | 'shut off')[]) => {
    for (const state of states) fleet.show(snapshot([machine({ state })]))
  }

  it('is told as off when it is, and stays so', async () => {
    const fleet = new StillFleet(snapshot([machine({ state: 'running' })]))
    const told = untilOff(off, fleet, new AbortController().signal, 1)
    shows(fleet, 'shut off')
    await told
  })

  it('is not, where it goes on elsewhere or nobody waits any more', async () => {
    const fleet = new StillFleet(snapshot([machine({ state: 'running' })]))
    const waiting = new AbortController()
    const told = untilOff(off, fleet, waiting.signal, 60_000)
    shows(fleet, 'shut off')
    await Promise.resolve()
    shows(fleet, 'running')
    waiting.abort(new Error('enough'))
    await expect(told).rejects.toThrow('enough')
  })
})
