import { joined, type Label, label, say } from '../../hosts/label.ts'
import type { RealServer } from '../../services/lvs/facts.ts'
import type { Alert } from '../alerts/alert.ts'
import { alertOf } from '../alerts/conditions.ts'
import { type FrontendRecord, type FrontendService, fallbackOf } from '../frontend/frontends.ts'
import { type Concern, hostConcern, type Ref } from '../ref.ts'
import { balancerConditions } from './conditions.ts'
import type { BalancerRecord } from './record.ts'
import { amissOf, type Serving, servingOf } from './serving.ts'

/** What is wrong with the balancers, with virtual services and with front ends. */
export function balancerAlerts(
  balancers: readonly BalancerRecord[],
  frontends: readonly FrontendRecord[],
  now: number,
): Alert[] {
  const servings = servingOf(balancers)
  const active = new Set(servings.flatMap(({ takers }) => takers))
  const lacking = new Set(servings.filter(({ service }) => !service).map(({ id }) => id))
  return [
    ...amissAlerts(servings),
    ...balancers.flatMap((one) =>
      balancerConditions(one, active.has(one), now).map((condition) =>
        alertOf(hostConcern(one.host), condition),
      ),
    ),
    ...pairAlerts(balancers),
    ...servings.flatMap(serviceAlerts),
    ...frontendAlerts(frontends, lacking),
  ]
}

/** Alerts for services that are not served, one for each reason. */
function amissAlerts(servings: readonly Serving[]): Alert[] {
  return amissOf(servings).map(({ amiss: { word, name, text, advice, types }, concern }) => ({
    ...concern,
    severity: 'bad',
    what: `${word} ${name}`,
    text,
    type: types[0],
    ends: types.slice(1),
    advice,
  }))
}

/** Warns of real servers that one balancer of a pair has and the other lacks: a failover would change who serves. */
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
      // A service that this one lacks entirely may not belong to the pair.
      const lacking = [...other.reals].filter(([real, id]) => one.virtuals.has(id) && !one.reals.has(real))
      const [first] = lacking
      if (!first) return []
      const more = lacking.length > 1 ? say` and ${lacking.length - 1} more` : say``
      return [
        {
          ...hostConcern(one.host),
          severity: 'warning',
          what: `lacks of ${other.host}`,
          text: say`its configuration lacks ${label(first[0])}${more}, which ${label(other.host)} has`,
          advice: say`a failover would change who serves`,
        },
      ]
    }),
  )
}

function serviceAlerts(serving: Serving): Alert[] {
  const { service, amiss } = serving
  // An unknown or missing holder of the address has its own alert.
  if (!service || (amiss && amiss.word !== 'held twice')) return []
  const fallback = fallbackOf(serving)
  const reals = service.reals.filter((one) => one.id !== fallback)
  const inService = reals.filter(({ weight }) => weight > 0)
  if (inService.length) return aloneAlert(serving, reals, inService)
  const isFallback = service.reals.some((one) => one.id === fallback && one.weight > 0)
  const result = isFallback ? say`its fallback ${label(fallback ?? '')} answers` : say`nobody gets in`
  const text = reals.length ? say`all front ends are out: ${result}` : say`has no front end: ${result}`
  return [{ ...serviceConcern(serving), severity: 'bad', what: 'no front end', text, advice: say`` }]
}

function serviceConcern({ id, balancer: { host } }: Serving): Concern {
  return { about: { kind: 'service', id }, host, name: label(id) }
}

/** Only one of several is in service: its failure would leave nobody. */
function aloneAlert(
  serving: Serving,
  reals: readonly RealServer[],
  inService: readonly RealServer[],
): Alert[] {
  const all = Math.max(serving.configured?.reals.length ?? 0, reals.length)
  if (inService.length > 1 || all < 2) return []
  const text = say`only ${label(inService[0]?.id ?? '')} of ${all} is in service: the next failure leaves nobody`
  return [{ ...serviceConcern(serving), severity: 'warning', what: 'one left', text, advice: say`` }]
}

/**
 * One alert for each front end, whatever its number of services: the failed ones, else those that are out without a reason.
 *
 * @param lacking services that are missing in the active table: they have their own alert
 */
function frontendAlerts(frontends: readonly FrontendRecord[], lacking: ReadonlySet<string>): Alert[] {
  return frontends.flatMap(({ address, name, services }): Alert[] => {
    const about: Ref = { kind: 'frontend', id: address }
    const tell = (
      severity: Alert['severity'],
      what: string,
      some: readonly FrontendService[],
      text: Label,
    ) => (some[0] ? [{ about, host: some[0].balancer, name, severity, what, text, advice: say`` }] : [])
    const failed = services.filter(({ duty }) => duty === 'failed')
    if (failed.length)
      return tell('bad', 'failed', failed, say`failed its check, taken out of ${namesOf(failed)}`).map(
        (alert) => ({ ...alert, hits: true as const }),
      )
    const missing = services.filter(({ duty, virtual }) => duty === 'missing' && !lacking.has(virtual))
    const out = services.filter(({ duty, configuredWeight }) => duty === 'weight 0' && configuredWeight)
    return [
      ...tell('warning', 'missing', missing, say`configured in ${namesOf(missing)} and not in the table`),
      ...tell('warning', 'out', out, say`out of ${namesOf(out)}, not by a maintenance file`),
    ]
  })
}

function namesOf(services: readonly FrontendService[]): Label {
  return joined(
    services.map(({ virtual }) => label(virtual)),
    ', ',
  )
}
