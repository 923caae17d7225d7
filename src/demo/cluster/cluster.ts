import type { Balancing } from '../balancer/balancing.ts'

/** A rule that a move or a ban has left. */
interface DemoRule {
  readonly id: string
  readonly resource: string
  readonly node: string
  readonly keepsAway: boolean
  /** ISO 8601, as the tools write it; none: until it is cleared */
  readonly until?: string
}

/** What the cluster of the balancers is told, and which of them it lets hold the address. */
export interface Told {
  readonly standby: ReadonlySet<string>
  readonly rules: readonly DemoRule[]
  readonly unmanaged: ReadonlySet<string>
  /** their target-role is `Stopped` */
  readonly disabled: ReadonlySet<string>
  readonly maintenance: boolean
  /** failures that nobody has cleaned up: a resource, and the node on which it failed */
  readonly failed: readonly { readonly resource: string; readonly node: string }[]
}

/** The group of the address and ldirectord: it runs on one balancer. */
export const group = { id: 'balancing', members: ['service-ip', 'ldirectord'] } as const
/** It runs on each. */
export const clone = { id: 'connected', member: 'gateway' } as const

const known = new Set<string>([group.id, ...group.members, clone.id, clone.member])

/** A command that the cluster does not take, with the words and the exit status of the real one. */
export class Refusal extends Error {
  readonly code: number
  constructor(code: number, message: string) {
    super(message)
    this.code = code
  }
}

/** A cluster of the two balancers. It decides at once: the demo has no time of its own for a move. */
export class DemoCluster {
  readonly #balancing: Balancing
  told: Told = {
    standby: new Set(),
    rules: [],
    unmanaged: new Set(),
    disabled: new Set(),
    maintenance: false,
    failed: [],
  }

  constructor(balancing: Balancing) {
    this.#balancing = balancing
  }

  get nodes(): readonly string[] {
    return this.#balancing.balancers.map(({ name }) => name)
  }

  /** Those that the others miss. */
  get missed(): readonly string[] {
    return this.nodes.filter((name) => this.#balancing.isMissed(name))
  }

  /** The one that decides. */
  get decides(): string | undefined {
    return this.nodes.find((name) => !this.#balancing.isMissed(name))
  }

  get holder(): string | undefined {
    const isThere = (name: string) => !this.#balancing.isMissed(name)
    return this.#balancing.balancers.find(({ name, holdsAddress }) => holdsAddress && isThere(name))?.name
  }

  /** Takes a command of Pacemaker's tools, and lets the cluster act on it. */
  take(words: readonly string[]): void {
    this.told = this.after(this.told, words)
    this.#balancing.hold(this.placeOf(this.told, this.holder))
  }

  /** What is told after a command. */
  after(told: Told, [tool = '', ...words]: readonly string[]): Told {
    const value = (option: string) => words[words.indexOf(option) + 1] ?? ''
    const node = value('--node')
    if (words.includes('--node') && !this.nodes.includes(node))
      throw new Refusal(105, `Could not map name=${node} to a UUID`)
    if (tool === 'crm_attribute') return { ...told, maintenance: value('--update') === 'true' }
    if (tool === 'crm_standby') {
      const standby = new Set(told.standby)
      if (words.includes('--delete')) standby.delete(node)
      else standby.add(node)
      return { ...told, standby }
    }
    const resource = value('--resource')
    if (words.includes('--resource') && !known.has(resource))
      throw new Refusal(105, `Resource '${resource}' not found`)
    const others = told.rules.filter((rule) => rule.resource !== resource)
    if (words.includes('--clear')) return { ...told, rules: others }
    if (words.includes('--move') || words.includes('--ban')) {
      const keepsAway = words.includes('--ban')
      const id = keepsAway ? `cli-ban-${resource}-on-${node}` : `cli-prefer-${resource}`
      const until = this.#endOf(value('--lifetime'))
      const rule = { id, resource, node, keepsAway, ...(until ? { until } : {}) }
      return {
        ...told,
        rules: keepsAway ? [...told.rules.filter((one) => one.id !== id), rule] : [...others, rule],
      }
    }
    if (words.includes('--set-parameter')) {
      const which = value('--set-parameter') === 'target-role' ? 'disabled' : 'unmanaged'
      const all = new Set(told[which])
      if (['false', 'Stopped'].includes(value('--parameter-value'))) all.add(resource)
      else all.delete(resource)
      return { ...told, [which]: all }
    }
    if (words.includes('--cleanup') || words.includes('--refresh'))
      return { ...told, failed: told.failed.filter((one) => one.resource !== resource) }
    return told
  }

  /** A check of it fails there once; the cluster has mended it since. */
  fail(resource: string, node: string): void {
    this.told = { ...this.told, failed: [...this.told.failed, { resource, node }] }
  }

  /** `PT2H` from now on. */
  #endOf(lifetime: string): string | undefined {
    const [, count, unit] = /^PT?(\d+)([SMHD])$/.exec(lifetime) ?? []
    if (!count || !unit) return undefined
    const seconds = { S: 1, M: 60, H: 3600, D: 86_400 }[unit] ?? 0
    const at = new Date(this.#balancing.now() + Number(count) * seconds * 1000)
    return at.toISOString().replace('T', ' ').replace(/\.\d+/, '')
  }

  /** Where the group runs then; undefined: nowhere. */
  placeOf(
    { standby, rules, unmanaged, disabled, maintenance }: Told,
    now: string | undefined,
  ): string | undefined {
    if (maintenance || group.members.some((one) => unmanaged.has(one))) return now
    // What stands behind the address in the group cannot run without it.
    if (disabled.has('service-ip')) return undefined
    const own = rules.filter(
      ({ resource }) => resource === group.id || group.members.some((one) => one === resource),
    )
    const isAway = (node: string) => own.some((rule) => rule.keepsAway && rule.node === node)
    const able = this.nodes.filter(
      (node) => !standby.has(node) && !isAway(node) && !this.#balancing.isMissed(node),
    )
    const wished = own.find((rule) => !rule.keepsAway && able.includes(rule.node))?.node
    return wished ?? (now !== undefined && able.includes(now) ? now : able[0])
  }

  /** The nodes on which the clone runs. */
  cloneOn({ standby, rules, disabled }: Told): readonly string[] {
    if (disabled.has(clone.member)) return []
    const isAway = (node: string) =>
      rules.some(
        (rule) =>
          rule.keepsAway &&
          rule.node === node &&
          [clone.id, clone.member].some((one) => one === rule.resource),
      )
    return this.nodes.filter((node) => !standby.has(node) && !isAway(node))
  }
}
