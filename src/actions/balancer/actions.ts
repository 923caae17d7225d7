import type { BalancerRecord } from '../../fleet/balancer/record.ts'
import type { HostRecord } from '../../fleet/host/record.ts'
import type { Snapshot } from '../../fleet/snapshot.ts'
import { label, say } from '../../hosts/label.ts'
import type { LdirectordConfig } from '../../services/ldirectord/facts.ts'
import { reloadConfig } from '../../services/ldirectord/verbs.ts'
import type { Change } from '../action.ts'
import { drillBalancer } from '../drill/action.ts'
import { reloadWarnings } from './reload-warnings.ts'

function balancerRecord({ name }: HostRecord, { balancers }: Snapshot): BalancerRecord | undefined {
  return balancers.find(({ host }) => host === name)
}

/** A log in syslog cannot be read. */
function isLogged(config: LdirectordConfig | undefined): boolean {
  return !!config?.logfile.startsWith('/')
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
    if (!host.roles.includes('balancer')) return say`it is no balancer`
    const record = balancerRecord(host, snapshot)
    if (record?.ldirectordTrouble) return record.ldirectordTrouble.reason
    if (!record?.ldirectord) return say`ldirectord on ${label(host.name)} has not been asked yet`
    if (!record.ldirectord.daemon) return say`ldirectord does not run there`
    const fatal = record.ldirectord.config?.problems.find((one) => one.fatal)
    return fatal ? say`it would refuse line ${fatal.line}: ${fatal.text}` : true
  },
  asks: [],
  warns: (host, _answers, snapshot) => {
    const record = balancerRecord(host, snapshot)
    return record ? reloadWarnings([record]) : []
  },
  plan: (host, _answers, { fleet, snapshot }) => {
    const { config } = fleet.member(host.name) ?? {}
    const { daemon } = balancerRecord(host, snapshot)?.ldirectord ?? {}
    return daemon ? [reloadConfig({ host: host.name, sudo: config?.sudo ?? false }, daemon.pidFile)] : []
  },
  settled: (host, _answers, snapshot, began) => {
    const {
      at = 0,
      daemon,
      notLoaded,
      loadedAt = 0,
      config,
    } = balancerRecord(host, snapshot)?.ldirectord ?? {}
    return (!!daemon && !notLoaded && (isLogged(config) ? loadedAt : at) >= began) || undefined
  },
  remark: (host, _answers, snapshot) =>
    isLogged(balancerRecord(host, snapshot)?.ldirectord?.config)
      ? undefined
      : say`whether it was read is not known: ldirectord does not log to a file`,
}

export const balancerActions: readonly Change<HostRecord>[] = [reload, drillBalancer]
