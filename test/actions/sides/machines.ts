import { expect } from 'vitest'
import type { HostRecord } from '../../../src/fleet/host/record.ts'
import { label } from '../../../src/hosts/label.ts'
import { host, machine, snapshot } from '../../support/records.ts'
import type { Case, Sides, Table } from './side.ts'

type Given = Parameters<typeof machine>[0]

interface World {
  readonly hosts?: readonly HostRecord[]
  readonly answers?: Case['answers']
  /** hosts that never answered */
  readonly unheard?: readonly string[]
  /** what it has become; default: it is as it was; null: it is gone */
  readonly now?: Given | null
  readonly is?: unknown
}

/** A machine on a, in a world with the hosts a and b. */
function on(
  what: string,
  given: Given = {},
  { hosts, answers, unheard = [], now, ...rest }: World = {},
): Case {
  const target = machine(given)
  const there = now === null ? [] : [machine({ ...given, ...now })]
  const shown = snapshot(there, hosts)
  const seenAt = new Map([...shown.seenAt].filter(([name]) => !unheard.includes(name)))
  return { what, target, snapshot: { ...shown, seenAt }, ...(answers ? { answers } : {}), ...rest }
}

const off = { state: 'shut off', reason: label('shutdown') } as const
const paused = { state: 'paused', reason: label('user') } as const
const crashed = { state: 'crashed', reason: label('crashed') } as const
const migrating = { state: 'migrating', migration: { from: 'a', to: 'b' } } as const
const silent = [host('a', { reachable: false }), host('b')]

const whereSilent = (of: Given = {}) =>
  on('while its host does not answer', of, { hosts: silent, is: 'a does not answer' })
const whereForeign = (of: Given = {}) =>
  on(
    'for one that libvirt does not know',
    { ...of, foreign: true },
    { is: expect.stringContaining('use xl on a') },
  )

const ofRunning: Sides = {
  holds: [on('while it runs'), on('while it idles', { state: 'idle' }), on('while it is paused', paused)],
  not: [
    on('while it is off', off, { is: 'it is shut off' }),
    on('when it crashed', crashed, { is: 'it is crashed' }),
    on('while it migrates', migrating, { is: 'it is migrating to b' }),
    whereSilent(),
    whereForeign(),
  ],
}

const ofOff: Sides = {
  holds: [on('while it is off', off), on('when it crashed', crashed)],
  not: [
    on('while it runs', {}, { is: 'it is running' }),
    on('while it is paused', paused, { is: 'it is paused' }),
    whereSilent(off),
  ],
}

const isEnded: Sides = {
  holds: [
    on('when it is off', {}, { now: off }),
    on('when its process died', {}, { now: crashed }),
    on('when it is gone, since it was transient', { persistent: false }, { now: null }),
  ],
  not: [on('while it runs'), on('while it shuts down', {}, { now: { state: 'in shutdown' } })],
}

const startedAgain: Sides = {
  holds: [on('where it has a definition', {}, { is: { verb: 'start', answers: {} } })],
  not: [on('where it had none: it is gone', { persistent: false })],
}

const runsElsewhere = { ...off, mayRunOn: ['b'] }

/** What changes the definition of a machine that stays where it is. */
const ofDefined: Sides = {
  holds: [on('while it runs'), on('while it is off', off)],
  not: [
    on('where it has no definition', { persistent: false }, { is: 'it is transient: it has no definition' }),
    on('while it migrates', migrating, { is: 'it is migrating to b' }),
    whereSilent(),
  ],
}

export const machineSides: Table = {
  start: {
    available: ofOff,
    settled: {
      holds: [
        on('when it runs', off, { now: { state: 'running' } }),
        on('when it idles', off, { now: { state: 'idle' } }),
      ],
      not: [
        on('while it is off', off),
        on('while it is paused: it does nothing', off, { now: paused }),
        on('when it is gone', off, { now: null }),
      ],
    },
    undo: {
      holds: [on('always', off, { is: { verb: 'shutdown', answers: {} } })],
      not: 'never',
    },
    warns: {
      holds: [
        on('while it is not known what runs on another hypervisor', off, {
          unheard: ['b'],
          is: ['b: no answer yet; whether it runs there is not known'],
        }),
      ],
      not: [
        on('when all have answered', off),
        on('while only its own host has not', off, { unheard: ['a'] }),
        on('while a balancer has not', off, {
          hosts: [host('a'), host('lb1', { roles: ['balancer'] })],
          unheard: ['lb1'],
        }),
      ],
    },
    insists: {
      holds: [
        on('where it may run on a host that is silent', runsElsewhere, {
          is: expect.stringContaining('it ran on b'),
        }),
      ],
      not: [on('where it runs nowhere', off), on('where that is known', { ...off, mayRunOn: [] })],
    },
    riskWith: {
      holds: [on('where it may run on a host that is silent', runsElsewhere)],
      not: [on('where it runs nowhere', off, { is: 'disruptive' })],
    },
  },
  shutdown: { available: ofRunning, settled: isEnded, undo: startedAgain },
  reboot: { available: ofRunning },
  reset: { available: ofRunning },
  off: {
    available: {
      ...ofRunning,
      holds: [...ofRunning.holds, on('while it shuts down', { state: 'in shutdown' })],
    },
    settled: isEnded,
    undo: startedAgain,
  },
  pause: {
    available: {
      holds: [on('while it runs'), on('while it idles', { state: 'idle' })],
      not: [
        on('while it is paused', paused, { is: 'it is paused' }),
        on('while it is off', off, { is: 'it is shut off' }),
        whereSilent(),
      ],
    },
    settled: {
      holds: [on('when it is paused', {}, { now: paused })],
      not: [
        on('while it runs'),
        on('when it is off', {}, { now: off }),
        on('when it is gone', {}, { now: null }),
      ],
    },
    undo: { holds: [on('always', {}, { is: { verb: 'resume', answers: {} } })], not: 'never' },
  },
  resume: {
    available: {
      holds: [on('while it is paused', paused), on('while it sleeps', { state: 'pmsuspended' })],
      not: [
        on('while it runs', {}, { is: 'it is running, not paused' }),
        on('while it is off', off, { is: 'it is shut off, not paused' }),
        whereSilent(paused),
      ],
    },
    settled: {
      holds: [
        on('when it runs', paused, { now: { state: 'running' } }),
        on('when it idles', paused, { now: { state: 'idle' } }),
      ],
      not: [on('while it is paused', paused), on('when it is off', paused, { now: off })],
    },
    undo: {
      holds: [on('of one that was paused', paused, { is: { verb: 'pause', answers: {} } })],
      not: [on('of one that slept: that nobody but its guest can do', { state: 'pmsuspended' })],
    },
  },
  migrate: {
    available: {
      holds: [
        on('while it runs'),
        on('while it is paused', paused),
        on('on a full Xen guest', { osType: label('hvm') }),
      ],
      not: [
        on('while it is off', off, { is: 'it is shut off' }),
        on('while it migrates', migrating, { is: 'it is migrating to b' }),
        on(
          'on a Xen PV guest',
          { osType: label('linux') },
          { is: expect.stringContaining('cannot be moved live') },
        ),
        on(
          'on one that is called xen',
          { osType: label('xen') },
          { is: expect.stringContaining('cannot be moved live') },
        ),
        on(
          'where no other host is a hypervisor',
          {},
          {
            hosts: [host('a'), host('b', { roles: ['balancer'] })],
            is: 'there is no other hypervisor',
          },
        ),
        whereSilent(),
      ],
    },
    settled: {
      holds: [
        on('when it runs on the target', {}, { answers: { to: 'b' }, now: { host: 'b' } }),
        on('when it has arrived paused, as it was', paused, { answers: { to: 'b' }, now: { host: 'b' } }),
      ],
      not: [
        on('while it runs where it was', {}, { answers: { to: 'b' } }),
        on('when it is on a third host', {}, { answers: { to: 'b' }, now: { host: 'c' } }),
        on(
          'while it waits there for its memory',
          {},
          {
            answers: { to: 'b' },
            now: { host: 'b', state: 'paused', reason: label('migrating') },
          },
        ),
        on('when it is off there', {}, { answers: { to: 'b' }, now: { host: 'b', ...off } }),
        on('when it is gone', {}, { answers: { to: 'b' }, now: null }),
      ],
    },
    undo: {
      holds: [
        on(
          'always: back, or ended while it runs',
          {},
          {
            answers: { to: 'b', storage: 'copy' },
            is: {
              verb: 'migrate',
              answers: { to: 'a', storage: 'copy' },
              meanwhile: { verb: 'abort', answers: {} },
            },
          },
        ),
      ],
      not: 'never',
    },
    riskWith: {
      holds: [on('where nobody checks that its disks are shared', {}, { answers: { storage: 'unsafe' } })],
      not: [
        on('where they are', {}, { answers: { storage: 'shared' }, is: 'disruptive' }),
        on('where they are copied', {}, { answers: { storage: 'copy' }, is: 'disruptive' }),
      ],
    },
  },
  abort: {
    available: {
      holds: [on('while it migrates', migrating), on('while something is done to it', { job: {} as never })],
      not: [
        on('while nothing is', {}, { is: 'nothing is under way with it' }),
        on('while its host does not answer', migrating, { hosts: silent, is: 'a does not answer' }),
      ],
    },
    settled: {
      holds: [
        on('when it does not migrate any more', migrating, {
          now: { state: 'running', migration: undefined as never },
        }),
        on('when it is gone', migrating, { now: null }),
      ],
      not: [
        on('while it migrates', migrating),
        on('while its host has a job for it', migrating, {
          now: { state: 'running', migration: undefined as never, job: {} as never },
        }),
      ],
    },
  },
  undefine: {
    available: ofOff,
    settled: {
      holds: [
        on('when it is gone', off, { now: null }),
        on('when it has no definition', off, { now: { persistent: false } }),
      ],
      not: [on('while it has one', off)],
    },
  },
  autostart: {
    available: ofDefined,
    settled: {
      holds: [
        on('when it is on', {}, { answers: { autostart: 'on' }, now: { autostart: true } }),
        on(
          'when it is off',
          { autostart: true },
          { answers: { autostart: 'off' }, now: { autostart: false } },
        ),
      ],
      not: [
        on('while it is off', {}, { answers: { autostart: 'on' } }),
        on('while it is on', { autostart: true }, { answers: { autostart: 'off' } }),
        on('when it is gone', {}, { answers: { autostart: 'off' }, now: null }),
      ],
    },
    undo: {
      holds: [
        on(
          'where it was off',
          {},
          {
            answers: { autostart: 'on' },
            is: { verb: 'autostart', answers: { autostart: 'off' } },
          },
        ),
        on(
          'where it was on',
          { autostart: true },
          {
            answers: { autostart: 'off' },
            is: { verb: 'autostart', answers: { autostart: 'on' } },
          },
        ),
      ],
      not: [
        on('where it was so', { autostart: true }, { answers: { autostart: 'on' } }),
        on('where it was not so either', {}, { answers: { autostart: 'off' } }),
      ],
    },
  },
  set: {
    available: ofDefined,
    settled: {
      holds: [
        on('when it has so many', {}, { answers: { vcpus: '3' }, now: { vcpus: 3 } }),
        on(
          'when what runs and what is defined have them',
          {},
          {
            answers: { memory: '2G' },
            now: { memoryKiB: 2 ** 21, nextStart: { memoryKiB: 2 ** 21 } },
          },
        ),
        on(
          'when it is above the maximum, and defined',
          {},
          {
            answers: { vcpus: '8' },
            now: { nextStart: { vcpus: 8 } },
          },
        ),
        on('when one that is off has it', off, { answers: { vcpus: '8' }, now: { vcpus: 8 } }),
      ],
      not: [
        on('while it has fewer', {}, { answers: { vcpus: '3' } }),
        on(
          'while it is defined otherwise',
          {},
          {
            answers: { vcpus: '3' },
            now: { vcpus: 3, nextStart: { vcpus: 2 } },
          },
        ),
        on('while one that is off has fewer, whatever its maximum', off, { answers: { vcpus: '8' } }),
        on('while one of both lacks', {}, { answers: { vcpus: '3', memory: '2G' }, now: { vcpus: 3 } }),
        on('when it is gone', {}, { answers: { vcpus: '3' }, now: null }),
      ],
    },
    undo: {
      holds: [
        on(
          'where it is defined as it runs',
          {},
          {
            is: { verb: 'set', answers: { vcpus: '2', memory: '1024M' } },
          },
        ),
      ],
      not: [
        on('where it is defined otherwise', { nextStart: { vcpus: 4, memoryKiB: 2 ** 20 } }),
        on('where it is not known what it had', { memoryKiB: undefined as never }),
      ],
    },
    warns: {
      holds: [
        on(
          'of more CPUs than its host has',
          {},
          {
            answers: { vcpus: '9' },
            is: ['a has 8 CPUs: 9 vCPUs are more'],
          },
        ),
        on(
          'of more memory',
          {},
          { answers: { memory: '65G' }, is: [expect.stringContaining('65.0 GiB are more')] },
        ),
        on(
          'of less than its guest uses',
          { memoryUsedKiB: 2 ** 19 },
          {
            answers: { memory: '256M' },
            is: [expect.stringContaining('it lacks memory')],
          },
        ),
      ],
      not: [
        on('of what there is', { memoryUsedKiB: 2 ** 19 }, { answers: { vcpus: '8', memory: '512M' } }),
        on('of what stays as it is', { vcpus: 9 }, { answers: { vcpus: 'keep', memory: 'keep' } }),
      ],
    },
    remark: {
      holds: [
        on('of more vCPUs than its maximum', {}, { answers: { vcpus: '5' } }),
        on('of more memory than its maximum', {}, { answers: { memory: '3G' } }),
      ],
      not: [
        on('up to its maximum', {}, { answers: { vcpus: '4', memory: '2G' } }),
        on('of one that is off', off, { answers: { vcpus: '5' } }),
      ],
    },
  },
}
