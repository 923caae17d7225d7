import type { Fleet } from '../fleet/fleet.ts'
import type { Snapshot } from '../fleet/snapshot.ts'

/** Milliseconds in which hypervisors answer for the first time, and after which nobody needs them any more. */
const patience = { answer: 12_000, rest: 20_000 } as const

/** Whether each hypervisor has told how it is, and what its cluster runs, or has failed to. */
export function haveAnswered({ hosts, seenAt, clusters }: Snapshot): true | undefined {
  const asked = hosts.filter(({ roles }) => roles.includes('hypervisor'))
  const haveTold = asked.every(({ name, trouble }) => trouble || seenAt.has(name))
  return (haveTold && clusters.every(({ reading, trouble }) => reading || trouble)) || undefined
}

/**
 * The hypervisors, for as long as they are needed. A desk may stand open all day at each of many terminals: what asks nothing holds no connection, and
 * asks no host every second how it is.
 */
export class FleetDoor {
  readonly #open: () => Promise<Fleet>
  #fleet: Promise<Fleet> | undefined
  #timer: NodeJS.Timeout | undefined

  constructor(open: () => Promise<Fleet>) {
    this.#open = open
  }

  /** The hypervisors once all have answered, or are known not to. */
  readonly fleet = async (): Promise<Fleet> => {
    clearTimeout(this.#timer)
    this.#fleet ??= this.#begin()
    return await this.#fleet
  }

  async #begin(): Promise<Fleet> {
    try {
      const fleet = await this.#open()
      fleet.start()
      await fleet.until(haveAnswered, AbortSignal.timeout(patience.answer)).catch(() => undefined)
      return fleet
    } catch (error) {
      this.#fleet = undefined
      throw error
    }
  }

  /** Nobody needs them now; if nobody does for a while, they are let go. */
  readonly rest = (): void => {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.close(), patience.rest).unref()
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer)
    const fleet = await this.#fleet?.catch(() => undefined)
    this.#fleet = undefined
    await fleet?.stop()
    fleet?.journal.close()
  }
}
