import { describe, expect, it } from 'vitest'
import { startMachine, untilOff } from '../../src/broker/start.ts'
import { say } from '../../src/hosts/label.ts'
import { machine, snapshot } from '../support/records.ts'
import { StillFleet } from '../support/still-fleet.ts'

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
