import { afterEach, beforeEach, vi } from 'vitest'
import type { HostError } from '../../../src/hosts/host.ts'
import type { MachineFacts, Reading } from '../../../src/services/libvirt/facts.ts'
import { type Glance, LibvirtWatch } from '../../../src/services/libvirt/watch.ts'
import { type Script, ScriptedHost } from './scripted-host.ts'

/** Timers and the clock are the test's; streams and promises go on by themselves. */
export function withTestClock(): void {
  const failures: unknown[] = []
  const failed = (error: unknown) => failures.push(error)
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'] })
    process.on('unhandledRejection', failed)
  })
  afterEach(() => {
    vi.useRealTimers()
    process.off('unhandledRejection', failed)
    if (failures.length > 0) throw new AggregateError(failures.splice(0), 'unhandled rejections')
  })
}

/** Lets all that needs no time happen. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 40; i++) await new Promise((resolve) => setImmediate(resolve))
}

export interface Watching {
  readonly host: ScriptedHost
  readonly watch: LibvirtWatch
  readonly readings: Reading[]
  readonly troubles: HostError[]
  /** of each trouble, whether the host itself answers */
  readonly answering: boolean[]
  /** Lets time pass until the condition holds; returns how many milliseconds that took. */
  until(what: string, condition: () => boolean, atMost?: number): Promise<number>
  /** Lets time pass until the next reading, and returns it. */
  next(atMost?: number): Promise<Reading>
  machine(name: string): MachineFacts
}

/** A watch of a scripted host. It is stopped by the test. */
export function watching(script: Script, uri = 'qemu:///system', interval = 1000, glance?: Glance): Watching {
  const host = new ScriptedHost(script)
  const readings: Reading[] = []
  const troubles: HostError[] = []
  const answering: boolean[] = []
  const watch = new LibvirtWatch({
    host,
    uri,
    readOnly: true,
    now: Date.now,
    interval,
    glance,
    sink: {
      reading: (reading) => readings.push(reading),
      trouble: (_, error, hostAnswers) => {
        troubles.push(error)
        answering.push(hostAnswers)
      },
    },
  })
  const until: Watching['until'] = async (what, condition, atMost = 60_000) => {
    for (let waited = 0; waited <= atMost; waited += 10) {
      await settle()
      if (condition()) return waited
      vi.advanceTimersByTime(10)
    }
    throw new Error(`waited ${atMost} ms for ${what}`)
  }
  const last = () => readings[readings.length - 1]
  return {
    host,
    watch,
    readings,
    troubles,
    answering,
    until,
    async next(atMost) {
      const count = readings.length
      await until('a reading', () => readings.length > count, atMost)
      return last() as Reading
    },
    machine(name) {
      const machine = last()?.machines.find((m) => m.rawName === name)
      if (!machine) throw new Error(`${name} is not in the last reading`)
      return machine
    },
  }
}
