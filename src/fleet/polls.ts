import { type Label, say } from '../hosts/label.ts'
import { managerName } from './cluster/record.ts'
import type { ByFacts, Facts, Snapshot } from './snapshot.ts'
import type { Trouble } from './trouble.ts'

/** Something that a host is asked again and again, and the last result. */
export interface Poll {
  readonly host: string
  /** what it is about */
  readonly what: Label
  /** whether it has answered at least once */
  readonly isAnswered: boolean
  /** whether it has told its rates, if it has any: they need two answers */
  readonly hasRates: boolean
  /** the last attempt failed, or the last answer is overdue */
  readonly trouble?: Trouble
  /** milliseconds of retries before a failure counts; default none */
  readonly patience?: number
  /** asked so seldom that nobody waits for it */
  readonly isSeldom?: true
}

type PollsIn = (snapshot: Snapshot) => readonly Poll[]

/** These are told by other polls. */
const nobody: PollsIn = () => []

/** Milliseconds: a single failure on a busy balancer is retried before it counts, and so is silence of any server, which may have been busy. */
const secondTry = 3_000

const withTrouble = (trouble: Trouble | undefined) => (trouble ? { trouble } : {})

const unlessSilent = (trouble: Trouble | undefined) =>
  trouble?.kind === 'timeout' ? { trouble, patience: secondTry } : withTrouble(trouble)

/** The polls, by the facts that they give. */
const asked: ByFacts<PollsIn> = {
  // Their own trouble says how they are.
  hosts: nobody,
  balancers: ({ balancers }) =>
    balancers.flatMap(({ host, lvs, lvsTrouble, ldirectord, ldirectordTrouble }) => {
      const about = { host, hasRates: true, patience: secondTry }
      return [
        { ...about, what: say`virtual services`, isAnswered: !!lvs, ...withTrouble(lvsTrouble) },
        { ...about, what: say`ldirectord`, isAnswered: !!ldirectord, ...withTrouble(ldirectordTrouble) },
      ]
    }),
  directories: ({ directories }) =>
    directories.map(({ host, reading, trouble, rates }) => ({
      host,
      what: say`LDAP`,
      isAnswered: !!reading,
      hasRates: !reading?.monitor || !!rates,
      ...unlessSilent(trouble),
    })),
  displays: ({ displays }) =>
    displays.map(({ host, reading, trouble }) => ({
      host,
      what: say`displays`,
      isAnswered: !!reading,
      hasRates: true,
      ...unlessSilent(trouble),
    })),
  clusters: ({ clusters }) =>
    clusters.map(({ host, manager, reading, trouble }) => ({
      host,
      what: managerName(manager),
      isAnswered: !!reading,
      hasRates: true,
      patience: secondTry,
      ...withTrouble(trouble),
    })),
  clocks: ({ clocks }) =>
    clocks.map(({ host, reading, trouble }) => {
      // It answers, and cannot say what time it is: nothing is old by that.
      const cannot = trouble?.kind === 'refused'
      const isAnswered = !!reading || cannot
      return { host, what: say`clock`, isAnswered, hasRates: true, ...(cannot ? {} : withTrouble(trouble)) }
    }),
  radius: ({ radius }) =>
    radius.map(({ host, reading, trouble }) => ({
      host,
      what: say`RADIUS`,
      isAnswered: !!reading,
      hasRates: true,
      ...unlessSilent(trouble),
    })),
  storage: ({ storage }) =>
    storage.map(({ host, at, trouble }) => ({
      host,
      what: say`file systems`,
      isAnswered: at !== undefined,
      hasRates: true,
      isSeldom: true,
      ...withTrouble(trouble),
    })),
  machines: nobody,
  frontends: nobody,
  services: nobody,
  pools: ({ hosts, pools }) =>
    hosts.flatMap(({ name, roles, trouble }) =>
      roles.includes('hypervisor')
        ? {
            host: name,
            what: say`storage pools`,
            isAnswered: pools.has(name),
            hasRates: true,
            isSeldom: true as const,
            ...withTrouble(trouble),
          }
        : [],
    ),
  processes: nobody,
  supplies: nobody,
  // The journal tells of them.
  incidents: nobody,
  // Whoever holds them.
  drills: nobody,
}

/** All polls besides those of the hosts themselves. */
export function pollsOf(snapshot: Snapshot): readonly (Poll & { readonly facts: keyof Facts })[] {
  return (Object.keys(asked) as (keyof Facts)[]).flatMap((facts) =>
    asked[facts](snapshot).map((one) => ({ ...one, facts })),
  )
}

/** Neither an answer nor a failure has come yet. */
export function isAsking({ isAnswered, trouble }: Pick<Poll, 'isAnswered' | 'trouble'>): boolean {
  return !isAnswered && !trouble
}
