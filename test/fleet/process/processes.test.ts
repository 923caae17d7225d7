import { describe, expect, it } from 'vitest'
import { Processes } from '../../../src/fleet/process/processes.ts'
import { label } from '../../../src/hosts/label.ts'

/** A reading of one slapd, which has used so many ticks of CPU. */
function reading(at: number, cpuTicks: number, pid = 7) {
  const process = { pid, name: label('slapd'), owner: label('openldap'), open: 10, softLimit: 64, cpuTicks }
  const cpu = { busy: 0, total: 0 }
  const host = { host: 'rs1', at, cpus: 2, cpu, load: 0, memoryKiB: 1, memoryAvailableKiB: 1, bonds: [] }
  return { ...host, processes: [process] }
}

describe('the CPU of a process', () => {
  it('is its share of one CPU between two readings, and not known before the second', () => {
    const processes = new Processes()
    const share = (...args: Parameters<typeof reading>) => processes.records(reading(...args))[0]?.cpuPercent
    expect(share(1_000, 500)).toBeUndefined()
    expect(share(2_000, 550)).toBe(50)
    expect(share(2_100, 552)).toBe(50)
    expect(share(3_000, 850)).toBe(300)
    expect(share(4_000, 10)).toBeUndefined()
    expect(share(5_000, 20)).toBe(10)
    expect(share(6_000, 100, 8)).toBeUndefined()
  })
})
