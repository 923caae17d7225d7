import { label } from '../../src/hosts/label.ts'
import type { HypervisorFacts, MachineFacts, Reading } from '../../src/services/libvirt/facts.ts'

/** A UUID that ends with a number. */
export function uuid(n: number): string {
  return `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
}

type Given = Partial<Omit<MachineFacts, 'name' | 'reason'>> & { name?: string; reason?: string }

/** A running machine as a host tells of it; what matters to a test is given. */
export function facts({ name = 'web1', reason = 'booted', ...rest }: Given = {}): MachineFacts {
  return {
    uuid: uuid(1),
    state: 'running',
    persistent: true,
    autostart: false,
    ...rest,
    name: label(name),
    rawName: name,
    reason: label(reason),
  }
}

export const off = (given: Given = {}) => facts({ state: 'shut off', reason: 'shutdown', ...given })
export const incoming = (given: Given = {}) => facts({ state: 'paused', reason: 'migrating', ...given })

export function reading(
  host: string,
  at: number,
  machines: readonly MachineFacts[] = [],
  more: { hypervisor?: Partial<HypervisorFacts>; partial?: string } = {},
): Reading {
  return {
    host,
    at,
    hypervisor: { driver: 'qemu', ...more.hypervisor },
    machines,
    ...(more.partial ? { partial: label(more.partial) } : {}),
  }
}
