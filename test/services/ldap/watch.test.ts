import { afterEach, describe, expect, it, vi } from 'vitest'
import { HostError } from '../../../src/hosts/host.ts'
import { say } from '../../../src/hosts/label.ts'
import type { Rounds } from '../../../src/hosts/rounds.ts'
import type { LdapConnection, LdapEntry, LdapReading } from '../../../src/services/ldap/facts.ts'
import { watchLdap } from '../../../src/services/ldap/watch.ts'
import { withTestClock } from '../support/watching.ts'

withTestClock()

const base = 'dc=example,dc=org'

/** A slapd that counts what it is asked: its monitor tells how often that was. */
class Scene {
  readonly asked = new Map<string, number>()
  readonly readings: LdapReading[] = []
  readonly rounds: Rounds
  /** since when each time it failed, as far as that was told */
  readonly failed: (number | undefined)[] = []
  isGone = false
  #kept: (() => void) | undefined

  constructor() {
    this.rounds = watchLdap({
      host: 'fe1',
      open: async (lost) => {
        if (this.isGone) throw new HostError('unreachable', 'fe1', say`refused`)
        return this.#connection(lost)
      },
      questions: { base },
      interval: 1_000,
      now: Date.now,
      sink: {
        reading: (one) => this.readings.push(one),
        trouble: (_host, _error, lostAt) => this.failed.push(lostAt),
      },
    })
    this.rounds.start()
  }

  /** The server ends. */
  end(): void {
    this.isGone = true
    this.#kept?.()
  }

  /** The server is started anew. */
  restart(): void {
    this.asked.clear()
    this.#kept?.()
  }

  #connection(lost: (() => void) | undefined): LdapConnection {
    let closed = false
    if (lost)
      this.#kept = () => {
        closed = true
        lost()
      }
    return {
      get closed() {
        return closed
      },
      search: async (name, { attributes }) => {
        const what = name === base ? (attributes[0] ?? '') : name
        this.asked.set(what, (this.asked.get(what) ?? 0) + 1)
        return name === base ? [entry(base, 'dc', 'example')] : [counter(this.asked.get(what) ?? 0)]
      },
      close: () => {},
    }
  }
}

const entry = (dn: string, name: string, value: string): LdapEntry => ({
  dn,
  values: new Map([[name, [value]]]),
})
const counter = (n: number) => entry('cn=Current,cn=Connections,cn=Monitor', 'monitorcounter', `${n}`)

let scene: Scene | undefined
afterEach(() => scene?.rounds.stop())
const pass = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds)

describe('watching a slapd', () => {
  it('asks each second whether it answers and what it has, and reads cn=Monitor, which is long, every third', async () => {
    scene = new Scene()
    const began = Date.now()
    await pass(10_500)
    expect(scene.asked.get('contextCSN')).toBe(11)
    expect(scene.asked.get('cn=Monitor')).toBe(5)
    const told = scene.readings.map(({ monitor, monitorAt = 0 }) => [
      monitor?.connections,
      (monitorAt - began) / 1000,
    ])
    expect(told.slice(0, 6)).toEqual([
      [1, 0],
      [2, 1],
      [2, 1],
      [2, 1],
      [3, 4],
      [3, 4],
    ])
  })

  it('reads cn=Monitor at once of one that was started anew', async () => {
    scene = new Scene()
    await pass(2_500)
    scene.restart()
    await pass(100)
    expect(scene.readings.at(-1)?.monitor?.connections).toBe(1)
    expect(scene.readings.at(-1)?.monitorAt).toBe(scene.readings.at(-1)?.at)
  })

  it('tells since when it fails, where the connection was lost that was kept', async () => {
    scene = new Scene()
    await pass(2_500)
    const at = Date.now()
    scene.end()
    await pass(100)
    expect(scene.failed).toEqual([at])
    scene.isGone = false
    await pass(10_000)
    scene.isGone = true
    expect(scene.failed).toEqual([at])
  })
})
