import { type Label, label, say } from '../../hosts/label.ts'

const minutes = 60_000
const hours = 60 * minutes
const days = 24 * hours

/** The used share and the remaining milliseconds from which on a supply is told. */
interface Threshold {
  readonly share: number
  readonly left: number
}

/** A kind of limited resource. */
interface SupplyFacts {
  /** what there is so much of; `which` of them */
  readonly title: (which: Label) => Label
  readonly warning: Threshold
  readonly bad: Threshold
  /** of an amount, for programs; none: it has no amount */
  readonly unit?: 'count' | 'KiB' | 'percent'
  /** an amount, in words; none: as a share only */
  readonly amount?: (value: number) => Label
  /** periods in milliseconds over which a rise is looked for, the shortest first; none: it does not rise steadily */
  readonly windows?: readonly number[]
  /** the period of the mean in milliseconds, for a value that goes up and down */
  readonly mean?: number
  /** milliseconds between two looks; default: the interval of the fleet */
  readonly every?: number
  readonly advice: Label
}

/** KiB: `512 MiB`, `63.9 GiB`. */
function kib(value: number): Label {
  let [rest, unit] = [value, 'KiB']
  for (const next of ['MiB', 'GiB', 'TiB', 'PiB']) {
    if (rest < 999.5) break
    rest /= 1024
    unit = next
  }
  return say`${label(rest < 99.95 && unit !== 'KiB' ? rest.toFixed(1) : rest.toFixed(0))} ${label(unit)}`
}

const count = (value: number): Label => say`${Math.round(value)}`

const quick = [minutes, 2 * minutes, 5 * minutes, 10 * minutes] as const
const slow = [hours, 6 * hours, 24 * hours] as const

/** Everything that runs out. The order is that in which a host's are listed. */
export const supplyKinds = {
  descriptors: {
    title: (which) => say`${which}'s descriptors`,
    warning: { share: 0.8, left: hours },
    bad: { share: 0.95, left: 10 * minutes },
    unit: 'count',
    amount: count,
    windows: quick,
    advice: say`raise the limit, or drain and restart it`,
  },
  memory: {
    title: () => say`memory`,
    warning: { share: 0.9, left: hours },
    bad: { share: 0.97, left: 10 * minutes },
    unit: 'KiB',
    amount: kib,
    windows: quick,
    advice: say`stop or move what needs most of it`,
  },
  cpu: {
    title: () => say`CPU`,
    warning: { share: 0.9, left: 0 },
    bad: { share: 0.98, left: 0 },
    unit: 'percent',
    mean: 2 * minutes,
    advice: say`move machines away, or find what is busy`,
  },
  'file system': {
    title: (which) => which,
    warning: { share: 0.9, left: 2 * days },
    bad: { share: 0.97, left: 4 * hours },
    unit: 'KiB',
    amount: kib,
    windows: slow,
    every: minutes,
    advice: say`free space, or make it larger`,
  },
  pool: {
    title: (which) => say`pool ${which}`,
    warning: { share: 0.9, left: 2 * days },
    bad: { share: 0.97, left: 4 * hours },
    unit: 'KiB',
    amount: kib,
    windows: slow,
    advice: say`delete volumes that nobody needs, or make it larger`,
  },
  pages: {
    title: () => say`the LDAP database's pages`,
    warning: { share: 0.8, left: 7 * days },
    bad: { share: 0.95, left: days },
    unit: 'count',
    amount: count,
    windows: slow,
    advice: say`at the limit slapd takes no more changes: raise maxsize (slapd-mdb(5)), then restart it`,
  },
  certificate: {
    title: () => say`the LDAP certificate`,
    warning: { share: Number.POSITIVE_INFINITY, left: 21 * days },
    bad: { share: Number.POSITIVE_INFINITY, left: 7 * days },
    advice: say`renew it, then restart slapd`,
  },
} as const satisfies Record<string, SupplyFacts>

export type SupplyKind = keyof typeof supplyKinds

/** One of them, of whatever kind. */
export function supplyFacts(kind: SupplyKind): SupplyFacts {
  return supplyKinds[kind]
}
