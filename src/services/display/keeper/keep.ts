import { writeSync } from 'node:fs'
import { userInfo } from 'node:os'
import { now } from '../../../hosts/clock.ts'
import { parseJson } from '../../../hosts/json.ts'
import { Lines } from '../../../hosts/lines.ts'
import type { TellLost } from '../here/lost.ts'
import { sweepOwn } from '../here/own.ts'
import { ownPlace } from '../here/places.ts'
import { terminalName } from '../here/terminal-name.ts'
import { type Answer, answerSchema, type Said, type Wish, wishSchema } from '../opening.ts'
import type { Account } from './attendance.ts'
import { ChannelFailure, notWritten } from './failure.ts'
import { type Failed, Keeper, newId } from './keeper.ts'
import { leaveOpener } from './leave.ts'
import type { Ending } from './open-channel.ts'
import type { Opener } from './opener.ts'
import type { BringScreen } from './relayed.ts'
import type { TellLook } from './viewing.ts'

/** Characters of a line from the opener. */
const longest = 65_536

/** What the process of a keeper does: hears a wish on standard input, opens the channel, holds it, ends with it. */
export async function keep(
  bring: BringScreen,
  { lost, look, ...broker }: { account?: Account; failed?: Failed; lost?: TellLost; look?: TellLook } = {},
): Promise<Ending> {
  // What is written down of it is for all to read.
  process.umask(0o022)
  // It has to outlive whoever started it.
  process.on('SIGHUP', () => {})
  const ending = new AbortController()
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => ending.abort())
  const talk = new Talk(ending.signal)
  const wish = await talk.wish()
  if (!wish) return 'refused'
  // What is in no catalogue is nobody's concern.
  const told: typeof broker = wish.system === undefined ? {} : broker
  try {
    const place = await ownPlace(userInfo().uid)
    await sweepOwn(place, lost)
    const terminal = wish.terminal ?? (await terminalName(process.env))
    const opener: Opener = {
      wish,
      signal: talk.signal,
      say: (said) => talk.say(said),
      answer: () => talk.answer(),
    }
    return await new Keeper({
      opener,
      place,
      env: process.env,
      terminal,
      now,
      ending: ending.signal,
      bring,
      look,
      ...told,
    }).run()
  } catch (error) {
    const { kind, message: reason, advice } = notWritten("the folder of the person's channels", error)
    const reference = newId()
    talk.say({ failed: { kind, reason, advice, reference } })
    await told.failed?.({ channel: reference, machine: wish.machine.name, kind, reason })
    return 'refused'
  }
}

/** The conversation with the opener, on standard input and output, a JSON object a line. */
class Talk {
  readonly #lines = new Lines(longest)
  readonly #heard: string[] = []
  #waiting: (() => void) | undefined
  readonly #back = new AbortController()
  #isOver = false

  constructor(ending: AbortSignal) {
    ending.addEventListener('abort', () => this.#takeBack())
    process.stdin.setEncoding('utf8').on('data', (piece: string) => {
      this.#heard.push(...this.#lines.take(piece))
      // Nobody who means well says so much before it is asked.
      if (this.#lines.tooLong || this.#heard.length > 10) this.#takeBack()
      this.#waiting?.()
    })
    process.stdin.on('end', () => this.#takeBack()).on('error', () => this.#takeBack())
  }

  /** Is aborted when the wish is taken back. */
  get signal(): AbortSignal {
    return this.#back.signal
  }

  say(said: Said): void {
    if (this.#isOver) return
    try {
      writeSync(1, `${JSON.stringify(said)}\n`)
    } catch {
      // Whoever does not listen any more is not there any more.
      this.#takeBack()
    }
    if ('open' in said || 'failed' in said) this.#leave()
  }

  async wish(): Promise<Wish | undefined> {
    const read = wishSchema.safeParse(await this.#next().catch(() => undefined))
    if (!read.success)
      this.say({
        failed: {
          kind: 'other',
          reason: 'the wish is none',
          advice: 'vdd help channel keep',
          reference: '-',
        },
      })
    return read.data
  }

  async answer(): Promise<Answer> {
    const read = answerSchema.safeParse(await this.#next())
    if (!read.data) throw new ChannelFailure('cancelled', 'the answer is none')
    return read.data
  }

  /** @throws {ChannelFailure} the wish was taken back */
  async #next(): Promise<unknown> {
    while (!this.#heard.length) {
      if (this.#back.signal.aborted) throw new ChannelFailure('cancelled', 'taken back')
      await new Promise<void>((resolve) => {
        this.#waiting = resolve
      })
    }
    try {
      return parseJson(this.#heard.shift() ?? '')
    } catch {
      return undefined
    }
  }

  #takeBack(): void {
    if (!this.#isOver) this.#back.abort(new ChannelFailure('cancelled', 'taken back'))
    this.#waiting?.()
  }

  /** The opener goes its way: whoever reads to the end has it now, and nothing it does later reaches the channel. */
  #leave(): void {
    this.#isOver = true
    leaveOpener()
  }
}
