import { joined, type Label, label, say } from '../hosts/label.ts'
import { inMaintenance } from '../services/ldirectord/maintenance.ts'
import type { Alert } from './alerts.ts'
import { type BalancerRecord, placeOf } from './balancers.ts'
import { balancerOf, type FrontendRecord } from './frontends.ts'

/** What is wrong with the balancers, with virtual services and with front ends. */
export function balancerAlerts(
  balancers: readonly BalancerRecord[],
  frontends: readonly FrontendRecord[],
): Alert[] {
  return [
    ...addressAlerts(balancers),
    ...balancers.flatMap(ownAlerts),
    ...serviceAlerts(balancers),
    ...frontendAlerts(frontends),
  ]
}

/** An address that two hosts hold answers to some of the clients here, to some there. */
function addressAlerts(balancers: readonly BalancerRecord[]): Alert[] {
  const held = new Map<string, string[]>()
  for (const { host, lvs } of balancers)
    for (const address of new Set(lvs?.services.flatMap(({ address }) => address ?? [])))
      if (lvs?.addresses.has(address)) held.set(address, [...(held.get(address) ?? []), host])
  return [...held].flatMap(([address, hosts]) =>
    hosts.length < 2
      ? []
      : [
          {
            severity: 'bad' as const,
            host: hosts[0] ?? '',
            name: label(address),
            text: say`held by ${label(hosts.join(' and '))} at once`,
            advice: say`take it from the wrong one, or fence that one`,
          },
        ],
  )
}

function ownAlerts({ host, lvs, lvsTrouble, ldirectord, ldirectordTrouble }: BalancerRecord): Alert[] {
  const alerts: Alert[] = []
  const tell = (severity: Alert['severity'], text: Label, advice: Label = say``) =>
    alerts.push({ severity, host, name: label(host), text, advice })
  if (lvsTrouble) tell('bad', say`virtual services: ${lvsTrouble.reason}`, lvsTrouble.advice)
  else if (lvs?.partial) tell('warning', lvs.partial)
  if (ldirectordTrouble)
    tell('warning', say`ldirectord: ${ldirectordTrouble.reason}`, ldirectordTrouble.advice)
  else if (ldirectord?.partial) tell('warning', ldirectord.partial)
  const isActive = lvs?.services.some(({ address }) => address && lvs.addresses.has(address))
  if (isActive && ldirectord?.config && !ldirectord.pid)
    tell('bad', say`ldirectord does not run: nobody checks the front ends`, say`systemctl start ldirectord`)
  if (ldirectord?.notLoaded)
    tell(
      'warning',
      say`${label(ldirectord.configFile)} was changed and is not loaded`,
      say`ldirectord reload`,
    )
  for (const { line, text, fatal } of ldirectord?.config?.problems ?? [])
    tell(fatal ? 'bad' : 'warning', say`${label(ldirectord?.configFile ?? '')} line ${line}: ${text}`)
  for (const file of unmatched(ldirectord))
    tell('warning', say`maintenance file ${label(file)} belongs to no real server`, say`it takes nothing out`)
  return alerts
}

/** Files in the maintenance directory that take nothing out: somebody thinks that they do. */
function unmatched(ldirectord: BalancerRecord['ldirectord']): string[] {
  if (!ldirectord?.config) return []
  const { maintenance, names, config } = ldirectord
  const reals = config.virtuals.flatMap(({ reals }) => reals.map(({ id }) => id))
  const used = new Set(reals.flatMap((real) => inMaintenance(maintenance, real, names)))
  return maintenance.filter((file) => !used.has(file))
}

function serviceAlerts(balancers: readonly BalancerRecord[]): Alert[] {
  return balancers.flatMap((balancer) =>
    (balancer.lvs?.services ?? []).flatMap((service): Alert[] => {
      if (balancerOf(service, balancers) !== balancer || service.reals.some(({ weight }) => weight > 0))
        return []
      const text = service.reals.length
        ? say`all front ends are out: nobody gets in`
        : say`has no front end: nobody gets in`
      return [{ severity: 'bad', host: balancer.host, name: label(placeOf(service)), text, advice: say`` }]
    }),
  )
}

/** One line a front end, whatever number of services failed. */
function frontendAlerts(frontends: readonly FrontendRecord[]): Alert[] {
  return frontends.flatMap(({ name, services }): Alert[] => {
    const failed = services.filter(({ duty }) => duty === 'failed')
    const [first] = failed
    if (!first) return []
    const where = joined(
      failed.map(({ virtual }) => label(virtual)),
      ', ',
    )
    const text = say`failed its check, taken out of ${where}`
    return [{ severity: 'bad', host: first.balancer, name, text, advice: say`` }]
  })
}
