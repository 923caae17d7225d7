import type { Output } from '../hosts/host.ts'
import { failed, said } from './answer.ts'
import { balancerCommand } from './balancer/commands.ts'
import { clusterCommand } from './cluster/commands.ts'
import { displayCommand } from './display/commands.ts'
import { processes } from './frontend/processes.ts'
import { logs } from './host/logs.ts'
import { date } from './host/time.ts'
import { vitals } from './host/vitals.ts'
import { df } from './pool/storage.ts'
import type { World } from './world.ts'

/** The commands of a demo host that is no hypervisor, in the forms of Debian 12. */
export function demoCommand(world: World, host: string, words: readonly string[], input = ''): Output {
  const { balancing } = world
  balancing.advance()
  const [program = '', script] = words
  const balancer = balancing.balancer(host)
  if (program === 'true') return said('')
  if (program === 'date') return said(date(world, host))
  if (program === 'df') return said(df(world, host))
  if (program === 'eval' && script?.includes('/proc/loadavg'))
    return said(vitals(world, host, processes(balancing.frontend(host), world)))
  const logging = { balancer, isFrontend: balancing.frontend(host) !== undefined }
  const asked = program === 'eval' ? logs(logging, script ?? '') : undefined
  if (asked !== undefined) return said(asked)
  const answer = balancer
    ? (clusterCommand(world.cluster, words) ?? balancerCommand(balancing, balancer, words, input))
    : host === world.displays.server.name && displayCommand(world, words)
  return answer || failed(127, `sh: 1: ${program}: not found`)
}
