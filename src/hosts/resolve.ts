import type { LookupAddress } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'

type Ask = (name: string) => Promise<readonly LookupAddress[]>

interface Known {
  readonly addresses: readonly LookupAddress[]
  readonly at: number
}

/** Loaded with the first name: an address needs it not. */
const askSystem: Ask = async (name) => (await import('node:dns/promises')).lookup(name, { all: true })

/** Milliseconds for which an address is taken without asking again. */
const fresh = 60_000

/**
 * Names and what they stand for, remembered: who is asked every second is not looked up every second, and when the name server dies, which it
 * does when it is needed most, the last answer stands.
 */
export class Resolver {
  readonly #ask: Ask
  readonly #now: () => number
  #known = new Map<string, Known>()
  #asking = new Map<string, ReturnType<Ask>>()

  constructor(ask: Ask = askSystem, now = () => performance.now()) {
    this.#ask = ask
    this.#now = now
  }

  /** @throws the system's error (`code`: ENOTFOUND, EAI_AGAIN) for a name that was never known */
  async addresses(name: string): ReturnType<Ask> {
    const family = isIP(name)
    if (family) return [{ address: name, family }]
    const known = this.#known.get(name)
    if (known && this.#now() - known.at < fresh) return known.addresses
    const asking = this.#asking.get(name) ?? this.#begin(name)
    if (!known) return await asking
    asking.catch(() => {})
    return known.addresses
  }

  /** The same for `connect()` of node:net, which tries all of them. */
  readonly lookup: LookupFunction = (name, _options, callback) => {
    this.addresses(name).then(
      (addresses) => callback(null, [...addresses]),
      (error: NodeJS.ErrnoException) => callback(error, []),
    )
  }

  #begin(name: string): ReturnType<Ask> {
    const asking = this.#ask(name)
      .then((addresses) => {
        this.#known.set(name, { addresses, at: this.#now() })
        return addresses
      })
      .finally(() => this.#asking.delete(name))
    this.#asking.set(name, asking)
    return asking
  }
}

/** The names of this process. */
export const resolver = new Resolver()
