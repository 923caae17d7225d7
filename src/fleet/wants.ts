import type { Facts } from './snapshot.ts'

/** What each watch tells of: one that tells of nothing that is wanted need not look. */
const told = {
  libvirt: ['hosts', 'machines', 'pools'],
  vitals: ['hosts', 'processes'],
  balancer: ['balancers', 'frontends', 'services'],
  radius: ['radius'],
  displays: ['displays'],
  directory: ['directories'],
  cluster: ['clusters'],
  storage: ['storage', 'supplies'],
  logs: ['clocks'],
  hardware: ['hosts'],
} as const satisfies Record<string, readonly (keyof Facts)[]>

/** Whether a watch is wanted of which these facts come; without any named, each is. */
export type Wants = (watch: keyof typeof told) => boolean

export function wantsOf(about: readonly (keyof Facts)[] | undefined): Wants {
  return (watch) => !about || told[watch].some((facts) => about.includes(facts))
}
