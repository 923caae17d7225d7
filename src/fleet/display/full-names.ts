import { setTimeout as sleep } from 'node:timers/promises'
import { type Label, label } from '../../hosts/label.ts'
import type { DisplayReading } from '../../services/display/facts.ts'
import type { Account } from '../../services/ldap/groups.ts'
import { type Askable, askDirectory } from '../directory/ask.ts'

/**
 * Milliseconds for which it is kept what somebody is called, or that nobody knows it; after which a directory that did not answer is asked again; and for which a
 * reading waits for the names of people who were not there before.
 */
const times = { kept: 3_600_000, again: 60_000, wait: 1_500 } as const

interface Named extends Pick<Account, 'uid'> {
  readonly rawUser: string
  readonly fullName?: Label
}

/** What people are called in full, where the display server does not know it and the site has a directory: that is asked once for each. */
export class FullNames {
  readonly #servers: readonly Askable[]
  readonly #now: () => number
  readonly #known = new Map<number, { readonly name?: Label; readonly until: number }>()
  #isAsking = false
  #notBefore = 0

  constructor(servers: readonly Askable[], now: () => number) {
    this.#servers = servers
    this.#now = now
  }

  /** Settles when it is known of all of them, or soon: whoever is not known is asked for meanwhile. Undefined: nothing is to be asked. */
  learn({ displays, logins = [] }: DisplayReading): Promise<unknown> | undefined {
    const now = this.#now()
    if (!this.#servers.length || this.#isAsking || now < this.#notBefore) return undefined
    const all: readonly Named[] = [...displays.flatMap(({ channel }) => channel ?? []), ...logins]
    const missing = all.filter(({ uid, fullName }) => !fullName && (this.#known.get(uid)?.until ?? 0) <= now)
    if (!missing.length) return undefined
    const people = new Map(missing.map(({ uid, rawUser }) => [uid, { uid, name: rawUser }]))
    return Promise.race([this.#ask([...people.values()]), sleep(times.wait, undefined, { ref: false })])
  }

  /** A reading with the names that are known by now. */
  in(reading: DisplayReading): DisplayReading {
    if (!this.#known.size) return reading
    const displays = reading.displays.map((one) =>
      one.channel ? { ...one, channel: this.#named(one.channel) } : one,
    )
    const { logins } = reading
    return { ...reading, displays, ...(logins && { logins: logins.map((one) => this.#named(one)) }) }
  }

  #named<T extends Named>(one: T): T {
    const { name } = this.#known.get(one.uid) ?? {}
    return name && !one.fullName ? { ...one, fullName: name } : one
  }

  async #ask(people: readonly Account[]): Promise<void> {
    this.#isAsking = true
    const { fullNamesIn } = await import('../../services/ldap/people.ts')
    const told = await askDirectory(this.#servers, (connection, base) =>
      fullNamesIn(connection, base, people),
    )
    this.#isAsking = false
    if ('unknown' in told) {
      this.#notBefore = this.#now() + times.again
      return
    }
    const until = this.#now() + times.kept
    for (const { uid } of people) {
      const name = told.value.get(uid)
      this.#known.set(uid, name === undefined ? { until } : { name: label(name), until })
    }
  }
}
