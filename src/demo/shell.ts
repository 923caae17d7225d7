import type { Output } from '../hosts/host.ts'
import {
  type DemoBalancer,
  type DemoFrontend,
  type DemoService,
  maintenanceDirectory,
  ticksOf,
  virtualAddress,
} from './balancer/balancing.ts'
import { df } from './pool/storage.ts'
import type { World } from './world.ts'

const said = (stdout: string): Output => ({ code: 0, stdout, stderr: '' })
const failed = (code: number, stderr: string): Output => ({ code, stdout: '', stderr: `${stderr}\n` })

/** The commands of a demo host that is no hypervisor, in the forms of Debian 12. */
export function demoCommand(world: World, host: string, words: readonly string[], input = ''): Output {
  const { balancing } = world
  balancing.advance()
  const [program = '', ...rest] = words
  const balancer = balancing.balancer(host)
  if (program === 'true') return said('')
  if (program === 'df') return said(df(world, host))
  if (program === 'eval' && rest[0]?.includes('/proc/loadavg'))
    return said(`${processes(balancing.frontend(host), world)}${vitals(world, host)}`)
  if (!balancer) return failed(127, `sh: 1: ${program}: not found`)
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
  return balancer.files.command(program, rest, input) ?? failed(127, `sh: 1: ${program}: not found`)
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

/** `/proc/net/dev`: the more there is to do, the more bytes come and go. */
function traffic(busy: number): string {
  const [received, sent] = [Math.round(busy * 900), Math.round(busy * 2_600)]
  return `nics eth0\n  eth0: ${received} 0 0 0 0 0 0 0 ${sent} 0 0 0 0 0 0 0\n`
}

/** CPUs of the demo are counted by so many parts of a tick: a verb looks twice within a few ticks, and shares are what counts. */
const finer = 100

/** `/proc/stat`, `/proc/meminfo`, `/proc/loadavg` and `/proc/net/dev` of a host that is as busy as its connections make it. */
function vitals(world: World, host: string): string {
  const { balancing } = world
  const ticks = Math.floor(ticksOf(world.now()) * finer)
  const busy = Math.floor(balancing.busyTicks(host) * finer)
  const load = (balancing.share(host) * 4).toFixed(2)
  return `cpu  ${busy} 0 0 ${ticks - busy} 0 0 0 0 0 0\ncpu0 0\ncpu1 0\ncpu2 0\ncpu3 0\nMemTotal: 8388608 kB\nMemAvailable: 6291456 kB\n${load} ${load} ${load} 1/123 4567\n${traffic(balancing.busyTicks(host))}`
}

function processes(frontend: DemoFrontend | undefined, world: World): string {
  if (!frontend) return ''
  const active =
    world.balancing.balancers[0]?.services[0]?.reals.find((real) => real.frontend === frontend)?.active ?? 0
  const running = [
    { pid: 612, name: 'slapd', owner: 'openldap', open: Math.round(14 + active + frontend.leaked) },
    { pid: 640, name: 'freeradius', owner: 'freerad', open: 22 },
  ]
  const stats = running.map(
    ({ pid, owner, open }) => `stat ${open} root /proc/${pid}/fd\nstat 0 ${owner} /proc/${pid}\n`,
  )
  const files = running.map(
    ({ pid, name }) =>
      `==> /proc/${pid}/comm <==\n${name}\n\n==> /proc/${pid}/limits <==\nMax open files            1024                 4096                 files\n\n==> /proc/${pid}/status <==\nVmRSS:\t   48212 kB\nThreads:\t6\n\n==> /proc/${pid}/stat <==\n${pid} (${name}) S 1 1 1 0 -1 0 0 0 0 0 900 300 0 0\n\n`,
  )
  return [...stats, ...files].join('')
}
