import { StringDecoder } from 'node:string_decoder'
import { Following } from '../hosts/following.ts'
import type { Host, HostError } from '../hosts/host.ts'
import { Lines } from '../hosts/lines.ts'
import type { PollOptions, Rounds } from '../hosts/rounds.ts'
import { Seldom } from '../hosts/seldom.ts'
import type { Shell } from '../hosts/shell.ts'
import { shellRounds } from '../hosts/shell-rounds.ts'

/** What a node is asked with, and with how much patience, in milliseconds. */
export interface NodeAsking {
  readonly host: string
  readonly shell: Shell
  readonly timeout: number
}

interface Looking<Slow> {
  /** Asks when it is time to; meanwhile the last answer stands. For what moves slowly, or is dear to ask. */
  readonly seldom: (question: () => Promise<Slow>) => Promise<Slow>
  /** What moves is read from now on; default from the beginning. An address may move while slower things are asked. */
  readonly begin: () => void
  /** The host is looked at again at once when one of these addresses comes to it or leaves it. */
  readonly expect: (addresses: readonly string[]) => void
}

/** How one looks at a node, by what it runs. @throws {HostError} it does not tell */
export type NodeLook<Slow, Facts> = (asking: NodeAsking, looking: Looking<Slow>) => Promise<Facts>

/** What a node told at one moment. */
export type NodeReading<Facts> = Facts & {
  readonly host: string
  /** milliseconds since the epoch */
  readonly at: number
  /** milliseconds that it took */
  readonly took: number
}

interface NodeSink<Facts> {
  readonly reading: (reading: NodeReading<Facts>) => void
  readonly trouble: (host: string, error: HostError) => void
}

interface NodeWatchOptions<Slow, Facts> extends PollOptions<NodeSink<Facts>> {
  readonly host: Host
  readonly look: NodeLook<Slow, Facts>
}

/** Milliseconds for one command, as for everything that is asked by a shell that stays. */
const timeout = 10_000

/** How a host tells of addresses that come and go; no root is needed. */
const addressChanges = ['ip', '-o', 'monitor', 'address'] as const
/** Characters of a line of it; one is some hundred. */
const longestLine = 4_096

/** Watches what a node tells of its cluster, and what it has of what that carries: at the interval, and at once when one of its addresses moves. */
export function watchNode<Slow, Facts>(options: NodeWatchOptions<Slow, Facts>): Rounds {
  const { host, interval, now, look, sink } = options
  const { name } = host
  const slow = new Seldom<Slow>(now)
  const seldom = async (question: () => Promise<Slow>) => (await slow.ask(question)).value
  let expected: ReadonlySet<string> = new Set()
  let following: Following | undefined
  const followOn = (signal: AbortSignal) => {
    if (!following) {
      const [decoder, lines] = [new StringDecoder('utf8'), new Lines(longestLine)]
      // Other addresses may come and go all the time: those cost no look.
      const isNews = (line: string) => line.split(/[ /]+/).some((word) => expected.has(word))
      const heard = (data: Buffer) => {
        if (lines.take(decoder.write(data)).some(isNews)) rounds.look()
      }
      following = new Following({ host, argv: addressChanges, now, signal, heard })
      signal.addEventListener('abort', () => following?.stop(), { once: true })
    }
    void following.follow()
  }
  const rounds = shellRounds({
    host,
    interval,
    now,
    look: async (shell, signal) => {
      let began = now()
      const begin = () => {
        began = now()
      }
      const expect = (addresses: readonly string[]) => {
        expected = new Set(addresses)
      }
      const facts = await look({ host: name, shell, timeout }, { seldom, begin, expect })
      const at = now()
      if (expected.size && !signal.aborted) followOn(signal)
      if (!signal.aborted) sink.reading({ ...facts, host: name, at, took: at - began })
    },
    failed: (error) => {
      slow.forget()
      sink.trouble(name, error)
    },
  })
  return rounds
}
