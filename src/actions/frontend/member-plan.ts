import { isIP } from 'node:net'
import type { BalancerRecord } from '../../fleet/balancer/record.ts'
import type { Fleet } from '../../fleet/fleet.ts'
import type { Snapshot } from '../../fleet/snapshot.ts'
import { asTheKernel, joinAddress } from '../../hosts/address.ts'
import { type Label, label, say } from '../../hosts/label.ts'
import { parseConfig } from '../../services/ldirectord/config.ts'
import { type NewReal, withoutReal, withReal } from '../../services/ldirectord/edit.ts'
import type { Addresses, ConfigSource, ConfiguredVirtual } from '../../services/ldirectord/facts.ts'
import * as ldirectord from '../../services/ldirectord/verbs.ts'
import * as lvs from '../../services/lvs/verbs.ts'
import type { Step } from '../../services/step.ts'
import { type BalancerEntry, on } from './plan.ts'

/** A real server to be added to a virtual service. */
export interface NewMember extends NewReal {
  readonly virtual: string
  /** the real server of this service that it copies, with its check settings */
  readonly model?: string
}

const inTable = { gate: 'Route', masq: 'Masq', ipip: 'Tunnel' } as const
const inFile = { Route: 'gate', Masq: 'masq', Tunnel: 'ipip', Local: 'gate' } as const

/** ldirectord's word for the kernel's forwarding method. */
export function forwardWord(forward: keyof typeof inFile): NewReal['forward'] {
  return inFile[forward]
}

/** `10.9.0.13`, `10.9.0.13:390`, `fd00::13`, `[fd00::13]:636` with `port` where the text has none; `undefined`: no address. */
export function memberId(text: string, port: number): string | undefined {
  const [, six, four, own] = /^(?:\[([^\]]+)\]|([\d.]+))(?::(\d{1,5}))?$/.exec(text) ?? []
  const address = six ?? four ?? text
  // An address with a zone means something else on each machine.
  const number = Number(own ?? port)
  if (!isIP(address) || address.includes('%') || number < (own ? 1 : 0) || number > 65_535) return undefined
  return joinAddress(asTheKernel(address), Number(own ?? port))
}

/** Puts real servers into their services on every balancer that answers, so that a failover knows them too. */
export function addSteps(members: readonly NewMember[], { balancers }: Snapshot, fleet: Fleet): Step[] {
  const checked = new Set<string>()
  return balancers
    .filter(({ lvsTrouble }) => !lvsTrouble)
    .flatMap((balancer) => {
      const lacking = members.filter((one) => {
        const block = blockOf(balancer, one.virtual)
        return block && !block.reals.some(({ id }) => id === one.id)
      })
      const byKernel = members.flatMap((one) => {
        const service = balancer.lvs?.services.find(({ id }) => id === one.virtual)
        if (!service || service.reals.some(({ id }) => id === one.id) || willDo(balancer, one.virtual))
          return []
        const { id, weight, forward } = one
        return lvs.addReal({ ...on(balancer, fleet), service }, { id, weight, forward: inTable[forward] })
      })
      return [...fileSteps(balancer, (source) => withMembers(source, lacking), fleet, checked), ...byKernel]
    })
}

/** Takes real servers out of their services for good, on every balancer that answers. */
export function removeSteps(entries: readonly BalancerEntry[], fleet: Fleet): Step[] {
  const checked = new Set<string>()
  return [...Map.groupBy(entries, ({ balancer }) => balancer)].flatMap(([balancer, here]) => {
    const byKernel = here.flatMap((one) =>
      one.inTable && !(one.configured && willDo(balancer, one.virtual))
        ? lvs.removeReal({ ...on(balancer, fleet), ...one.inTable })
        : [],
    )
    return [...fileSteps(balancer, (source) => withoutMembers(source, here), fleet, checked), ...byKernel]
  })
}

function blockOf({ ldirectord }: BalancerRecord, virtual: string): ConfiguredVirtual | undefined {
  return ldirectord?.config?.virtuals.find(({ id }) => id === virtual)
}

/** A running ldirectord changes the table itself as soon as it has read its file. */
function willDo(balancer: BalancerRecord, virtual: string): boolean {
  return !!balancer.ldirectord?.daemon && !!blockOf(balancer, virtual)
}

/** Applies the edits from the bottom up, so that each moves only lines that are done. */
function edited<T extends { readonly virtual: string }>(
  text: string,
  addresses: Addresses,
  members: readonly T[],
  lineOf: (block: ConfiguredVirtual, one: T) => number,
  change: (text: string, block: ConfiguredVirtual, one: T) => string,
): string {
  const blocks = new Map(parseConfig(text, addresses).virtuals.map((block) => [block.id, block]))
  return members
    .flatMap((one) => {
      const block = blocks.get(one.virtual)
      return block ? [{ one, block, line: lineOf(block, one) }] : []
    })
    .sort((a, b) => b.line - a.line)
    .reduce((text, { one, block }) => change(text, block, one), text)
}

function withMembers({ text, addresses }: ConfigSource, members: readonly NewMember[]): string {
  const lineOf = ({ line }: ConfiguredVirtual) => line
  return edited(text, addresses, members, lineOf, (text, block, one) => withReal(text, block, one, one.model))
}

/** Repeats until nothing changes: a server with several lines is found by its first. */
function withoutMembers({ text, addresses }: ConfigSource, entries: readonly BalancerEntry[]): string {
  const lineOf = ({ reals }: ConfiguredVirtual, { real }: BalancerEntry) =>
    reals.find(({ id }) => id === real)?.line ?? 0
  const after = edited(text, addresses, entries, lineOf, (text, block, { real }) =>
    withoutReal(text, block, real),
  )
  return after === text ? text : withoutMembers({ path: '', text: after, addresses }, entries)
}

/** `checked`: texts that one balancer's ldirectord has parsed already; the other need not start a Perl for it again. */
function fileSteps(
  balancer: BalancerRecord,
  edit: (source: ConfigSource) => string,
  fleet: Fleet,
  checked: Set<string>,
): Step[] {
  const { source, daemon } = balancer.ldirectord ?? {}
  if (!source) return []
  const edited = edit(source)
  if (edited === source.text) return []
  const where = on(balancer, fleet)
  const isChecked = checked.has(edited)
  checked.add(edited)
  return [
    ...ldirectord.replaceConfig(where, source, edited, isChecked),
    ...(daemon ? [ldirectord.reloadConfig(where, daemon.pidFile)] : []),
  ]
}

/** Whether its configuration line has its own request and expected answer. */
export function hasChecks({ balancer, configured, real }: BalancerEntry): boolean {
  const line = configured?.virtual.reals.find(({ id }) => id === real)?.line ?? 0
  return !!balancer.ldirectord?.source?.text.split('\n')[line - 1]?.includes('"')
}

/** Why the configurations that have one of these services cannot be written; `undefined`: they can. */
export function unwritable(virtuals: readonly string[], { balancers }: Snapshot): Label | undefined {
  for (const balancer of balancers) {
    const { source, config } = balancer.ldirectord ?? {}
    if (!source || !virtuals.some((virtual) => blockOf(balancer, virtual))) continue
    const where = say`${label(balancer.host)}: ${label(source.path)}`
    if (source.text.includes('\uFFFD')) return say`${where} is not UTF-8: edit it by hand`
    const fatal = config?.problems.find((one) => one.fatal)
    if (fatal) return say`${where}: line ${fatal.line} would be refused: ${fatal.text}`
  }
  return undefined
}
