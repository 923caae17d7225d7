import { isIPv6 } from 'node:net'
import type { BalancerRecord } from '../../fleet/balancer/record.ts'
import type { Fleet } from '../../fleet/fleet.ts'
import { type FrontendRecord, type FrontendService, isAwaited } from '../../fleet/frontend/frontends.ts'
import type { Snapshot } from '../../fleet/snapshot.ts'
import { type Label, label, say } from '../../hosts/label.ts'
import type { ConfiguredVirtual } from '../../services/ldirectord/facts.ts'
import { addressOf, inMaintenance } from '../../services/ldirectord/maintenance.ts'
import * as ldirectord from '../../services/ldirectord/verbs.ts'
import type { RealServer, VirtualService } from '../../services/lvs/facts.ts'
import * as lvs from '../../services/lvs/verbs.ts'
import type { Step } from '../../services/step.ts'
import type { Answers } from '../question.ts'

/** What one balancer knows of a real server in one virtual service: in its table, in its configuration, or in both. */
export interface BalancerEntry {
  readonly balancer: BalancerRecord
  readonly real: string
  readonly virtual: string
  readonly inTable?: { readonly service: VirtualService; readonly real: RealServer }
  readonly configured?: { readonly virtual: ConfiguredVirtual; readonly weight: number }
}

/** The chosen service, else all. */
export function chosen({ services }: FrontendRecord, { service }: Answers): readonly FrontendService[] {
  return service === undefined || service === 'all'
    ? services
    : services.filter(({ virtual }) => virtual === service)
}

/** The entries on every balancer that answers, so that a failover keeps the change. */
export function entriesOf(
  frontend: FrontendRecord,
  answers: Answers,
  { balancers }: Snapshot,
): BalancerEntry[] {
  return chosen(frontend, answers).flatMap(({ virtual, real }) =>
    balancers
      .filter(({ lvsTrouble }) => !lvsTrouble)
      .flatMap((balancer): BalancerEntry[] => {
        const service = balancer.lvs?.services.find(({ id }) => id === virtual)
        const entry = service?.reals.find(({ id }) => id === real)
        const block = balancer.ldirectord?.config?.virtuals.find(({ id }) => id === virtual)
        const line = block?.reals.find(({ id }) => id === real)
        if (!entry && !line) return []
        const inTable = service && entry ? { inTable: { service, real: entry } } : {}
        const configured = block && line ? { configured: { virtual: block, weight: line.weight } } : {}
        return [{ balancer, real, virtual, ...inTable, ...configured }]
      }),
  )
}

/** Where a balancer's commands run. */
export function on({ host }: BalancerRecord, fleet: Fleet): { host: string; sudo: boolean } {
  return { host, sudo: fleet.member(host)?.config.sudo ?? false }
}

/** Where to write maintenance files: with the user's own rights where they suffice. */
function onDirectory(balancer: BalancerRecord, fleet: Fleet): { host: string; sudo: boolean } {
  const { host, sudo } = on(balancer, fleet)
  return { host, sudo: sudo && !balancer.ldirectord?.isMaintenanceOpen }
}

export function weightStep({ balancer, inTable }: BalancerEntry, weight: number, fleet: Fleet): Step[] {
  return inTable && inTable.real.weight !== weight
    ? [lvs.setWeight({ ...on(balancer, fleet), ...inTable }, weight)]
    : []
}

/** With `quiescent=no` ldirectord deletes a server in maintenance, and its connections hang: docs/internals/lvs.md, "Black hole". */
export function cuts({ balancer, configured }: BalancerEntry): boolean {
  return !!configured && !configured.virtual.quiescent && !!balancer.ldirectord?.config?.maintenancedir
}

/**
 * Whether a maintenance file takes it out: ldirectord owns the weight and has a maintenance directory. Not where the file would also take
 * the same address and port out of another service.
 */
export function byFile(entry: BalancerEntry, answers: Answers, entries: readonly BalancerEntry[]): boolean {
  const { balancer, configured, real } = entry
  const config = balancer.ldirectord?.config
  if (!configured || !config?.maintenancedir) return false
  const meant = new Set(entries.map(({ virtual }) => virtual))
  const others = config.virtuals.filter(
    ({ id, reals }) => !meant.has(id) && reals.some((one) => one.id === real),
  )
  return !others.length && answers.how !== 'weight'
}

export function drainSteps(entries: readonly BalancerEntry[], answers: Answers, fleet: Fleet): Step[] {
  const inFiles = entries.filter((one) => byFile(one, answers, entries))
  const begin = byBalancer(inFiles).flatMap(([balancer, here]) => {
    const { config } = balancer.ldirectord ?? {}
    return fileNames(here, config?.virtuals ?? [])
      .filter((file) => here.some((one) => [one.real, addressOf(one.real)].includes(file) && !isKeptOut(one)))
      .map((file) =>
        ldirectord.beginMaintenance(onDirectory(balancer, fleet), config?.maintenancedir ?? '', file),
      )
  })
  // Where no ldirectord runs, nobody looks for the file.
  const weights = entries
    .filter((one) => !inFiles.includes(one) || !one.balancer.ldirectord?.daemon)
    .flatMap((one) => weightStep(one, 0, fleet))
  return [...begin, ...weights]
}

function byBalancer(
  entries: readonly BalancerEntry[],
): (readonly [BalancerRecord, readonly BalancerEntry[]])[] {
  return [...Map.groupBy(entries, ({ balancer }) => balancer)]
}

/** The files that keep it out now. */
function filesOf({ balancer: { ldirectord }, real }: BalancerEntry): string[] {
  return ldirectord ? inMaintenance(ldirectord.maintenance, real, ldirectord.names) : []
}

/** A file keeps it out. */
export function isKeptOut(entry: BalancerEntry): boolean {
  return filesOf(entry).length > 0
}

/** This balancer has taken it out as intended, so that a failover changes nothing. */
export function isTakenOut(
  entry: BalancerEntry,
  answers: Answers,
  entries: readonly BalancerEntry[],
): boolean {
  if (byFile(entry, answers, entries)) return isKeptOut(entry)
  return !entry.inTable || entry.inTable.real.weight === 0
}

/** Why these steps cannot write weights: the entry that they would replace is not fully known. */
export function unwritableWeight(
  entries: readonly BalancerEntry[],
  steps: readonly Step[],
): Label | undefined {
  const writing = new Set(steps.filter(({ argv }) => argv.includes('ipvsadm')).map(({ host }) => host))
  const lacking = entries.find(({ balancer: { host, lvs } }) => lvs?.partial && writing.has(host))
  return lacking && say`${label(lacking.balancer.host)}: ${lacking.balancer.lvs?.partial ?? say``}`
}

/** The files in the maintenance directories that keep this address out, or one of its ports. */
export function maintenanceFiles(address: string, { balancers }: Snapshot): string[] {
  const all = balancers.flatMap(({ ldirectord }) => {
    if (!ldirectord) return []
    const { maintenance, names } = ldirectord
    const mine = new Set([address, names.get(address), names.get(address)?.split('.')[0]])
    // The end of a bare IPv6 address looks like a port.
    return maintenance.filter((file) => mine.has(isIPv6(file) ? file : addressOf(file)))
  })
  return [...new Set(all)]
}

/** Everything that the configuration has at an address. */
function realsAt(address: string, virtuals: readonly ConfiguredVirtual[]): string[] {
  return virtuals.flatMap(({ reals }) => reals.map(({ id }) => id).filter((id) => addressOf(id) === address))
}

/** One file for the whole address if all its services are meant, else one each. How ldirectord spells a bare IPv6 address was not measured. */
function fileNames(entries: readonly BalancerEntry[], virtuals: readonly ConfiguredVirtual[]): string[] {
  const address = addressOf(entries[0]?.real ?? '')
  const all = realsAt(address, virtuals)
  return all.length === entries.length && all.length > 1 && !address.includes(':')
    ? [address]
    : [...new Set(entries.map(({ real }) => real))]
}

/**
 * Removes the files on every balancer. A weight is set only where ldirectord will not set it: it was neither in maintenance nor failed, or
 * ldirectord does not run. A failed server is left to ldirectord, which never takes back a weight that it did not set.
 */
export function restoreSteps(entries: readonly BalancerEntry[], weight: number, fleet: Fleet): Step[] {
  const files = byBalancer(entries).flatMap(([balancer, here]) => {
    const names = [...new Set(here.flatMap(filesOf))]
    const { maintenancedir, virtuals = [] } = balancer.ldirectord?.config ?? {}
    if (!names.length || maintenancedir === undefined) return []
    return [
      ...keptOut(here, names, virtuals).map((file) =>
        ldirectord.beginMaintenance(onDirectory(balancer, fleet), maintenancedir, file),
      ),
      ldirectord.endMaintenance(onDirectory(balancer, fleet), maintenancedir, names),
    ]
  })
  const weights = entries
    .filter((one) => one.inTable?.real.weight === 0 && !isLdirectords(one))
    .flatMap((one) => weightStep(one, one.configured?.weight ?? weight, fleet))
  return [...files, ...weights]
}

/** Other services that a file for the whole address takes out: they get files of their own, and stay out. */
function keptOut(
  entries: readonly BalancerEntry[],
  names: readonly string[],
  virtuals: readonly ConfiguredVirtual[],
): string[] {
  const meant = new Set(entries.map(({ real }) => real))
  const isWhole = names.some((name) => !/:\d+$/.test(name))
  const others = realsAt(addressOf(entries[0]?.real ?? ''), virtuals).filter((id) => !meant.has(id))
  return isWhole ? [...new Set(others)] : []
}

function isLdirectords(entry: BalancerEntry): boolean {
  const { balancer, virtual, real } = entry
  return !!balancer.ldirectord?.daemon && (filesOf(entry).length > 0 || isAwaited(virtual, real, balancer))
}

/** The real servers that are changed together. */
function goingWith(together: readonly FrontendRecord[], answers: Answers): Set<string> {
  return new Set(together.flatMap((one) => chosen(one, answers)).map((one) => `${one.virtual} ${one.real}`))
}

/** No other server takes new connections for one of these services. */
export function isLast(
  frontend: FrontendRecord,
  answers: Answers,
  { balancers }: Snapshot,
  together: readonly FrontendRecord[] = [],
): boolean {
  const going = goingWith(together, answers)
  return chosen(frontend, answers).some(({ virtual, real, balancer }) => {
    const table = balancers.find(({ host }) => host === balancer)?.lvs
    const reals = table?.services.find(({ id }) => id === virtual)?.reals ?? []
    const serving = reals.filter(({ weight }) => weight > 0).map(({ id }) => id)
    const left = serving.filter((id) => id === real || !going.has(`${virtual} ${id}`))
    return left.length === 1 && left[0] === real
  })
}

/** The only server left when this one is out: `10.9.0.12:389 in TCP 10.9.0.100:389`; undefined: there are more. */
export function leavesOne(
  frontend: FrontendRecord,
  answers: Answers,
  { balancers }: Snapshot,
  together: readonly FrontendRecord[],
): Label[] {
  const going = goingWith(together, answers)
  return chosen(frontend, answers).flatMap(({ virtual, real, balancer }) => {
    const table = balancers.find(({ host }) => host === balancer)?.lvs
    const reals = table?.services.find(({ id }) => id === virtual)?.reals ?? []
    const left = reals.filter(({ id, weight }) => weight > 0 && id !== real && !going.has(`${virtual} ${id}`))
    return left.length === 1 && left[0] ? [say`${label(left[0].id)} in ${label(virtual)}`] : []
  })
}
