import { poolInfo, volumeList } from '../pool/storage.ts'
import { uuidFrom } from '../random.ts'
import { type DemoMachine, type DemoSize, life, type World } from '../world.ts'
import { readXml, xmlOf } from './domain-xml.ts'

/** What a command says; an answer may take its time. */
export interface Said {
  readonly out?: string
  readonly err?: string
}

type Command = (world: World, host: string, words: readonly string[], input: string) => Said | Promise<Said>

/** The virsh of a demo host: the commands that the console uses, answered in the forms of libvirt 9.0. */
export async function demoVirsh(
  world: World,
  host: string,
  words: readonly string[],
  input = '',
): Promise<Said> {
  const [name = '', ...rest] = words
  const command = commands[name]
  if (!command) return { err: `error: unknown command: '${name}'` }
  world.advance(host)
  return command(world, host, rest, input)
}

const stateWords = [
  'no state',
  'running',
  'idle',
  'paused',
  'in shutdown',
  'shut off',
  'crashed',
  'pmsuspended',
]

/** What this host's libvirt says of a machine: one on the way to it is paused (migrating). */
function lifeOn(machine: DemoMachine, host: string): { state: number; reason: number } {
  return machine.migration?.to === host ? life.incoming : machine.life
}

function find(world: World, host: string, id: string | undefined): DemoMachine | undefined {
  return world.on(host).find((m) => m.uuid === id || m.name === id)
}

/** A command on one machine: the words after the options, the first of which names it. */
function onMachine(
  act: (world: World, host: string, machine: DemoMachine, words: readonly string[]) => Said | Promise<Said>,
): Command {
  return (world, host, words) => {
    const id = words.find((word) => !word.startsWith('--'))
    const machine = find(world, host, id)
    return machine ? act(world, host, machine, words) : { err: `error: failed to get domain '${id}'` }
  }
}

function whenActive(
  verb: string,
  act: (world: World, machine: DemoMachine, host: string) => Said | Promise<Said>,
): Command {
  return onMachine((world, host, machine) =>
    world.isActive(machine)
      ? act(world, machine, host)
      : {
          err: `error: Failed to ${verb} domain '${machine.name}'\nerror: Requested operation is not valid: domain is not running`,
        },
  )
}

const commands: Record<string, Command> = {
  uri: () => ({ out: 'qemu:///system\n\n' }),
  hostname: (_, host) => ({ out: `${host}\n\n` }),
  version: () => ({
    out: 'Using library: libvirt 9.0.0\nUsing API: QEMU 9.0.0\nRunning hypervisor: QEMU 7.2.22\n\n',
  }),
  list,
  domstats,
  nodeinfo: (world, host) => {
    const facts = world.hosts.get(host)
    return {
      out: `CPU model:           x86_64\nCPU(s):              ${facts?.cpus}\nMemory size:         ${facts?.memoryKiB} KiB\n\n`,
    }
  },
  nodecpustats: (world, host) => {
    const facts = world.hosts.get(host)
    const busy = Math.round(facts?.cpuBusyNs ?? 0)
    const idle = Math.round((facts?.cpuTotalNs ?? 0) - (facts?.cpuBusyNs ?? 0))
    return { out: `user:    ${busy}\nsystem:  0\nidle:    ${idle}\niowait:  0\n\n` }
  },
  nodememstats: (world, host) => {
    const facts = world.hosts.get(host)
    if (!facts) return {}
    return {
      out: `total  : ${facts.memoryKiB} KiB\nfree   : ${world.freeKiB(facts)} KiB\nbuffers: 0 KiB\ncached : 0 KiB\n\n`,
    }
  },
  dumpxml: onMachine((_world, host, machine, words) => ({
    out: `${xmlOf(words.includes('--inactive') ? { ...machine, ...machine.next } : machine, host)}\n`,
  })),
  domjobinfo: onMachine((world, host, machine) => ({ out: jobText(world, machine, host) })),
  domjobabort: onMachine((_world, _host, machine) => {
    if (!machine.migration)
      return { err: 'error: Requested operation is not valid: no job is active on the domain' }
    machine.migration.abort()
    return { out: '\n' }
  }),
  domname: onMachine((_world, _host, machine) => ({ out: `${machine.name}\n\n` })),
  domstate: onMachine((_world, host, machine) => ({ out: `${stateWords[lifeOn(machine, host).state]}\n\n` })),
  start: onMachine((world, _host, machine) => {
    if (world.isActive(machine)) return { err: 'error: Domain is already active' }
    return after(world, 400, () => {
      Object.assign(machine, machine.next)
      delete machine.next
      world.become(machine, life.booted, 'Started Booted')
      return { out: `Domain '${machine.name}' started\n\n` }
    })
  }),
  shutdown: whenActive('shutdown', (world, machine) => {
    if (!machine.deaf)
      world.later(2_500, () => world.isActive(machine) && world.become(machine, life.off, 'Stopped Shutdown'))
    return { out: `Domain '${machine.name}' is being shutdown\n\n` }
  }),
  reboot: whenActive('reboot', (world, machine, host) => {
    if (!machine.deaf) world.later(1_500, () => world.tell(host, machine, '', 'reboot'))
    return { out: `Domain '${machine.name}' is being rebooted\n\n` }
  }),
  reset: whenActive('reset', (world, machine, host) => {
    world.tell(host, machine, '', 'reboot')
    return { out: `Domain '${machine.name}' was reset\n\n` }
  }),
  destroy: whenActive('destroy', (world, machine) => {
    machine.migration?.abort()
    world.become(machine, life.destroyed, 'Stopped Destroyed')
    return { out: `Domain '${machine.name}' destroyed\n\n` }
  }),
  suspend: whenActive('suspend', (world, machine) => {
    world.become(machine, life.paused, 'Suspended Paused')
    return { out: `Domain '${machine.name}' suspended\n\n` }
  }),
  resume: whenActive('resume', (world, machine) => {
    if (machine.life.state === 1)
      return {
        err: `error: Failed to resume domain '${machine.name}'\nerror: Requested operation is not valid: domain is already running`,
      }
    world.become(machine, life.unpaused, 'Resumed Unpaused')
    return { out: `Domain '${machine.name}' resumed\n\n` }
  }),
  migrate,
  define,
  undefine: onMachine((world, host, machine) => {
    if (world.isActive(machine)) machine.persistent = false
    else world.forget(machine.uuid)
    world.tell(host, machine, 'Undefined Removed')
    return { out: `Domain '${machine.name}' has been undefined\n\n` }
  }),
  autostart: onMachine((_world, _host, machine, words) => {
    machine.autostart = !words.includes('--disable')
    return { out: `Domain '${machine.name}' ${machine.autostart ? '' : 'un'}marked as autostarted\n\n` }
  }),
  setvcpus: onMachine((world, host, machine, words) => {
    const count = Number(words.filter((word) => !word.startsWith('--'))[1])
    const most = { ...machine, ...machine.next }.maxVcpus
    if (words.includes('--maximum')) resize(world, machine, words, { maxVcpus: count })
    else if (count > most)
      return {
        err: `error: invalid argument: requested vcpus is greater than max allowable vcpus for the persistent domain: ${count} > ${most}`,
      }
    else resize(world, machine, words, { vcpus: count })
    world.tell(host, machine, '', 'metadata-change')
    return { out: '\n' }
  }),
  setmem: onMachine((world, _host, machine, words) => {
    const memoryKiB = Number.parseInt(words.filter((word) => !word.startsWith('--'))[1] ?? '', 10)
    resize(world, machine, words, { memoryKiB })
    return { out: '\n' }
  }),
  setmaxmem: onMachine((world, _host, machine, words) => {
    const maxMemoryKiB = Number.parseInt(words.filter((word) => !word.startsWith('--'))[1] ?? '', 10)
    resize(world, machine, words, { maxMemoryKiB })
    return { out: '\n' }
  }),
  'pool-list': () => ({ out: 'default\n\n' }),
  'pool-info': (world, host) => ({ out: poolInfo(world, host) }),
  'vol-list': (world, host) => ({ out: volumeList(world, host) }),
  'net-list': () => ({ out: 'default\n\n' }),
  'vol-create-as': (_world, _host, words) => ({
    out: `Vol ${words[words.indexOf('--name') + 1]} created\n\n`,
  }),
  domcapabilities: () => ({
    out: '<domainCapabilities><domain>kvm</domain><arch>x86_64</arch></domainCapabilities>\n\n',
  }),
}

/** A new size counts now with `--live` and where it is off; else from its next start. */
function resize(world: World, machine: DemoMachine, words: readonly string[], size: Partial<DemoSize>): void {
  if (words.includes('--live') || !world.isActive(machine)) {
    if (world.isActive(machine)) machine.next ??= sizeOf(machine)
    Object.assign(machine, size)
  } else machine.next = { ...sizeOf(machine), ...machine.next, ...size }
}

function sizeOf({ vcpus, maxVcpus, memoryKiB, maxMemoryKiB }: DemoMachine): DemoSize {
  return { vcpus, maxVcpus, memoryKiB, maxMemoryKiB }
}

function after(world: World, milliseconds: number, then: () => Said): Promise<Said> {
  return new Promise((resolve) => world.later(milliseconds, () => resolve(then())))
}

function list(world: World, host: string, words: readonly string[]): Said {
  const states = words.flatMap((word) => listedAs[word] ?? [])
  const machines = world
    .on(host)
    .filter(
      (m) =>
        (!words.includes('--persistent') || m.persistent) &&
        (!words.includes('--autostart') || m.autostart) &&
        (!states.length || states.includes(lifeOn(m, host).state)),
    )
  const named = words.includes('--name')
  return { out: `${machines.map((m) => (named ? `${m.uuid} ${m.name}` : m.uuid)).join('\n')}\n\n` }
}

/** The numbers of the states that an option of `list` means. */
const listedAs: Record<string, number> = { '--state-running': 1, '--state-paused': 3, '--state-shutoff': 5 }

function domstats(world: World, host: string, words: readonly string[]): Said {
  const asked = words.filter((word) => /^--(state|cpu-total|balloon|vcpu|interface|block)$/.test(word))
  const wants = (group: string) => !asked.length || asked.includes(group)
  return {
    out: `${world
      .on(host)
      .map((m) => statsOf(world, m, host, wants))
      .join('\n')}\n`,
  }
}

function statsOf(world: World, m: DemoMachine, host: string, wants: (group: string) => boolean): string {
  const { state, reason } = lifeOn(m, host)
  const active = world.isActive(m)
  const value = (key: string, number: number) => `  ${key}=${Math.round(number)}`
  const lines = [`Domain: '${m.name}'`, value('state.state', state), value('state.reason', reason)]
  if (wants('--cpu-total')) lines.push(value('cpu.time', m.cpuNs))
  if (wants('--balloon')) {
    lines.push(value('balloon.current', m.memoryKiB), value('balloon.maximum', m.maxMemoryKiB))
    if (active) lines.push(value('balloon.rss', m.memoryKiB * (0.4 + 0.5 * m.load)))
  }
  if (wants('--vcpu')) lines.push(value('vcpu.current', m.vcpus), value('vcpu.maximum', m.maxVcpus))
  if (wants('--interface') && active)
    lines.push(
      '  net.count=1',
      '  net.0.name=vnet0',
      value('net.0.rx.bytes', m.netIn),
      value('net.0.tx.bytes', m.netOut),
    )
  if (wants('--block') && active && m.hasDisk)
    lines.push(
      '  block.count=1',
      '  block.0.name=vda',
      value('block.0.rd.bytes', m.diskRead),
      value('block.0.wr.bytes', m.diskWritten),
    )
  return `${lines.join('\n')}\n`
}

function jobText(world: World, machine: DemoMachine, host: string): string {
  if (!machine.migration || machine.host !== host) return 'Job type:         None        \n\n'
  const total = machine.memoryKiB / 1024
  const remaining = (total * (100 - world.progress(machine))) / 100
  const elapsed = world.now() - machine.migration.startedAt
  return `Job type:         Unbounded   \nOperation:        Outgoing migration\nTime elapsed:     ${elapsed}         ms\nData remaining:   ${remaining.toFixed(3)} MiB\nData total:       ${total.toFixed(3)} MiB\n\n`
}

function migrate(world: World, host: string, words: readonly string[]): Said | Promise<Said> {
  const [id, uri = ''] = words.filter((word) => !word.startsWith('--'))
  const machine = find(world, host, id)
  if (!machine) return { err: `error: failed to get domain '${id}'` }
  if (!world.isActive(machine))
    return { err: 'error: Requested operation is not valid: domain is not running' }
  const to = /:\/\/(?:[^@/]*@)?([^/:]+)/.exec(uri)?.[1] ?? ''
  const target = world.hosts.get(to)
  if (!target)
    return {
      err: `error: Cannot recv data: ssh: Could not resolve hostname ${to}: Name or service not known: Connection reset by peer`,
    }
  if (to === host) return { err: 'error: internal error: Attempt to migrate guest to the same host' }
  if (world.freeKiB(target) < machine.memoryKiB)
    return {
      err: 'error: internal error: process exited while connecting to monitor: cannot set up guest memory: Cannot allocate memory',
    }
  return new Promise((resolve) =>
    world.migrate(machine, to, (error) => resolve(error ? { err: `error: ${error}` } : { out: '\n' })),
  )
}

function define(world: World, host: string, _words: readonly string[], xml: string): Said {
  const failed = 'error: Failed to define domain from /dev/stdin\nerror:'
  const read = readXml(xml)
  if (!read) return { err: `${failed} XML error: no domain in the document` }
  const { uuid: written, ...given } = read
  const known = find(world, host, given.name)
  const uuid = written || known?.uuid || uuidFrom(world.random)
  if (known && known.uuid !== uuid)
    return {
      err: `${failed} operation failed: domain '${given.name}' already exists with uuid ${known.uuid}`,
    }
  const machine = known ? Object.assign(known, given) : world.add({ uuid, host, ...given })
  world.tell(host, machine, known ? 'Defined Updated' : 'Defined Added')
  return { out: `Domain '${given.name}' defined from /dev/stdin\n\n` }
}
