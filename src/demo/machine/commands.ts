import type { Command, Commands, Said } from '../command.ts'
import { uuidFrom } from '../random.ts'
import type { World } from '../world.ts'
import { readXml, xmlOf } from './domain-xml.ts'
import { type DemoMachine, type DemoSize, life } from './machine.ts'
import { domstats, jobText, lifeOn } from './stats.ts'

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

function find(world: World, host: string, id: string | undefined): DemoMachine | undefined {
  return world.hypervisors.on(host).find((m) => m.uuid === id || m.name === id)
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
    world.hypervisors.isActive(machine)
      ? act(world, machine, host)
      : {
          err: `error: Failed to ${verb} domain '${machine.name}'\nerror: Requested operation is not valid: domain is not running`,
        },
  )
}

/** The virsh commands on machines that the console uses, in the forms of libvirt 9.0. */
export const machineCommands: Commands = {
  list,
  domstats,
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
    if (world.hypervisors.isActive(machine)) return { err: 'error: Domain is already active' }
    return after(world, 400, () => {
      Object.assign(machine, machine.next)
      delete machine.next
      world.hypervisors.become(machine, life.booted, 'Started Booted')
      return { out: `Domain '${machine.name}' started\n\n` }
    })
  }),
  shutdown: whenActive('shutdown', (world, machine) => {
    if (!machine.deaf)
      world.later(
        2_500,
        () =>
          world.hypervisors.isActive(machine) &&
          world.hypervisors.become(machine, life.off, 'Stopped Shutdown'),
      )
    return { out: `Domain '${machine.name}' is being shutdown\n\n` }
  }),
  reboot: whenActive('reboot', (world, machine, host) => {
    if (!machine.deaf) world.later(1_500, () => world.hypervisors.tell(host, machine, '', 'reboot'))
    return { out: `Domain '${machine.name}' is being rebooted\n\n` }
  }),
  reset: whenActive('reset', (world, machine, host) => {
    world.hypervisors.tell(host, machine, '', 'reboot')
    return { out: `Domain '${machine.name}' was reset\n\n` }
  }),
  destroy: whenActive('destroy', (world, machine) => {
    machine.migration?.abort()
    world.hypervisors.become(machine, life.destroyed, 'Stopped Destroyed')
    return { out: `Domain '${machine.name}' destroyed\n\n` }
  }),
  suspend: whenActive('suspend', (world, machine) => {
    world.hypervisors.become(machine, life.paused, 'Suspended Paused')
    return { out: `Domain '${machine.name}' suspended\n\n` }
  }),
  resume: whenActive('resume', (world, machine) => {
    if (machine.life.state === 1)
      return {
        err: `error: Failed to resume domain '${machine.name}'\nerror: Requested operation is not valid: domain is already running`,
      }
    world.hypervisors.become(machine, life.unpaused, 'Resumed Unpaused')
    return { out: `Domain '${machine.name}' resumed\n\n` }
  }),
  migrate,
  define,
  undefine: onMachine((world, host, machine) => {
    if (world.hypervisors.isActive(machine)) machine.persistent = false
    else world.hypervisors.forget(machine.uuid)
    world.hypervisors.tell(host, machine, 'Undefined Removed')
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
    world.hypervisors.tell(host, machine, '', 'metadata-change')
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
}

/** A new size takes effect at once with `--live` or if the machine is off, else at its next start. */
function resize(world: World, machine: DemoMachine, words: readonly string[], size: Partial<DemoSize>): void {
  if (words.includes('--live') || !world.hypervisors.isActive(machine)) {
    if (world.hypervisors.isActive(machine)) machine.next ??= sizeOf(machine)
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
  const machines = world.hypervisors
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

function migrate(world: World, host: string, words: readonly string[]): Said | Promise<Said> {
  const [id, uri = ''] = words.filter((word) => !word.startsWith('--'))
  const machine = find(world, host, id)
  if (!machine) return { err: `error: failed to get domain '${id}'` }
  if (!world.hypervisors.isActive(machine))
    return { err: 'error: Requested operation is not valid: domain is not running' }
  const to = /:\/\/(?:[^@/]*@)?([^/:]+)/.exec(uri)?.[1] ?? ''
  const target = world.hypervisors.hosts.get(to)
  if (!target)
    return {
      err: `error: Cannot recv data: ssh: Could not resolve hostname ${to}: Name or service not known: Connection reset by peer`,
    }
  if (to === host) return { err: 'error: internal error: Attempt to migrate guest to the same host' }
  if (world.hypervisors.freeKiB(target) < machine.memoryKiB)
    return {
      err: 'error: internal error: process exited while connecting to monitor: cannot set up guest memory: Cannot allocate memory',
    }
  return new Promise((resolve) =>
    world.hypervisors.migrate(machine, to, (error) =>
      resolve(error ? { err: `error: ${error}` } : { out: '\n' }),
    ),
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
  const machine = known ? Object.assign(known, given) : world.hypervisors.add({ uuid, host, ...given })
  world.hypervisors.tell(host, machine, known ? 'Defined Updated' : 'Defined Added')
  return { out: `Domain '${given.name}' defined from /dev/stdin\n\n` }
}
