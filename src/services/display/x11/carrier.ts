import type { Duplex } from 'node:stream'
import { dial } from '../../../hosts/dial.ts'
import { newCookie } from './cookie.ts'
import { socketOf } from './inner.ts'
import { CookieSwap } from './setup.ts'

interface Bounds {
  /** connections at once: as many clients as an X server takes by default (Xserver(1), -maxclients) */
  readonly most: number
  /** that have not said yet who they are; of more the first is cut off, since whoever has the cookie says so at once: in the clear anybody may connect */
  readonly strangers: number
  /** milliseconds in which a client has to say who it is */
  readonly patience: number
}

const usual: Bounds = { most: 256, strangers: 64, patience: 15_000 }

/** Carries the X clients of a machine to a display of this one. The machine may be anybody's: it has a cookie that is good for nothing else. */
export class Carrier {
  /** what the machine is given */
  readonly cookie = newCookie()
  readonly #path: string
  readonly #real: Buffer
  readonly #bounds: Bounds
  readonly #strangers = new Set<Duplex>()
  #count = 0

  /** @param real the cookie of the display */
  constructor(display: number, real: Buffer, { path = socketOf(display), bounds = usual } = {}) {
    this.#path = path
    this.#real = real
    this.#bounds = bounds
  }

  /** One client, from the machine to the display and back; it is cut off where it does not say who it is, and the display hears of it only then. */
  carry(client: Duplex): void {
    client.on('error', () => {})
    const swap = new CookieSwap(this.cookie, this.#real)
    const late = setTimeout(() => client.destroy(), this.#bounds.patience)
    client.once('close', () => {
      this.#strangers.delete(client)
      clearTimeout(late)
      swap.destroy()
    })
    swap.on('error', () => client.destroy())
    swap.once('readable', () => {
      clearTimeout(late)
      this.#strangers.delete(client)
      if (!client.destroyed) this.#join(client, swap)
    })
    this.#strangers.add(client)
    client.pipe(swap)
    const [first] = this.#strangers
    if (!first || this.#strangers.size <= this.#bounds.strangers) return
    this.#strangers.delete(first)
    first.destroy()
  }

  /** It has the cookie. */
  #join(client: Duplex, swap: CookieSwap): void {
    const { most, patience } = this.#bounds
    if (this.#count >= most) return void client.destroy()
    this.#count++
    client.once('close', () => this.#count--)
    dial({ path: this.#path }, AbortSignal.timeout(patience)).then(
      (server) => {
        // It may have gone while the server was dialled.
        if (client.destroyed) return void server.destroy()
        client.once('close', () => server.destroy())
        server.once('close', () => client.destroy()).on('error', () => {})
        swap.pipe(server).pipe(client)
      },
      () => client.destroy(),
    )
  }
}
