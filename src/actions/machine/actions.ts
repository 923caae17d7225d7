import type { MachineRecord } from '../../fleet/machine/record.ts'
import { joined, type Label, label, say } from '../../hosts/label.ts'
import { isActive } from '../../services/libvirt/states.ts'
import * as verbs from '../../services/libvirt/verbs.ts'
import type { Change, Context, Look, MachineAction } from '../action.ts'
import { presentOf } from '../subjects.ts'
import { migrate } from './migrate.ts'
import { byItsOwner } from './owned.ts'
import { onItsHost } from './place.ts'
import { setResources } from './resources.ts'
import { at, reachable, running, settledHere, unlessEnded, unlessGone } from './target.ts'

function when(
  test: (machine: MachineRecord) => true | Label,
): (machine: MachineRecord, context: Context) => true | Label {
  return (machine, context) => {
    const can = settledHere(machine, context)
    return can === true ? test(machine) : can
  }
}

const isRunning = when((m) => (running(m) ? true : say`it is ${label(m.state)}`))
const isOff = when((m) => (running(m) ? say`it is ${label(m.state)}` : true))

function becomes(
  ...states: readonly (MachineRecord['state'] | 'gone')[]
): NonNullable<Change<MachineRecord>['settled']> {
  return (machine, _answers, snapshot) => {
    const now = presentOf('machine', machine, snapshot)
    return states.includes(now ? now.state : 'gone') || undefined
  }
}

type Simple = Pick<Change<MachineRecord>, 'verb' | 'title' | 'help' | 'risk' | 'available'> &
  Partial<Change<MachineRecord>>

/** A change of a machine that is one command without questions. */
function simple(
  command: (on: verbs.DomainTarget) => ReturnType<typeof verbs.start>,
  rest: Simple,
): Change<MachineRecord> {
  return {
    kind: 'change',
    subject: 'machine',
    group: 'power',
    asks: [],
    patience: 60,
    plan: (machine, _answers, context) => [command(at(machine, context))],
    ...rest,
  }
}

const orForceOff: Change<MachineRecord>['next'] = () => ({
  verb: 'off',
  answers: {},
  text: say`The guest has not reacted. Force it off?`,
})

/** A transient machine vanishes when it is off, and the memory of its guest is lost. */
const startAgain: Change<MachineRecord>['undo'] = ({ persistent }) =>
  persistent ? { verb: 'start', answers: {} } : undefined

/** It was last seen running, and nobody can say whether it still does. */
function runsElsewhere({ mayRunOn }: MachineRecord): Label | undefined {
  return mayRunOn?.length
    ? say`it ran on ${label(mayRunOn.join(' and '))} when that last answered, and may still: run twice, its disks are destroyed`
    : undefined
}

/** Hypervisors that do not tell what runs on them. */
const unheard: NonNullable<Change<MachineRecord>['warns']> = (machine, _answers, { hosts, seenAt }) => {
  const silent = hosts.filter(
    ({ name, roles }) => name !== machine.host && roles.includes('hypervisor') && !seenAt.has(name),
  )
  return silent.length
    ? [
        say`${joined(
          silent.map(({ name }) => label(name)),
          ', ',
        )}: no answer yet; whether it runs there is not known`,
      ]
    : []
}

const changes: readonly Change<MachineRecord>[] = [
  simple(verbs.start, {
    verb: 'start',
    key: 's',
    title: 'Start',
    help: 'Starts a machine that is off.',
    risk: 'disruptive',
    available: isOff,
    settled: becomes('running', 'idle'),
    riskWith: (_answers, machine) => (runsElsewhere(machine) ? 'destructive' : 'disruptive'),
    insists: (machine) => runsElsewhere(machine),
    warns: unheard,
    patience: 120,
    endedBy: ['shutdown', 'off'],
    undo: () => ({ verb: 'shutdown', answers: {} }),
  }),
  simple(verbs.shutdown, {
    verb: 'shutdown',
    key: 'd',
    title: 'Shut down',
    help: 'Asks the guest to shut down, and waits until it is off.',
    risk: 'disruptive',
    hits: 'ends',
    available: isRunning,
    settled: becomes('shut off', 'crashed', 'gone'),
    objection: unlessEnded,
    patience: 120,
    endedBy: ['start'],
    next: orForceOff,
    undo: startAgain,
  }),
  simple(verbs.reboot, {
    verb: 'reboot',
    key: 'b',
    title: 'Reboot',
    help: 'Asks the guest to reboot.',
    risk: 'disruptive',
    hits: 'ends',
    available: isRunning,
  }),
  simple(verbs.reset, {
    verb: 'reset',
    title: 'Reset',
    help: 'Resets the machine as by its button; the guest is not asked.',
    risk: 'destructive',
    hits: 'ends',
    available: isRunning,
  }),
  simple(verbs.off, {
    verb: 'off',
    key: 'K',
    title: 'Force off',
    help: 'Ends the machine at once, as by pulling its plug.',
    risk: 'destructive',
    hits: 'ends',
    available: when((m) =>
      isActive(m.state === 'migrating' ? 'running' : m.state) ? true : say`it is ${label(m.state)}`,
    ),
    settled: becomes('shut off', 'crashed', 'gone'),
    objection: unlessEnded,
    endedBy: ['start'],
    undo: startAgain,
  }),
  simple(verbs.pause, {
    verb: 'pause',
    key: 'p',
    title: 'Pause',
    help: 'Stops the CPUs of the machine; its memory stays.',
    risk: 'disruptive',
    hits: 'stumbles',
    available: when((m) =>
      m.state === 'running' || m.state === 'idle' ? true : say`it is ${label(m.state)}`,
    ),
    settled: becomes('paused'),
    endedBy: ['resume', 'shutdown', 'off'],
    undo: () => ({ verb: 'resume', answers: {} }),
  }),
  simple(verbs.resume, {
    verb: 'resume',
    key: 'r',
    title: 'Resume',
    help: 'Lets a paused machine run again.',
    risk: 'disruptive',
    available: when((m) =>
      m.state === 'paused' || m.state === 'pmsuspended' ? true : say`it is ${label(m.state)}, not paused`,
    ),
    settled: becomes('running', 'idle'),
    endedBy: ['pause', 'shutdown', 'off'],
    undo: ({ state }) => (state === 'paused' ? { verb: 'pause', answers: {} } : undefined),
  }),
  migrate,
  {
    ...simple(verbs.abortJob, {
      verb: 'abort',
      key: 'A',
      title: 'Abort',
      help: 'Aborts the migration of a machine; it stays where it was.',
      risk: 'disruptive',
      available: (machine, context) => {
        const can = reachable(machine, context)
        return can !== true || machine.migration || machine.job ? can : say`nothing is under way with it`
      },
      settled: (machine, _answers, snapshot) => {
        const now = presentOf('machine', machine, snapshot)
        return (!now?.migration && !now?.job) || undefined
      },
    }),
    group: 'migration',
  },
  {
    ...simple(verbs.undefine, {
      verb: 'undefine',
      title: 'Undefine',
      help: 'Makes the host forget the machine. Its disks stay.',
      risk: 'destructive',
      available: isOff,
      settled: (machine, _answers, snapshot) =>
        !presentOf('machine', machine, snapshot)?.persistent || undefined,
      objection: unlessGone,
    }),
    group: 'definition',
  },
  {
    kind: 'change',
    subject: 'machine',
    group: 'definition',
    verb: 'autostart',
    key: 'a',
    title: 'Autostart',
    help: 'Sets whether the machine is started with its host.',
    risk: 'disruptive',
    patience: 30,
    available: when((m) => (m.persistent ? true : say`it is transient: it has no definition`)),
    asks: [
      {
        id: 'autostart',
        text: say`Start with the host?`,
        value: 'on|off',
        needed: true,
        choices: () => [
          { value: 'on', title: say`on` },
          { value: 'off', title: say`off` },
        ],
        default: (machine) => (machine.autostart ? 'off' : 'on'),
        wrong: (value) => (value === 'on' || value === 'off' ? undefined : say`on or off`),
      },
    ],
    endedBy: ['autostart'],
    plan: (machine, answers, context) => {
      const on = answers.autostart === 'on'
      return machine.autostart === on ? [] : [verbs.autostart(at(machine, context), on)]
    },
    settled: (machine, answers, snapshot) =>
      presentOf('machine', machine, snapshot)?.autostart === (answers.autostart === 'on') || undefined,
    undo: (machine, { autostart }) =>
      machine.autostart === (autostart === 'on')
        ? undefined
        : { verb: 'autostart', answers: { autostart: machine.autostart ? 'on' : 'off' } },
  },
  setResources,
]

const looks: readonly Look<MachineRecord>[] = [
  {
    kind: 'look',
    shows: 'console',
    subject: 'machine',
    group: 'look',
    verb: 'console',
    key: 'c',
    title: 'Console',
    help: 'Gives the terminal to the serial console of the machine; ^] comes back.',
    risk: 'disruptive',
    available: isRunning,
  },
  {
    kind: 'look',
    shows: 'details',
    subject: 'machine',
    group: 'look',
    verb: 'show',
    key: 'return',
    title: 'Details',
    help: 'Shows all that is known of a machine.',
    risk: 'safe',
    available: () => true,
  },
  {
    kind: 'look',
    shows: 'xml',
    subject: 'machine',
    group: 'look',
    verb: 'xml',
    key: 'x',
    title: 'XML',
    help: 'Shows the definition of a machine as libvirt has it.',
    risk: 'safe',
    available: () => true,
  },
]

/** In the order of the footer, which has room for the first ones. */
const order = ['abort', 'start', 'shutdown', 'resume', 'migrate', 'console', 'show', 'reboot', 'pause', 'off']

function rank({ verb }: MachineAction): number {
  const at = order.indexOf(verb)
  return at < 0 ? order.length : at
}

export const machineActions: readonly MachineAction[] = [
  ...changes.map(byItsOwner).map(onItsHost),
  ...looks,
].sort((a, b) => rank(a) - rank(b))
