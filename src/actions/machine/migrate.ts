import type { HostRecord } from '../../fleet/host/record.ts'
import type { MachineRecord } from '../../fleet/machine/record.ts'
import { isStale, type Snapshot } from '../../fleet/snapshot.ts'
import { joined, type Label, label, say } from '../../hosts/label.ts'
import * as verbs from '../../services/libvirt/verbs.ts'
import type { Change } from '../action.ts'
import type { Choice } from '../question.ts'
import { presentOf } from '../subjects.ts'
import { gibibytes } from '../units.ts'
import { at, running, settledHere, unlessEnded } from './target.ts'

/** Why a machine cannot go to a host now; undefined: it can. */
function obstacle(
  machine: MachineRecord,
  host: HostRecord,
  snapshot: Snapshot,
  now: number,
): Label | undefined {
  if (host.name === machine.host) return say`it is there`
  if (!host.roles.includes('hypervisor')) return say`it is no hypervisor`
  if (!host.reachable) return host.trouble?.reason ?? say`not reached yet`
  if (isStale(snapshot, host.name, now)) return say`no fresh answer`
  const from = snapshot.hosts.find(({ name }) => name === machine.host)
  if (from?.driver !== host.driver) return say`another hypervisor (${label(host.driver ?? 'unknown')})`
  const [free, needs] = [roomOf(host), needOf(machine)]
  return free < needs ? say`only ${gibibytes(free)} free, it needs ${gibibytes(needs)}` : undefined
}

/** KiB; what is not known stands in nobody's way. */
function roomOf({ memoryFreeKiB }: HostRecord): number {
  return memoryFreeKiB ?? Number.POSITIVE_INFINITY
}

/** KiB; what is not known needs nothing. */
function needOf({ memoryKiB, memoryMaxKiB }: MachineRecord): number {
  return memoryKiB ?? memoryMaxKiB ?? 0
}

/** Why the machines that can go there do not fit together; undefined: they fit. */
function crowded(
  together: readonly MachineRecord[],
  host: HostRecord,
  snapshot: Snapshot,
  now: number,
): Label | undefined {
  const coming = together.filter((one) => !obstacle(one, host, snapshot, now))
  const [free, needs] = [roomOf(host), coming.reduce((sum, one) => sum + needOf(one), 0)]
  return free < needs
    ? say`only ${gibibytes(free)} free, the ${coming.length} together need ${gibibytes(needs)}`
    : undefined
}

/** The answer by which each machine gets its own target. */
const each = 'each'

/** The target of each machine by UUID: the largest first, each to the host with the most room left. A machine that fits nowhere is missing. */
function spread(together: readonly MachineRecord[], snapshot: Snapshot, now: number): Map<string, string> {
  const free = new Map(snapshot.hosts.map(({ name, memoryFreeKiB }) => [name, memoryFreeKiB ?? 0]))
  const going = new Map<string, string>()
  for (const machine of [...together].sort((a, b) => needOf(b) - needOf(a))) {
    const room = ({ name, memoryFreeKiB }: HostRecord) =>
      memoryFreeKiB === undefined || (free.get(name) ?? 0) >= needOf(machine)
    const [best] = snapshot.hosts
      .filter((host) => !obstacle(machine, host, snapshot, now) && room(host))
      .sort((a, b) => (free.get(b.name) ?? 0) - (free.get(a.name) ?? 0))
    if (!best) continue
    going.set(machine.uuid, best.name)
    free.set(best.name, (free.get(best.name) ?? 0) - needOf(machine))
  }
  return going
}

/** Facts for the choice of a target: free memory, load, number of running machines. */
function describe(host: HostRecord): Label[] {
  const memory =
    host.memoryFreeKiB === undefined ? say`memory unknown` : say`${gibibytes(host.memoryFreeKiB)} free`
  const cpu = host.cpuPercent === undefined ? say`CPU unknown` : say`CPU ${Math.round(host.cpuPercent)}%`
  return [memory, cpu, say`${host.running ?? label('?')} running`]
}

/** For several machines, a host is offered if one of them can go there and all that can fit together. */
function whyNotThere(
  together: readonly MachineRecord[],
  host: HostRecord,
  snapshot: Snapshot,
  now: number,
): Label | undefined {
  const reasons = together.map((one) => obstacle(one, host, snapshot, now))
  return reasons.every((one) => one) ? reasons[0] : crowded(together, host, snapshot, now)
}

function eachOnItsOwn(together: readonly MachineRecord[], snapshot: Snapshot, now: number): Choice {
  const going = [...spread(together, snapshot, now).values()]
  const counts = [...Map.groupBy(going, (host) => host)].map(
    ([host, all]) => say`${all.length} to ${label(host)}`,
  )
  return {
    value: each,
    title: say`each to the host with the most room`,
    ...(counts.length ? { note: joined(counts, ', ') } : { disabled: say`none has room for one of them` }),
  }
}

function targets(
  _machine: MachineRecord,
  snapshot: Snapshot,
  now: number,
  _answers: unknown,
  together: readonly MachineRecord[],
): Choice[] {
  const isElsewhere = ({ name }: HostRecord) => together.some((one) => one.host !== name)
  const possible = snapshot.hosts.filter((host) => host.roles.includes('hypervisor') && isElsewhere(host))
  const hosts = possible.map((host) => {
    const disabled = whyNotThere(together, host, snapshot, now)
    const can = together.filter((one) => !obstacle(one, host, snapshot, now)).length
    return {
      value: host.name,
      title: label(host.name),
      note: [...describe(host), ...(can < together.length ? [say`${can} of ${together.length} can go`] : [])],
      ...(disabled ? { disabled } : {}),
    }
  })
  return together.length > 1 ? [...hosts, eachOnItsOwn(together, snapshot, now)] : hosts
}

/** Debian's Xen is built without shadow paging, so a PV guest cannot be moved live (docs/internals/xen.md, "Migration"). */
function movable(machine: MachineRecord): true | Label {
  if (machine.osType === 'linux' || machine.osType === 'xen')
    return say`a Xen PV guest cannot be moved live by this Xen`
  return running(machine) ? true : say`it is ${label(machine.state)}`
}

/** The storage of the plan: `shared` as it is, `copy` the disks, `unsafe` shared although libvirt cannot see it. */
const storage = ['shared', 'copy', 'unsafe'] as const

/** Live migration: the source's virsh moves the machine to another host. */
export const migrate: Change<MachineRecord> = {
  kind: 'change',
  subject: 'machine',
  group: 'migration',
  verb: 'migrate',
  key: 'm',
  title: 'Migrate',
  help: 'Moves a running machine to another host without stopping it.',
  risk: 'disruptive',
  hits: 'stumbles',
  // Not checked, two processes could write one disk.
  riskWith: ({ storage }) => (storage === 'unsafe' ? 'destructive' : 'disruptive'),
  patience: 30,
  endedBy: ['migrate', 'abort', 'off'],
  available: (machine, context) => {
    const can = settledHere(machine, context)
    if (can !== true) return can
    const isOther = ({ name, roles }: HostRecord) => name !== machine.host && roles.includes('hypervisor')
    if (!context.snapshot.hosts.some(isOther)) return say`there is no other hypervisor`
    return movable(machine)
  },
  asks: [
    {
      id: 'to',
      text: say`To which host?`,
      value: 'HOST|each',
      names: 'host',
      needed: true,
      choices: targets,
      default: roomiest,
      wrong: (value, _machine, { hosts }) =>
        value === each || hosts.some(({ name }) => name === value)
          ? undefined
          : say`no host ${label(value)} in the configuration`,
      refuses: (value, machine, snapshot, now, _answers, together) => {
        const host = snapshot.hosts.find(({ name }) => name === value)
        if (host) return obstacle(machine, host, snapshot, now) ?? crowded(together, host, snapshot, now)
        // The question accepts it if any machine can go; the plan tells who is left out.
        const going = spread(together, snapshot, now)
        return going.has(machine.uuid) ? undefined : say`no host has room for it`
      },
    },
    {
      id: 'storage',
      text: say`Its disks`,
      value: storage.join('|'),
      when: (machine) => machine.hasDisks !== false,
      choices: () => [
        {
          value: 'shared',
          title: say`are shared`,
          note: say`both hosts see them; libvirt refuses if it cannot tell`,
        },
        {
          value: 'copy',
          title: say`copy them too`,
          note: say`--copy-storage-all; takes longer the larger the disks are`,
        },
        {
          value: 'unsafe',
          title: say`are shared, do not check`,
          note: say`--unsafe; data is lost if they are not`,
        },
      ],
      default: 'shared',
      wrong: (value) =>
        (storage as readonly string[]).includes(value) ? undefined : say`one of ${label(storage.join(', '))}`,
    },
  ],
  resolve: (machine, answers, snapshot, now, together) => {
    const to = answers.to === each ? spread(together, snapshot, now).get(machine.uuid) : undefined
    return to === undefined || snapshot.hosts.some(({ name }) => name === each) ? answers : { ...answers, to }
  },
  plan: (machine, { to = '', storage = 'shared' }, context) => [
    verbs.migrate(at(machine, context), {
      to: context.fleet.migrationUri(to),
      persistent: machine.persistent,
      copyStorage: storage === 'copy',
      unsafe: storage === 'unsafe',
    }),
  ],
  settled: (machine, { to }, snapshot) => {
    const now = presentOf('machine', machine, snapshot)
    // A paused machine arrives paused; during the migration every machine is paused on the target.
    return (now && now.host === to && running(now) && now.reason !== 'migrating') || undefined
  },
  // Its source has to have let it go, else it runs twice.
  objection: unlessEnded,
  undo: ({ host }, { storage = 'shared' }) => ({
    verb: 'migrate',
    answers: { to: host, storage },
    meanwhile: { verb: 'abort', answers: {} },
  }),
  next: (_machine, answers, failure) =>
    /Unsafe migration/.test(failure)
      ? {
          verb: 'migrate',
          answers: { ...answers, storage: 'unsafe' },
          text: say`libvirt cannot see that its disks are shared. Move it nevertheless (--unsafe)? If they are not shared, data is lost.`,
        }
      : undefined,
}

function roomiest(machine: MachineRecord, snapshot: Snapshot, now: number): string | undefined {
  const possible = snapshot.hosts.filter((host) => !obstacle(machine, host, snapshot, now))
  return possible.sort((a, b) => (b.memoryFreeKiB ?? 0) - (a.memoryFreeKiB ?? 0))[0]?.name
}
