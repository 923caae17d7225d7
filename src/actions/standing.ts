import type { FrontendService } from '../fleet/frontend/frontends.ts'
import { stateText } from '../fleet/machine/conditions.ts'
import { otherAtNextStart } from '../fleet/machine/next-start.ts'
import type { Snapshot } from '../fleet/snapshot.ts'
import { joined, type Label, label, say } from '../hosts/label.ts'
import { memory } from '../text/format.ts'
import { presentOf, type Subject, type Targets } from './subjects.ts'

/** The facts of one object that actions change, by its kind. The journal keeps those before a change and those after it. */
interface Facts {
  readonly machine: {
    readonly state: Label
    readonly host: string
    readonly vcpus: number | null
    readonly memoryKiB: number | null
    /** what it gets with its next start, where that is something else */
    readonly nextStart: { readonly vcpus?: number; readonly memoryKiB?: number }
    readonly autostart: boolean
    readonly persistent: boolean
  }
  readonly host: { readonly machines: number | null }
  readonly frontend: { readonly services: readonly Pick<FrontendService, 'virtual' | 'duty' | 'weight'>[] }
  readonly service: {
    readonly count: number
    readonly reals: readonly Pick<FrontendService, 'real' | 'duty' | 'weight'>[]
  }
  readonly balancer: { readonly ldirectord: 'stopped' | 'not loaded' | 'loaded' }
}

interface Standing<T, F> {
  /** undefined: they are not known */
  readonly facts: (target: T, snapshot: Snapshot) => F | undefined
  /** in a few words, what differs from the other standing included; undefined: it has no state of its own */
  readonly words: (facts: F, other: F) => Label | undefined
}

/** Real servers of which a line of the journal keeps the weights; a service may have thousands. */
const most = 100

/** How it stands with what is acted on. A kind without its facts does not compile. */
const standings: { readonly [S in Subject]: Standing<Targets[S], Facts[S]> } = {
  machine: {
    facts: (machine) => ({
      state: stateText(machine),
      host: machine.host,
      vcpus: machine.vcpus ?? null,
      memoryKiB: machine.memoryKiB ?? null,
      nextStart: otherAtNextStart(machine),
      autostart: machine.autostart,
      persistent: machine.persistent,
    }),
    words: machineWords,
  },
  host: {
    facts: ({ machines }) => ({ machines: machines ?? null }),
    words: ({ machines }) =>
      machines === null ? undefined : say`${machines} machine${machines === 1 ? say`` : say`s`}`,
  },
  frontend: {
    facts: ({ services }) => ({
      services: services.map(({ virtual, duty, weight }) => ({ virtual, duty, weight })),
    }),
    words: frontendWords,
  },
  service: {
    facts: ({ reals }) => ({
      count: reals.length,
      reals: reals.slice(0, most).map(({ real, duty, weight }) => ({ real, duty, weight })),
    }),
    words: ({ count, reals }, other) => {
      const known = new Set(other.reals.map(realWords))
      const own = reals.map(realWords).filter((one) => !known.has(one))
      return joined([say`${count} real server${count === 1 ? say`` : say`s`}`, ...own], ', ')
    },
  },
  balancer: {
    facts: ({ name }, { balancers }) => {
      const { ldirectord } = balancers.find(({ host }) => host === name) ?? {}
      if (!ldirectord) return undefined
      return { ldirectord: !ldirectord.daemon ? 'stopped' : ldirectord.notLoaded ? 'not loaded' : 'loaded' }
    },
    words: ({ ldirectord }) =>
      ({
        stopped: say`ldirectord stopped`,
        'not loaded': say`configuration changed and not loaded`,
        loaded: say`configuration loaded`,
      })[ldirectord],
  },
}

/** How it stood with one object at a moment. */
export interface Stood {
  readonly facts: object
  /** `other`: how it stood with the same object at another moment */
  readonly words: (other?: Stood) => Label | undefined
}

/** How it stands with what is acted on; undefined: it is gone, or that is not known. */
export function standingOf(subject: Subject, target: unknown, snapshot: Snapshot): Stood | undefined {
  const now = presentOf(subject, target, snapshot)
  if (now === undefined) return undefined
  const { facts: of, words } = standings[subject] as unknown as Standing<unknown, object>
  const facts = of(now, snapshot)
  return facts && { facts, words: (other) => words(facts, other?.facts ?? facts) }
}

/** The same in words alone. */
export function stateOf(subject: Subject, target: unknown, snapshot: Snapshot): Label | undefined {
  return standingOf(subject, target, snapshot)?.words()
}

/** `running on hv1`, and of the rest what differs: `running on hv1, 2 vCPUs, 2.0G from its next start on`. */
function machineWords(facts: Facts['machine'], other: Facts['machine']): Label {
  const { state, host, vcpus, memoryKiB, nextStart, autostart, persistent } = facts
  const differs = (key: keyof Facts['machine']) => JSON.stringify(facts[key]) !== JSON.stringify(other[key])
  const sizes = (count: number | null | undefined, kib: number | null | undefined) => [
    ...(count == null ? [] : [say`${count} vCPU${count === 1 ? say`` : say`s`}`]),
    ...(kib == null ? [] : [memory(kib)]),
  ]
  const later = sizes(nextStart.vcpus, nextStart.memoryKiB).map((size) => say`${size} from its next start on`)
  return joined(
    [
      say`${state} on ${label(host)}`,
      ...sizes(differs('vcpus') ? vcpus : null, differs('memoryKiB') ? memoryKiB : null),
      ...(differs('nextStart') ? later : []),
      ...(differs('autostart')
        ? [autostart ? say`starts with its host` : say`does not start with its host`]
        : []),
      ...(differs('persistent') ? [persistent ? say`defined` : say`not defined`] : []),
    ],
    ', ',
  )
}

/** `in service, weight 4`, or where its services differ `389: in service, weight 4; 1812: maintenance, weight 0`. */
export function frontendWords({ services }: Facts['frontend']): Label | undefined {
  if (!services.length) return undefined
  const one = ({ duty, weight }: (typeof services)[number]) => say`${label(duty)}, weight ${weight}`
  const all = services.map(one)
  if (new Set(all).size === 1) return all[0]
  const port = ({ virtual }: (typeof services)[number]) => label(/:(\d+)$/.exec(virtual)?.[1] ?? virtual)
  return joined(
    services.map((service) => say`${port(service)}: ${one(service)}`),
    '; ',
  )
}

function realWords({ real, duty, weight }: Facts['service']['reals'][number]): Label {
  return say`${label(real)} ${label(duty)} with weight ${weight}`
}
