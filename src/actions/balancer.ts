import type { BalancerRecord } from '../fleet/balancers.ts'
import type { HostRecord, Snapshot } from '../fleet/model.ts'
import { label, say } from '../hosts/label.ts'
import { inMaintenance } from '../services/ldirectord/maintenance.ts'
import { reloadConfig } from '../services/ldirectord/verbs.ts'
import type { Change } from './action.ts'

function recordOf({ name }: HostRecord, { balancers }: Snapshot): BalancerRecord | undefined {
  return balancers.find(({ host }) => host === name)
}

const reload: Change<HostRecord> = {
  kind: 'change',
  subject: 'balancer',
  group: 'duty',
  verb: 'reload',
  key: 'R',
  title: 'Reload ldirectord',
  help: 'Lets ldirectord read its configuration again.',
  risk: 'disruptive',
  patience: 60,
  available: (host, { snapshot }) => {
    const record = recordOf(host, snapshot)
    if (!record?.ldirectord) return say`ldirectord on ${label(host.name)} is not known`
    if (record.ldirectordTrouble) return record.ldirectordTrouble.reason
    if (!record.ldirectord.pid) return say`ldirectord does not run there`
    const fatal = record.ldirectord.config?.problems.find((one) => one.fatal)
    return fatal ? say`it would refuse line ${fatal.line}: ${fatal.text}` : true
  },
  asks: [],
  warns: (host, _answers, snapshot) => {
    const { lvs, ldirectord } = recordOf(host, snapshot) ?? {}
    const { config, maintenance = [], names = new Map() } = ldirectord ?? {}
    const configured = new Map(config?.virtuals.map(({ id, reals }) => [id, reals]))
    const byHand = lvs?.services.flatMap(({ id, reals }) =>
      reals.filter((real) => {
        const wanted = configured.get(id)?.find((one) => one.id === real.id)?.weight
        return (
          wanted !== undefined && wanted !== real.weight && !inMaintenance(maintenance, real.id, names).length
        )
      }),
    )
    return [
      ...(byHand ?? []).map(
        ({ id, weight }) => say`${label(id)} has weight ${weight}: it gets the configured one back`,
      ),
      // Measured: 0.4 to 1 s (notes/lvs.md: The bounce at reload and restart).
      ...(maintenance.length && !config?.readdquiescent
        ? [say`what is in maintenance takes new connections for about a second (readdquiescent=no)`]
        : []),
    ]
  },
  plan: (host, _answers, { fleet, snapshot }) => {
    const { config } = fleet.member(host.name) ?? {}
    const file = recordOf(host, snapshot)?.ldirectord?.configFile
    return [reloadConfig({ host: host.name, sudo: config?.sudo ?? false }, file)]
  },
  settled: (host, _answers, snapshot) => {
    const { pid, notLoaded } = recordOf(host, snapshot)?.ldirectord ?? {}
    return (pid !== undefined && !notLoaded) || undefined
  },
}

export const balancerActions: readonly Change<HostRecord>[] = [reload]
