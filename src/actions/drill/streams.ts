import { StringDecoder } from 'node:string_decoder'
import { orAborted } from '../../hosts/abort.ts'
import { type Channel, type Host, HostError } from '../../hosts/host.ts'
import { type Label, label, say } from '../../hosts/label.ts'
import { Lines } from '../../hosts/lines.ts'
import { breakingCommand, directoryOf, parseTold, type Told, tellingCommand } from './breaking.ts'
import { Following, type Found, followingCommand, longestLine } from './follow.ts'
import type { Breaking, Look } from './kind.ts'

/** A host, and whether it is told as root. */
export interface On {
  readonly host: Host
  readonly sudo: boolean
}

/** Milliseconds between two tries of a host whose line was lost. */
const again = 500

/** Resolves after so many milliseconds. @throws the reason of the signal */
export async function rest(milliseconds: number, signal: AbortSignal): Promise<void> {
  const over = new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, milliseconds)
    signal.addEventListener('abort', () => clearTimeout(timer), { once: true })
  })
  await orAborted(over, signal)
}

/** Looks every tenth of a second. @throws {HostError} the time is over */
export async function until(
  is: () => boolean,
  patience: number,
  signal: AbortSignal,
  why: Label,
): Promise<void> {
  const end = performance.now() + patience
  while (!is()) {
    if (performance.now() > end) throw new HostError('timeout', 'drill', why)
    await rest(100, signal)
  }
}

/** Reads what a command says until it ends, or the signal comes. @returns its status, none where it was ended or its line lost; and the last line of its errors */
async function lines(
  channel: Channel,
  take: (line: string) => void,
  signal: AbortSignal,
): Promise<{ readonly code: number | null; readonly errors: string }> {
  const end = () => channel.kill()
  signal.addEventListener('abort', end, { once: true })
  if (signal.aborted) end()
  const out = new Lines(longestLine)
  const decoder = new StringDecoder('utf8')
  channel.stdout.on('data', (piece: Buffer) => {
    for (const line of out.take(decoder.write(piece))) take(line)
  })
  let errors = ''
  channel.stderr.on('data', (piece: Buffer) => {
    errors = `${errors}${piece.toString()}`.slice(-longestLine)
  })
  const { code } = await channel.ended.catch(() => ({ code: null }))
  signal.removeEventListener('abort', end)
  return { code, errors: errors.trim().split('\n').at(-1) ?? '' }
}

/** Follows what a look finds, in a list that grows until the signal; where the line to the host is lost, it is tried again. */
export function follow({ host, sudo }: On, look: Look, signal: AbortSignal): readonly Found[] {
  const found: Found[] = []
  const once = async () => {
    const following = new Following()
    const take = (line: string) => {
      following.take(line)
      found.push(...following.found.splice(0))
    }
    await lines(await host.stream(followingCommand(look, sudo)), take, signal)
  }
  const forever = async () => {
    while (!signal.aborted) {
      await once().catch(() => {})
      await rest(again, signal).catch(() => {})
    }
  }
  void forever()
  return found
}

type Broken = Extract<Told, { what: 'broken' }>

/**
 * Breaks it, and resolves when the host has said so, which is when it is put back where its line is what is broken.
 *
 * @param telling milliseconds within which the host says what it did
 * @returns when that was; and when it was put back, by the clock of the host, or undefined: it has not said so
 * @throws {HostError} nothing was broken
 */
export async function breakIt(
  { host, sudo }: On,
  breaking: Breaking,
  seconds: number,
  telling: number,
  signal: AbortSignal,
): Promise<{ readonly broken: Broken; readonly back: Promise<number | undefined> }> {
  const directory = directoryOf(globalThis.crypto.randomUUID())
  const patience = seconds * 1_000 + telling
  const said: { broken?: Broken; back?: number; refused?: string } = {}
  const take = (line: string) => {
    const told = parseTold(line)
    if (told?.what === 'broken') said.broken = told
    else if (told) said.back = told.at
  }
  const begun = performance.now()
  const channel = await host.stream(breakingCommand(breaking, directory, seconds, sudo))
  const run = async () => {
    const { code, errors } = await lines(channel, take, signal)
    if (code && !said.broken) said.refused = errors
    while (!signal.aborted && said.refused === undefined && said.back === undefined) {
      if (performance.now() - begun > patience) return
      await rest(again, signal).catch(() => {})
      const telling = host.stream(tellingCommand(directory, sudo))
      await telling.then((one) => lines(one, take, signal)).catch(() => {})
    }
  }
  void run()
  await until(
    () => said.broken !== undefined || said.refused !== undefined,
    patience,
    signal,
    say`${label(host.name)} does not say that it is broken`,
  )
  const { broken } = said
  if (!broken) throw new HostError('refused', host.name, label(said.refused || 'nothing was broken'))
  const isBack = () => said.back !== undefined
  return {
    broken,
    back: until(isBack, patience, signal, say`not put back`).then(
      () => said.back,
      () => undefined,
    ),
  }
}
