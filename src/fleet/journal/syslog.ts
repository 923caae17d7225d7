import { createSocket } from 'node:dgram'
import { connect, isIPv6, type NetConnectOpts, type Socket } from 'node:net'
import { whyOf } from '../../hosts/host.ts'
import { type Label, label, say } from '../../hosts/label.ts'

/** Where messages go: a stream socket of this machine, or a port of a host. */
export type SyslogTarget =
  | { readonly by: 'unix'; readonly path: string }
  | { readonly by: 'udp' | 'tcp'; readonly host: string; readonly port: number }

/** `unix:/run/syslog`, `udp:loghost:514`, `tcp:[2001:db8::1]:601`; undefined: it is none. */
export function syslogTarget(text: string): SyslogTarget | undefined {
  const path = /^unix:(\/.{1,100})$/.exec(text)?.[1]
  if (path !== undefined) return { by: 'unix', path }
  const [, by, six, name, port] =
    /^(udp|tcp):(?:\[([0-9a-fA-F:.]+)\]|([A-Za-z0-9._-]+)):(\d{1,5})$/.exec(text) ?? []
  const host = six ?? name
  const number = Number(port)
  if (host === undefined || number < 1 || number > 65_535 || (six !== undefined && !isIPv6(six)))
    return undefined
  return { by: by === 'udp' ? 'udp' : 'tcp', host, port: number }
}

/** Messages that wait while nobody takes them. Beyond it the oldest are lost. */
const mostWaiting = 1_000
/** Milliseconds: until it is tried again, and for which the last messages are waited for at the end. */
const patience = { again: 5_000, end: 1_000 } as const

/** Sends messages and keeps nobody waiting. What does not arrive is counted, and told once somebody listens again. */
export class Syslog {
  readonly #target: SyslogTarget
  /** makes a message of a text of its own */
  readonly #own: (text: Label) => Buffer
  #waiting: Buffer[] = []
  #lost = 0
  /** messages that were given to the system, which has not said yet that it has them */
  #under = 0
  #trouble: Label | undefined
  #stream: Socket | undefined
  #isOpen = false
  #again: NodeJS.Timeout | undefined
  #isClosed = false

  constructor(target: SyslogTarget, own: (text: Label) => Buffer) {
    this.#target = target
    this.#own = own
  }

  /** Why messages do not arrive, as far as that is known: of UDP nothing is. */
  get trouble(): Label | undefined {
    return this.#trouble && say`syslog: ${this.#trouble}`
  }

  send(messages: readonly Buffer[]): void {
    this.#waiting.push(...messages)
    const beyond = this.#waiting.length - mostWaiting
    if (beyond > 0) this.#waiting.splice(0, beyond)
    if (beyond > 0) this.#lost += beyond
    this.#go()
  }

  /** Waits a moment until what was sent is on its way. */
  async sent(): Promise<void> {
    const end = performance.now() + patience.end
    while ((this.#waiting.length || this.#under) && !this.#trouble && performance.now() < end)
      await new Promise((resolve) => setTimeout(resolve, 10))
  }

  close(): void {
    this.#isClosed = true
    clearTimeout(this.#again)
    this.#stream?.end()
  }

  #go(): void {
    if (this.#isClosed || !this.#waiting.length) return
    const { by } = this.#target
    if (by === 'udp') this.#sendAll(this.#target.host, this.#target.port)
    else if (this.#isOpen) this.#write()
    else if (!this.#stream && !this.#again) this.#open()
  }

  /** Each in a datagram of its own: RFC 5426. */
  #sendAll(host: string, port: number): void {
    const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4').unref()
    socket.on('error', (error) => this.#failed(error))
    const messages = this.#waiting.splice(0)
    let left = messages.length
    this.#under += left
    for (const message of messages)
      socket.send(message, port, host, (error) => {
        this.#under--
        if (error) this.#failed(error)
        else this.#trouble = undefined
        if (--left === 0) socket.close()
      })
  }

  #open(): void {
    const target = this.#target
    if (target.by === 'udp') return
    const options: NetConnectOpts =
      target.by === 'unix' ? { path: target.path } : { host: target.host, port: target.port }
    const stream = connect(options).unref()
    this.#stream = stream
    stream.on('connect', () => {
      this.#isOpen = true
      this.#trouble = undefined
      this.#tellOfLost()
      this.#write()
    })
    // A server that says something is not heard, and must not keep the stream from ending.
    stream.resume()
    stream.on('drain', () => this.#write())
    stream.on('error', (error) => this.#failed(error))
    stream.on('close', () => this.#closed())
  }

  /** Each with its length before it: RFC 6587, 3.4.1. What the stream does not take now waits. */
  #write(): void {
    while (this.#isOpen && this.#waiting.length && !this.#stream?.writableNeedDrain) {
      const message = this.#waiting.shift() as Buffer
      this.#under++
      this.#stream?.write(Buffer.concat([Buffer.from(`${message.length} `), message]), () => {
        this.#under--
      })
    }
  }

  #closed(): void {
    this.#stream = undefined
    this.#isOpen = false
    if (this.#isClosed) return
    this.#again = setTimeout(() => {
      this.#again = undefined
      this.#go()
    }, patience.again).unref()
  }

  #failed(error: Error): void {
    const { code } = error as NodeJS.ErrnoException
    const isDatagram = code === 'EPROTOTYPE'
    const advice = isDatagram ? say`; it takes datagrams only: let syslog listen on udp:127.0.0.1:514` : say``
    this.#trouble = say`${label(placeOf(this.#target))}: ${whyOf(error)}${advice}`
  }

  #tellOfLost(): void {
    if (!this.#lost) return
    this.#waiting.push(this.#own(say`${this.#lost} messages are lost: nobody took them`))
    this.#lost = 0
  }
}

function placeOf(target: SyslogTarget): string {
  return target.by === 'unix' ? target.path : `${target.host} port ${target.port}`
}
