import { drillSentence, drillText } from '../../fleet/drill/words.ts'
import type { FrontendRecord } from '../../fleet/frontend/frontends.ts'
import type { HostRecord } from '../../fleet/host/record.ts'
import { targetOf } from '../../fleet/load/targets.ts'
import { type Label, label, say } from '../../hosts/label.ts'
import type { Change, Context } from '../action.ts'
import type { Target } from '../subjects.ts'
import { whyNone } from './allowed.ts'
import { balancerDrill } from './balancer.ts'
import { breakingCommand, directoryOf } from './breaking.ts'
import { frontendDrill } from './frontend.ts'
import type { About, Drill } from './kind.ts'
import { linkDrill } from './link.ts'
import { nodeDrill } from './node.ts'

/** A way to break something. */
interface Way<T> {
  readonly title: Label
  /** what that does */
  readonly note: Label
  readonly plan: (target: T, about: About) => Drill | Label
}

/** The load of a drill that is begun by a key; `vdd drill` takes others. */
const load = { connections: 10, rate: 20 } as const
/** Seconds for which something may stay broken, and usually does. */
const lasting = { most: 600, usual: '10' } as const

/** Drills by a key: what `vdd drill` does, with the usual load. */
function drillOf<T extends Target>(
  given: Pick<Change<T>, 'verb' | 'subject' | 'help'>,
  ways: Readonly<Record<string, Way<T>>>,
): Change<T> {
  const planned = (target: T, how: string | undefined, { fleet, snapshot }: Context): Drill | Label => {
    const why = whyNone(fleet)
    if (why) return why
    const targets = snapshot.services
      .map((one) => targetOf(one, fleet))
      .filter((one) => typeof one !== 'string')
      .sort((a, b) => a.speaks.localeCompare(b.speaks))
    return ways[how ?? '']?.plan(target, { fleet, snapshot, targets }) ?? say`no such way`
  }
  const hows = Object.keys(ways)
  return {
    ...given,
    kind: 'change',
    called: 'drill',
    apart: true,
    key: 'B',
    title: 'Drill',
    group: 'duty',
    risk: 'destructive',
    single: true,
    patience: lasting.most,
    available: (target, context) => {
      const all = hows.map((how) => planned(target, how, context))
      const [no] = all.filter((one) => typeof one === 'string')
      return all.some((one) => typeof one !== 'string') || (no ?? say`there is no way`)
    },
    asks: [
      {
        id: 'how',
        text: say`How is it broken?`,
        value: hows.join('|'),
        when: () => hows.length > 1,
        choices: () => Object.entries(ways).map(([value, { title, note }]) => ({ value, title, note })),
        default: hows[0] ?? '',
        wrong: (value) => (hows.includes(value) ? undefined : label(hows.join(', '))),
      },
      {
        id: 'for',
        text: say`For how many seconds?`,
        value: 'SECONDS',
        default: lasting.usual,
        wrong: (value) =>
          /^\d{1,3}$/.test(value) && Number(value) >= 1 && Number(value) <= lasting.most
            ? undefined
            : say`a whole number from 1 to ${lasting.most}`,
      },
    ],
    forbids: (target, { how }, context) => {
      const found = planned(target, how, context)
      return typeof found === 'string' ? found : undefined
    },
    plan: (target, { how, for: seconds }, context) => {
      const found = planned(target, how, context)
      if (typeof found === 'string') return []
      const { breaking, host, target: on } = found
      const sudo = context.fleet.member(host)?.config.sudo ?? false
      const under = on
        ? say`load on ${on.service.name}: ${load.connections} connections, ${load.rate} requests a second`
        : say`no load: the balancers of the configuration have no service there`
      return [
        {
          host,
          what: breaking.title,
          argv: breakingCommand(breaking, directoryOf('of-this'), Number(seconds), sudo),
          inWords: say`${drillText({ breaking, host, seconds: Number(seconds) })}; ${under}`,
        },
      ]
    },
    performs: async (target, { how = '', for: seconds }, context, { who, signal, tell }) => {
      const found = planned(target, how, context)
      if (typeof found === 'string') return { isDone: false, text: found }
      // Only who holds one needs that.
      const { carryOut } = await import('./carry-out.ts')
      const holding = {
        ...load,
        how,
        seconds: Number(seconds),
        who,
        signal,
        tell: () => {},
        isRecorded: true,
      }
      const onHeld = (id: string) => tell(found.breaking.title, { kind: 'drill', id })
      const result = await carryOut(found, context.fleet, { ...holding, onHeld })
      const isDone = result.seen.isRestored
      return {
        isDone,
        text: isDone ? drillSentence(result) : say`not as before yet; ${drillSentence(result)}`,
      }
    },
  }
}

const kill = say`its slapd or FreeRADIUS dies at once`
const cut = { title: say`cut the link`, note: say`nothing comes in or goes out` }

export const drillFrontend = drillOf<FrontendRecord>(
  {
    verb: 'drillfrontend',
    subject: 'frontend',
    help: 'Breaks a front end on purpose, for a time, under load.',
  },
  {
    kill: { title: say`kill`, note: kill, plan: (one, about) => frontendDrill.plan(one, 'kill', about) },
    stop: {
      title: say`stop`,
      note: say`connections are still accepted, and nobody is answered`,
      plan: (one, about) => frontendDrill.plan(one, 'stop', about),
    },
    cut: {
      ...cut,
      plan: ({ host, name }, about) => {
        const found = about.snapshot.hosts.find((one) => one.name === host)
        return found ? linkDrill.plan(found, 'cut', about) : say`${name} is no host of the configuration`
      },
    },
  },
)

export const drillBalancer = drillOf<HostRecord>(
  {
    verb: 'drillbalancer',
    subject: 'balancer',
    help: 'Ends what gives a balancer its address, or cuts it off, for a time.',
  },
  {
    stop: {
      title: say`stop`,
      note: say`its heartbeat or keepalived ends`,
      plan: (one, about) => balancerDrill.plan(one, 'stop', about),
    },
    cut: { ...cut, plan: (one, about) => balancerDrill.plan(one, 'cut', about) },
  },
)

export const drillNode = drillOf<Parameters<typeof nodeDrill.plan>[0]>(
  {
    verb: 'drillnode',
    subject: 'node',
    help: 'Puts a node of Pacemaker on standby for a time, under load.',
  },
  {
    standby: {
      title: say`standby`,
      note: say`the others take what it has`,
      plan: (one, about) => nodeDrill.plan(one, 'standby', about),
    },
  },
)
