import type { Said } from '../command.ts'
import type { World } from '../world.ts'
import { type DemoMachine, life } from './machine.ts'

/** What this host's libvirt says of a machine: one on the way to it is paused (migrating). */
export function lifeOn(machine: DemoMachine, host: string): { state: number; reason: number } {
  return machine.migration?.to === host ? life.incoming : machine.life
}

export function domstats(world: World, host: string, words: readonly string[]): Said {
  const asked = words.filter((word) => /^--(state|cpu-total|balloon|vcpu|interface|block)$/.test(word))
  const wants = (group: string) => !asked.length || asked.includes(group)
  return {
    out: `${world.hypervisors
      .on(host)
      .map((m) => statsOf(world, m, host, wants))
      .join('\n')}\n`,
  }
}

function statsOf(world: World, m: DemoMachine, host: string, wants: (group: string) => boolean): string {
  const { state, reason } = lifeOn(m, host)
  const active = world.hypervisors.isActive(m)
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

export function jobText(world: World, machine: DemoMachine, host: string): string {
  if (!machine.migration || machine.host !== host) return 'Job type:         None        \n\n'
  const total = machine.memoryKiB / 1024
  const remaining = (total * (100 - world.hypervisors.progress(machine))) / 100
  const elapsed = world.now() - machine.migration.startedAt
  return `Job type:         Unbounded   \nOperation:        Outgoing migration\nTime elapsed:     ${elapsed}         ms\nData remaining:   ${remaining.toFixed(3)} MiB\nData total:       ${total.toFixed(3)} MiB\n\n`
}
