import { joined, type Label, label, say } from '../hosts/label.ts'
import { addressOf, inMaintenance } from '../services/ldirectord/maintenance.ts'
import type { RealServer, VirtualService } from '../services/lvs/facts.ts'
import type { Alert } from './alerts.ts'
import { type BalancerRecord, placeOf } from './balancers.ts'
import { balancerOf, type FrontendRecord, fallbackOf } from './frontends.ts'
import { troubleText } from './model.ts'

/** What is wrong with the balancers, with virtual services and with front ends. */
export function balancerAlerts(
  balancers: readonly BalancerRecord[],
  frontends: readonly FrontendRecord[],
  now: number,
): Alert[] {
  return [
    ...addressAlerts(balancers),
    ...balancers.flatMap((one) => ownAlerts(one, now)),
    ...pairAlerts(balancers),
    ...serviceAlerts(balancers),
    ...frontendAlerts(frontends),
  ]
}

/** The addresses of the services that a balancer has or should have: ldirectord empties its table when it is stopped. */
function addressesOf({ lvs, ldirectord }: BalancerRecord): Set<string> {
  const ids = [...(lvs?.services ?? []), ...(ldirectord?.config?.virtuals ?? [])].map(placeOf)
  return new Set(ids.map(addressOf).filter((address) => /[.:]/.test(address)))
}

/** An address that two hosts hold answers to some of the clients here, to some there; one that nobody holds, to none. */
function addressAlerts(balancers: readonly BalancerRecord[]): Alert[] {
  const answering = balancers.filter(({ lvs, lvsTrouble }) => lvs && !lvsTrouble)
  const addresses = new Set(answering.flatMap((one) => [...addressesOf(one)]))
  return [...addresses].flatMap((address): Alert[] => {
    const hosts = answering.filter(({ lvs }) => lvs?.addresses.has(address)).map(({ host }) => host)
    const about = {
      severity: 'bad' as const,
      what: hosts.length > 1 ? 'held twice' : 'held by nobody',
      host: (hosts[0] ?? answering[0]?.host) || '',
      name: label(address),
    }
    if (hosts.length > 1) {
      const text = say`held by ${label(hosts.join(' and '))} at once`
      return [{ ...about, text, advice: say`take it from the wrong one, or fence that one` }]
    }
    // One that does not answer may hold it.
    if (hosts.length || answering.length < balancers.length) return []
    return [
      {
        ...about,
        text: say`held by no balancer: nobody gets in`,
        advice: say`see what became of the failover`,
      },
    ]
  })
}

function ownAlerts(record: BalancerRecord, now: number): Alert[] {
  const { host, lvs, lvsTrouble, ldirectord, ldirectordTrouble } = record
  const alerts: Alert[] = []
  const tell = (severity: Alert['severity'], what: string, text: Label, advice: Label = say``) =>
    alerts.push({ severity, what, host, name: label(host), text, advice })
  if (lvsTrouble)
    tell(
      'bad',
      'lvs',
      say`virtual services: ${troubleText(lvsTrouble, lvs !== undefined, now)}`,
      lvsTrouble.advice,
    )
  else if (lvs?.partial) tell('warning', 'lvs partial', lvs.partial)
  if (ldirectordTrouble)
    tell(
      'warning',
      'ldirectord',
      say`ldirectord: ${troubleText(ldirectordTrouble, ldirectord !== undefined, now)}`,
      ldirectordTrouble.advice,
    )
  else if (ldirectord?.partial) tell('warning', 'ldirectord partial', ldirectord.partial)
  const isActive = [...addressesOf(record)].some((address) => lvs?.addresses.has(address))
  if (isActive && !lvsTrouble && ldirectord?.config && !ldirectord.daemon)
    tell(
      'bad',
      'ldirectord stopped',
      say`ldirectord does not run: nobody checks the front ends`,
      say`systemctl start ldirectord`,
    )
  for (const { id } of isActive && !lvsTrouble ? (ldirectord?.config?.virtuals ?? []) : [])
    if (!lvs?.services.some((service) => service.id === id))
      tell('bad', `no service ${id}`, say`${label(id)} is configured and not in the table: nobody gets in`)
  if (ldirectord?.notLoaded)
    tell(
      'warning',
      'not loaded',
      say`${label(ldirectord.configFile)} was changed and is not loaded`,
      say`ldirectord reload`,
    )
  for (const { line, text, fatal } of ldirectord?.config?.problems ?? [])
    tell(
      fatal ? 'bad' : 'warning',
      `line ${line}`,
      say`${label(ldirectord?.configFile ?? '')} line ${line}: ${text}`,
    )
  for (const file of unmatched(ldirectord))
    tell(
      'warning',
      `file ${file}`,
      say`maintenance file ${label(file)} belongs to no real server`,
      say`it takes nothing out`,
    )
  return alerts
}

/** Files in the maintenance directory that take nothing out: somebody thinks that they do. */
function unmatched(ldirectord: BalancerRecord['ldirectord']): string[] {
  if (!ldirectord?.config || !ldirectord.maintenance.length) return []
  const { maintenance, names, config } = ldirectord
  const reals = config.virtuals.flatMap(({ reals }) => reals.map(({ id }) => id))
  const used = new Set(reals.flatMap((real) => inMaintenance(maintenance, real, names)))
  return maintenance.filter((file) => !used.has(file))
}

/** What one balancer would serve after a failover that another serves, and this one does not. */
function pairAlerts(balancers: readonly BalancerRecord[]): Alert[] {
  const known = balancers.flatMap(({ host, ldirectord, ldirectordTrouble }) =>
    ldirectord?.config && !ldirectordTrouble ? [{ host, virtuals: ldirectord.config.virtuals }] : [],
  )
  const all = known.map(({ host, virtuals }) => ({
    host,
    virtuals: new Set(virtuals.map(({ id }) => id)),
    reals: new Map(virtuals.flatMap(({ id, reals }) => reals.map((real) => [`${real.id} in ${id}`, id]))),
  }))
  return all.flatMap((one) =>
    all.flatMap((other): Alert[] => {
      // A service that this one does not have at all may be none of the pair's.
      const lacking = [...other.reals].filter(([real, id]) => one.virtuals.has(id) && !one.reals.has(real))
      const [first] = lacking
      if (!first) return []
      const more = lacking.length > 1 ? say` and ${lacking.length - 1} more` : say``
      return [
        {
          severity: 'warning',
          what: `lacks of ${other.host}`,
          host: one.host,
          name: label(one.host),
          text: say`its configuration lacks ${label(first[0])}${more}, which ${label(other.host)} has`,
          advice: say`a failover would change who serves`,
        },
      ]
    }),
  )
}

function serviceAlerts(balancers: readonly BalancerRecord[]): Alert[] {
  return balancers.flatMap((balancer) =>
    (balancer.lvs?.services ?? []).flatMap((service): Alert[] => {
      if (balancerOf(service, balancers) !== balancer) return []
      const fallback = fallbackOf(service.id, balancer)
      const reals = service.reals.filter(({ id }) => id !== fallback)
      const serving = reals.filter(({ weight }) => weight > 0)
      if (serving.length) return aloneAlert(balancer, service, serving)
      const isFallback = service.reals.some(({ id, weight }) => id === fallback && weight > 0)
      const result = isFallback ? say`its fallback ${label(fallback ?? '')} answers` : say`nobody gets in`
      const text = reals.length ? say`all front ends are out: ${result}` : say`has no front end: ${result}`
      const name = label(service.id)
      return [{ severity: 'bad', what: 'no front end', host: balancer.host, name, text, advice: say`` }]
    }),
  )
}

/** One that carries what several should: the next failure leaves nobody. */
function aloneAlert(
  balancer: BalancerRecord,
  service: VirtualService,
  serving: readonly RealServer[],
): Alert[] {
  const { host, ldirectord } = balancer
  const configured = ldirectord?.config?.virtuals.find(({ id }) => id === service.id)?.reals.length ?? 0
  const fallback = service.reals.some(({ id }) => id === fallbackOf(service.id, balancer))
  const all = Math.max(configured, service.reals.length - (fallback ? 1 : 0))
  if (serving.length > 1 || all < 2) return []
  const text = say`only ${label(serving[0]?.id ?? '')} of ${all} is in service: the next failure leaves nobody`
  const name = label(service.id)
  return [{ severity: 'warning', what: 'one left', host, name, text, advice: say`` }]
}

/** One line a front end, whatever number of services: those that failed, else those that are out although nobody said so. */
function frontendAlerts(frontends: readonly FrontendRecord[]): Alert[] {
  return frontends.flatMap(({ name, services }): Alert[] => {
    const failed = services.filter(({ duty }) => duty === 'failed')
    const odd = services.filter(
      ({ duty, configuredWeight }) => (duty === 'missing' || duty === 'weight 0') && configuredWeight,
    )
    const [first] = failed.length ? failed : odd
    if (!first) return []
    const where = joined(
      (failed.length ? failed : odd).map(({ virtual }) => label(virtual)),
      ', ',
    )
    const about = { host: first.balancer, name, advice: say`` }
    return failed.length
      ? [{ ...about, severity: 'bad', what: 'failed', text: say`failed its check, taken out of ${where}` }]
      : [
          {
            ...about,
            severity: 'warning',
            what: 'out',
            text: say`out of ${where}, not by a maintenance file`,
          },
        ]
  })
}
