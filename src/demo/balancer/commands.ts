import type { Output } from '../../hosts/host.ts'
import { failed, said } from '../answer.ts'
import {
  type Balancing,
  type DemoBalancer,
  type DemoService,
  maintenanceDirectory,
  virtualAddress,
} from './balancing.ts'

/** The commands of a balancer, in the forms of Debian 12; undefined: it has no such command. */
export function balancerCommand(
  balancing: Balancing,
  balancer: DemoBalancer,
  [program = '', ...rest]: readonly string[],
  input: string,
): Output | undefined {
  if (program === 'ipvsadm') return ipvsadm(balancer, rest)
  if (program === 'ip') return said(addresses(balancer))
  if (program === 'eval' && rest[0]?.includes('ldirectord'))
    return said(
      `pid 871 /run/ldirectord.ldirectord.pid\nstamp 1700000000 1700000000 ${balancer.files.version}\n`,
    )
  if (program === 'eval') return said(['.', ...balancer.maintenance].map((name) => `${name}\n`).join(''))
  if (program === 'timeout')
    return said(balancing.frontends.map((f) => `${f.address} ${f.name}.demo\n`).join(''))
  if (program === 'pkill') {
    balancing.reload(balancer)
    return said('')
  }
  if (program === 'touch' || program === 'rm') return maintain(balancer, program, rest)
  return balancer.files.command(program, rest, input)
}

function maintain({ maintenance }: DemoBalancer, program: string, words: readonly string[]): Output {
  for (const path of words.filter((word) => word.startsWith(`${maintenanceDirectory}/`))) {
    const name = path.slice(maintenanceDirectory.length + 1)
    if (program === 'touch') maintenance.add(name)
    else maintenance.delete(name)
  }
  return said('')
}

const idOf = ({ protocol, port }: DemoService) => `${protocol}  ${virtualAddress}:${port}`

function ipvsadm(balancer: DemoBalancer, words: readonly string[]): Output {
  const { services } = balancer
  const sync = balancer.holdsAddress ? 'master' : 'backup'
  if (words.includes('--daemon')) return said(`${sync} sync daemon (mcast=eth0, syncid=0, maxlen=1472)\n`)
  if (words[0] === '-e') return edit(balancer, words)
  const counted = words.includes('--stats') || words.includes('--rate')
  // Of every fifteen connections one is new in each second; since the start they have been some thousands.
  const since = words.includes('--stats') ? 3_600 : 1
  const row = (active: number) => {
    const connections = Math.round((active * since) / 15)
    return `${connections} ${connections * 6} 0 ${Math.round(active * since * 90)} 0`
  }
  const lines = services.flatMap((service) => [
    `${idOf(service)} ${counted ? row(service.reals.reduce((sum, { active }) => sum + active, 0)) : 'sed'}`,
    ...service.reals.map((real) => {
      const id = `  -> ${real.frontend.address}:${service.port}`
      const active = Math.round(real.active)
      if (words.includes('--thresholds')) return `${id} 0 0 ${active} 0`
      return counted
        ? `${id} ${row(real.weight ? real.active : 0)}`
        : `${id} Route ${real.weight} ${active} ${Math.round(active / 3)}`
    }),
  ])
  return said(
    `IP Virtual Server version 1.2.1 (size=4096)\nProt LocalAddress:Port Scheduler Flags\n${lines.join('\n')}\n`,
  )
}

/** `-e -t SERVICE -r REAL … -w WEIGHT`. */
function edit({ services }: DemoBalancer, words: readonly string[]): Output {
  const after = (option: string) => words[words.indexOf(option) + 1] ?? ''
  const where = after(words.includes('-u') ? '-u' : '-t')
  const service = services.find(({ port }) => where === `${virtualAddress}:${port}`)
  const real = service?.reals.find(({ frontend }) => after('-r') === `${frontend.address}:${service.port}`)
  if (!real) return failed(255, service ? 'No such destination' : 'Service not defined')
  real.weight = Number(after('-w'))
  return said('')
}

function addresses({ address, holdsAddress }: DemoBalancer): string {
  const all = ['127.0.0.1/8', `${address}/24`, ...(holdsAddress ? [`${virtualAddress}/32`] : [])]
  return all.map((one) => `2: eth0    inet ${one} scope global eth0\n`).join('')
}
