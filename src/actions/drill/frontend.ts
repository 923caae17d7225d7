import { label, say } from '../../hosts/label.ts'
import { answering, daemonOn } from './daemons.ts'
import { dutyOf } from './duty.ts'
import type { About, Drill, DrillKind } from './kind.ts'
import { killed, stopped } from './process.ts'

type FrontendRecord = Parameters<DrillKind<'frontend'>['plan']>[0]

/** A front end: the daemon behind the service on which there is load. */
export const frontendDrill: DrillKind<'frontend'> = {
  name: 'frontend',
  subject: 'frontend',
  help: 'Breaks the slapd or the FreeRADIUS of a front end under load, where the configuration allows drills.',
  hows: { kill: 'SIGKILL', stop: 'SIGSTOP' },
  plan: (frontend, how, about) => {
    const found = underLoad(frontend, about)
    if (typeof found === 'string') return found
    const { host, speaks, drill } = found
    const daemon = daemonOn(host, speaks, about.snapshot)
    if (typeof daemon === 'string') return daemon
    return { ...drill, kind: 'frontend', breaking: (how === 'stop' ? stopped : killed)(daemon) }
  },
}

/**
 * A front end in a service on which load can be put; or why there is none.
 *
 * @param about its first target that this one is behind is taken
 */
export function underLoad({ host, name, address, services }: FrontendRecord, { targets, snapshot }: About) {
  if (host === undefined) return say`${name} is no host of the configuration`
  const isOfIt = ({ service }: (typeof targets)[number]) =>
    services.some(({ virtual }) => virtual === service.name)
  const target = targets.find(isOfIt)
  const service = services.find(({ virtual }) => virtual === target?.service.name)
  if (!target || !service) return say`${name} serves nothing on which load could be put`
  if (service.duty !== 'in service') return say`${name} is not in service (${label(service.duty)})`
  const others = target.service.reals.filter((one) => one.address !== address && one.duty === 'in service')
  if (!others.length)
    return say`nobody else serves ${target.service.name} now: without ${name} nobody gets in`
  const { speaks } = target
  if (!answering[speaks].isWell(host, snapshot))
    return say`its ${answering[speaks].title} does not answer vdd`
  const drill: Pick<Drill, 'name' | 'address' | 'host' | 'sight' | 'target'> = {
    name,
    address,
    host,
    target,
    sight: dutyOf(host, service, answering[speaks]),
  }
  return { host, speaks, address, drill }
}
