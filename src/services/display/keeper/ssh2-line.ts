import type { ClientChannel } from 'ssh2'
import { orAborted } from '../../../hosts/abort.ts'
import type { Link } from '../../../hosts/link.ts'
import { Carrier } from '../x11/carrier.ts'
import { cookieProtocol } from '../x11/cookie.ts'
import { type Line, noX11, type XDisplay } from './line.ts'

/** By the package ssh2: with a key, the agent or a password. */
export class Ssh2Line implements Line {
  readonly #link: Link

  constructor(link: Link) {
    this.#link = link
  }

  get lost(): AbortSignal {
    return this.#link.lost
  }

  silence(): number {
    return this.#link.silence()
  }

  close(): void {
    this.#link.close()
  }

  async exec(text: string, display?: XDisplay): Promise<ClientChannel> {
    const { client, lost } = this.#link
    const options = display ? { x11: this.#carried(display) } : {}
    const { promise, resolve, reject } = Promise.withResolvers<ClientChannel>()
    try {
      client.exec(text, options, (error, channel) => (error ? reject(whyNoX11(error)) : resolve(channel)))
    } catch (error) {
      reject(lost.aborted ? lost.reason : error)
    }
    return await orAborted(promise, lost)
  }

  /** The machine has a cookie of its own, which is replaced here. */
  #carried({ number, cookie }: XDisplay) {
    const carrier = new Carrier(number, cookie)
    this.#link.client.on('x11', (_info, accept) => carrier.carry(accept() as ClientChannel))
    return { single: false, screen: 0, protocol: cookieProtocol, cookie: carrier.cookie.toString('hex') }
  }
}

function whyNoX11(error: Error): Error {
  return /X11/.test(error.message) ? noX11(error.message) : error
}
