import { describe, expect, it } from 'vitest'
import type { Change } from '../../../src/actions/action.ts'
import {
  setResources,
  sizeWarnings,
  wrongCount,
  wrongMemory,
} from '../../../src/actions/machine/resources.ts'
import { prepare } from '../../../src/actions/prepare.ts'
import type { Answers } from '../../../src/actions/question.ts'
import { run } from '../../../src/actions/run.ts'
import { actionsOf } from '../../../src/actions/table.ts'
import type { HostRecord } from '../../../src/fleet/host/record.ts'
import type { MachineRecord } from '../../../src/fleet/machine/record.ts'
import { say } from '../../../src/hosts/label.ts'
import { machineColumns } from '../../../src/views/machine/columns.ts'
import { machineFacts } from '../../../src/views/machine/facts.ts'
import { host, machine, snapshot } from '../../support/records.ts'
import { StillFleet } from '../../support/still-fleet.ts'

const MiB = 1024
const GiB = 2 ** 20
const who = say`ada@console`
/** What runs with 32 MiB, and would get 4 MiB at its next start. */
const halved = machine({
  memoryKiB: 32 * MiB,
  memoryMaxKiB: 32 * MiB,
  nextStart: { vcpus: 2, vcpusMax: 4, memoryKiB: 4 * MiB, memoryMaxKiB: 32 * MiB },
})

function prepared(of: MachineRecord, answers: Answers, hosts = [host('a')]) {
  const fleet = new StillFleet(snapshot([of], hosts))
  return { fleet, made: prepare(setResources, of, answers, fleet) }
}

function plan(of: MachineRecord, answers: Answers) {
  const { made } = prepared(of, answers)
  return 'refused' in made ? made.refused : made.steps.map(({ argv }) => argv.slice(-4).join(' '))
}

describe('a size', () => {
  it.each(['4', '2048', '1.5'])('of %s has no unit, and is asked back', (memory) => {
    expect(plan(machine(), { memory })).toBe(`Memory: ${memory}M or ${memory}G?`)
  })

  it.each([
    [' 2048 ', '2048M or 2048G?'],
    ['1.25', '1.25M or 1.25G?'],
    ['x4', 'a size such as 512M or 2G, at least 4M'],
    ['4x', 'a size such as 512M or 2G, at least 4M'],
    ['3M', 'a size such as 512M or 2G, at least 4M'],
    ['4M', undefined],
  ])('%j of memory is judged', (value, why) => {
    expect(wrongMemory(value)).toBe(why)
  })

  it.each([
    ['1', true],
    ['512', true],
    ['513', false],
    ['0', false],
    ['1.5', false],
    ['x', false],
  ])('of %s vCPUs is one: %s', (value, isOne) => {
    expect(wrongCount(value) === undefined).toBe(isOne)
  })

  it('is warned of only as far as it is known, and of its own host', () => {
    const hosts = [host('b', { cpus: 1, memoryKiB: 1 }), host('a', { cpus: 8, memoryKiB: 64 * GiB })]
    const all = { ...snapshot([]), hosts }
    const warned = (on: string, size: Parameters<typeof sizeWarnings>[1], used?: number) =>
      sizeWarnings(on, size, all, used).length
    expect(warned('a', { vcpus: 8, memoryKiB: 64 * GiB }, 64 * GiB)).toBe(0)
    expect(warned('a', { vcpus: 9, memoryKiB: 64 * GiB + 1 }, 65 * GiB)).toBe(3)
    expect(warned('b', { vcpus: 2, memoryKiB: 2 })).toBe(2)
    expect(warned('c', { vcpus: 99, memoryKiB: 99 * GiB })).toBe(0)
    expect(warned('a', {}, GiB)).toBe(0)
    expect(warned('a', { vcpus: undefined, memoryKiB: undefined }, 0)).toBe(0)
    const { cpus: _, memoryKiB: __, ...bare } = host('a')
    expect(sizeWarnings('a', { vcpus: 99, memoryKiB: 99 * GiB }, { ...all, hosts: [bare] })).toEqual([])
  })

  const warnings = (of: MachineRecord, answers: Answers) => {
    const { made } = prepared(of, answers, [host('a', { cpus: 8, memoryKiB: 64 * GiB })])
    return 'refused' in made ? made.refused : made.warnings
  }

  it('that is more than the host has is warned of', () => {
    expect(warnings(machine(), { vcpus: '400' })).toEqual(['a has 8 CPUs: 400 vCPUs are more'])
    expect(warnings(machine(), { memory: '100T' })).toEqual([
      'a has 64.0 GiB of memory: 102400.0 GiB are more',
    ])
    expect(warnings(machine(), { vcpus: '8', memory: '64G' })).toEqual([])
  })

  it('that is less than its guest uses is warned of', () => {
    const used = machine({ memoryUsedKiB: 700 * MiB })
    expect(warnings(used, { memory: '512M' })).toEqual([
      'its guest uses 700 MiB now: with 512 MiB it lacks memory',
    ])
    expect(warnings(used, { memory: '700M' })).toEqual([])
  })

  it('of a new machine is warned of too', () => {
    const create = actionsOf.host.find(({ verb }) => verb === 'create') as Change<HostRecord>
    const on = host('a', { cpus: 8 })
    const made = prepare(create, on, { name: 'x', vcpus: '9' }, new StillFleet(snapshot([], [on])))
    expect('warnings' in made && made.warnings).toEqual(['a has 8 CPUs: 9 vCPUs are more'])
  })
})

describe('what is asked of a size', () => {
  const [vcpus, memory] = setResources.asks
  const proposal = (question: typeof vcpus, of: MachineRecord) =>
    typeof question?.default === 'function' ? question.default(of, snapshot([of]), 0, {}) : undefined

  it('proposes what it has, nothing where that is not known, and to keep what differs', () => {
    expect([proposal(vcpus, machine()), proposal(memory, machine())]).toEqual(['2', '1024M'])
    expect([proposal(vcpus, halved), proposal(memory, halved)]).toEqual(['2', 'keep'])
    const { vcpus: _, memoryKiB: __, ...bare } = machine()
    expect([proposal(vcpus, bare), proposal(memory, bare)]).toEqual([undefined, undefined])
    expect(proposal(vcpus, machine({ nextStart: { vcpus: 4 } }))).toBe('keep')
  })

  it('changes nothing by keeping it', () => {
    expect(plan(halved, { vcpus: 'keep', memory: 'keep' })).toBe('nothing would change')
    expect(plan(machine(), { vcpus: 'keep', memory: 'kept' })).toBe(
      'Memory: a size such as 512M or 2G, at least 4M',
    )
  })

  it('of a machine without a definition is refused, and of one with something under way', () => {
    expect(plan(machine({ persistent: false }), { vcpus: '3' })).toBe('it is transient: it has no definition')
    expect(plan(machine(), { vcpus: '3' })).toHaveLength(2)
  })
})

describe('a machine that is defined otherwise than it runs', () => {
  it('is made as it runs by the same size again', () => {
    expect(plan(halved, { memory: '32M' })).toEqual([expect.stringMatching(/^setmem \S+ 32768KiB --config$/)])
  })

  it('is made as it is defined by that', () => {
    expect(plan(halved, { memory: '4M' })).toEqual([expect.stringMatching(/^setmem \S+ 4096KiB --live$/)])
  })

  it('is left as it is where only something else is changed', () => {
    expect(plan(halved, { vcpus: '3' })).toEqual([
      expect.stringMatching(/^setvcpus \S+ 3 --live$/),
      expect.stringMatching(/^setvcpus \S+ 3 --config$/),
    ])
    expect(plan(halved, {})).toBe('nothing would change')
  })

  it('shows what it has from its next start on, in the list and in its details', () => {
    const shown = snapshot([halved])
    const cell = (id: string, of: MachineRecord) =>
      machineColumns(shown, 10_000)
        .find((column) => column.id === id)
        ?.cell(of)
    expect(cell('memory', halved)).toEqual(['32M>4M', 'warning'])
    expect(cell('vcpus', { ...halved, nextStart: { vcpus: 4 } })).toEqual(['2>4', 'warning'])
    expect(cell('vcpus', halved)).toBe('2')
    const fact = (of: MachineRecord) =>
      machineFacts(of, shown, 10_000).find(([name]) => name === 'Next start')
    expect(fact(halved)?.[1]).toBe('4M of memory, not 32M')
    expect(fact(machine({ nextStart: { vcpus: 2, memoryKiB: GiB } }))).toBeUndefined()
  })

  it('has no undo: one answer cannot say both', () => {
    expect(setResources.undo?.(halved, { memory: '32M' }, snapshot([halved]))).toBeUndefined()
    expect(setResources.undo?.(machine(), { memory: '2G' }, snapshot([]))).toEqual({
      verb: 'set',
      answers: { vcpus: '2', memory: '1024M' },
    })
  })
})

describe('a change of the size', () => {
  const settled = (answers: Answers, now: Partial<MachineRecord>) =>
    setResources.settled?.(machine(), answers, snapshot([machine(now as object)]), 0) ?? false

  it('is done when what runs and what is defined have it', () => {
    expect(settled({ vcpus: '3' }, { vcpus: 3 })).toBe(true)
    expect(settled({ vcpus: '3' }, { vcpus: 3, nextStart: { vcpus: 3 } })).toBe(true)
    expect(settled({ vcpus: '3' }, { vcpus: 3, nextStart: { vcpus: 2 } })).toBe(false)
    expect(settled({ vcpus: '3' }, { vcpus: 2, nextStart: { vcpus: 3 } })).toBe(false)
    expect(settled({ vcpus: '8' }, { vcpus: 2, nextStart: { vcpus: 8 } })).toBe(true)
    expect(settled({ memory: '2G' }, { memoryKiB: 2 * GiB })).toBe(true)
    expect(settled({ memory: '2G' }, { memoryKiB: GiB })).toBe(false)
  })

  it('says where it comes with the next start alone', () => {
    const remark = (answers: Answers) => setResources.remark?.(machine(), answers, snapshot([machine()]))
    expect(remark({ vcpus: '8' })).toBe('what exceeds its present maximum takes effect at its next start')
    expect(remark({ memory: '4G' })).toBe('what exceeds its present maximum takes effect at its next start')
    expect(remark({ vcpus: '4', memory: '2G' })).toBeUndefined()
  })

  it('has done nothing where the running machine refuses', async () => {
    const { fleet, made } = prepared(machine(), { memory: '4M' })
    if ('refused' in made) throw new Error(made.refused)
    const a = fleet.hosts.get('a')
    if (a) a.answer = (argv) => (argv.includes('--live') ? { code: 1, stderr: 'error: no balloon' } : {})
    expect(await run(made, fleet, { who })).toEqual({
      isNothing: true,
      kind: 'failed',
      text: 'a: no balloon',
      advice: '',
    })
    expect(a?.ran).toHaveLength(1)
  })

  it('says which half is in force where one failed, and offers to put it back', async () => {
    const { fleet, made } = prepared(machine(), { memory: '2G' })
    if ('refused' in made) throw new Error(made.refused)
    const a = fleet.hosts.get('a')
    if (a) a.answer = (argv) => (argv.includes('--config') ? { code: 1, stderr: 'error: disk full' } : {})
    expect(await run(made, fleet, { who })).toMatchObject({
      kind: 'failed',
      text: 'a: disk full; done before: 2048 MiB now on a; not done: 2048 MiB from its next start',
      next: { verb: 'set', answers: { vcpus: '2', memory: '1024M' } },
    })
  })
})
