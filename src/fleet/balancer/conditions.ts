import { type Label, label, say } from '../../hosts/label.ts'
import { addressOf, maintenanceNames } from '../../services/ldirectord/maintenance.ts'
import type { Condition } from '../alerts/conditions.ts'
import { troubleTold } from '../trouble.ts'
import type { BalancerRecord } from './record.ts'
import { isSilent } from './serving.ts'

/**
 * What is wrong with a balancer and its ldirectord.
 *
 * @param isActive whether it takes the clients of a service now: a standby needs no ldirectord
 */
export function balancerConditions(record: BalancerRecord, isActive: boolean, now: number): Condition[] {
  const { lvs, lvsTrouble, ldirectord, ldirectordTrouble } = record
  const inPart = (what: string, { partial }: Pick<NonNullable<typeof lvs>, 'partial'> = {}): Condition[] =>
    partial ? [{ severity: 'warning', what: `${what} partial`, text: partial }] : []
  return [
    ...(lvsTrouble
      ? [
          {
            ...troubleTold(lvsTrouble, lvs !== undefined, now),
            severity: 'bad' as const,
            what: 'lvs',
            text: say`virtual services: ${lvsTrouble.reason}`,
            over: say`virtual services: read again`,
            types: ['balancer.lost', 'balancer.back'] as const,
          },
        ]
      : inPart('lvs', lvs)),
    ...(ldirectordTrouble
      ? [
          {
            ...troubleTold(ldirectordTrouble, ldirectord !== undefined, now),
            severity: 'warning' as const,
            what: 'ldirectord',
            text: say`ldirectord: ${ldirectordTrouble.reason}`,
            over: say`ldirectord: read again`,
            types: ['ldirectord.lost', 'ldirectord.back'] as const,
          },
        ]
      : inPart('ldirectord', ldirectord)),
    ...(ldirectord ? ldirectordConditions(ldirectord, isActive) : []),
  ]
}

/** Whether it is not known if this condition still holds: a silent balancer may or may not need its ldirectord. */
export function isUnknownOf(record: BalancerRecord, what: string): boolean {
  return what === 'ldirectord stopped' && isSilent(record)
}

function ldirectordConditions(
  ldirectord: NonNullable<BalancerRecord['ldirectord']>,
  isActive: boolean,
): Condition[] {
  const { config, daemon, notLoaded } = ldirectord
  const configFile = label(ldirectord.configFile)
  const conditions: Condition[] = []
  if (isActive && config && !daemon)
    conditions.push({
      severity: 'bad',
      what: 'ldirectord stopped',
      text: say`ldirectord does not run: nobody checks the front ends`,
      over: say`ldirectord is no longer missing`,
      types: ['ldirectord.stopped', 'ldirectord.started'],
      advice: say`systemctl start ldirectord`,
    })
  if (notLoaded)
    conditions.push({
      severity: 'warning',
      what: 'not loaded',
      text: say`${configFile} was changed and is not loaded`,
      over: say`${configFile} is loaded`,
      types: ['ldirectord.stale', 'ldirectord.loaded'],
      advice: say`ldirectord reload`,
    })
  const problems = [...(config?.problems ?? [])].sort((a, b) => Number(b.fatal) - Number(a.fatal))
  const lines = problems.map(({ line, text, fatal }) => ({
    severity: fatal ? ('bad' as const) : ('warning' as const),
    what: `line ${line}`,
    text: say`${configFile} line ${line}: ${text}`,
  }))
  const files = unmatched(ldirectord).map((file) => ({
    severity: 'warning' as const,
    what: `file ${file}`,
    text: say`maintenance file ${label(file)} belongs to no real server`,
    advice: say`it takes nothing out`,
  }))
  return [
    ...conditions,
    ...firstOf(lines, 'more lines', (more) => say`${configFile}: ${more} more lines are wrong`),
    ...firstOf(files, 'more files', (more) => say`${more} more maintenance files belong to no real server`),
  ]
}

/** How many of one kind are listed. The rest is counted, with the worst severity among them. */
const most = 20

function firstOf(all: readonly Condition[], what: string, text: (more: number) => Label): Condition[] {
  const [first, rest] = [all.slice(0, most), all.slice(most)]
  if (!rest.length) return first
  const severity = rest.some((one) => one.severity === 'bad') ? 'bad' : 'warning'
  return [...first, { severity, what, text: text(rest.length) }]
}

/** Files in the maintenance directory that match no real server, although somebody expects them to. */
function unmatched({ config, maintenance, names }: NonNullable<BalancerRecord['ldirectord']>): string[] {
  if (!config || !maintenance.length) return []
  const reals = config.virtuals.flatMap(({ reals }) => reals.map(({ id }) => id))
  const used = new Set(reals.flatMap((real) => maintenanceNames(real, names.get(addressOf(real)))))
  return maintenance.filter((file) => !used.has(file))
}
