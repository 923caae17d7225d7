import { type Label, say } from '../hosts/label.ts'
import type { ByFacts, Facts, Snapshot } from './snapshot.ts'
import type { Trouble } from './trouble.ts'

/** What is asked of a host again and again, and what came of it last. */
export interface Poll {
  readonly host: string
  /** what it is about */
  readonly what: Label
  /** it has answered at least once */
  readonly isAnswered: boolean
  /** and has told what takes two answers, where it tells such */
  readonly hasRates: boolean
  /** the last attempt failed, or the last answer is overdue */
  readonly trouble?: Trouble
  /** milliseconds for which it is tried again before a failure counts; default none */
  readonly patience?: number
  /** it is asked so seldom that nobody waits for it */
  readonly isSeldom?: true
}

type PollsIn = (snapshot: Snapshot) => readonly Poll[]

/** Of these others tell. */
const nobody: PollsIn = () => []

/** Milliseconds: what fails once on a busy balancer is asked again before anybody goes by that. */
const secondTry = 3_000

const withTrouble = (trouble: Trouble | undefined) => (trouble ? { trouble } : {})

/** Who is asked, by the facts that come of it. */
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
      ...withTrouble(trouble),
    })),
  radius: ({ radius }) =>
    radius.map(({ host, reading, trouble }) => ({
      host,
      what: say`RADIUS`,
      isAnswered: !!reading,
      hasRates: true,
      ...withTrouble(trouble),
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
}

/** All that is asked of hosts besides how they are. */
export function pollsOf(snapshot: Snapshot): readonly (Poll & { readonly facts: keyof Facts })[] {
  return (Object.keys(asked) as (keyof Facts)[]).flatMap((facts) =>
    asked[facts](snapshot).map((one) => ({ ...one, facts })),
  )
}

/** Neither an answer nor a failure has come yet. */
export function isAsking({ isAnswered, trouble }: Pick<Poll, 'isAnswered' | 'trouble'>): boolean {
  return !isAnswered && !trouble
}
