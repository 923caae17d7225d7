import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import type { Fleet } from '../fleet/fleet.ts'
import { type Channel, type Host, HostError } from '../hosts/host.ts'
import { label, say } from '../hosts/label.ts'
import type { RelayedScreen } from '../services/display/keeper/relayed.ts'
import type { Foreign, Terminal } from '../services/display/keeper/viewers.ts'
import type { Step } from '../services/step.ts'

/** Milliseconds until somebody has answered, and bytes of the line by which it is told. */
const bounds = { patience: 120_000, line: 8192 } as const

type Env = Readonly<Record<string, string | undefined>>

/** The screen here on which a viewer shows something. @throws {HostError} there is none */
async function screenHere(env: Env): Promise<Terminal> {
  if (!env.DISPLAY) {
    const why = say`there is no X display here on which it could be shown`
    throw new HostError('refused', 'here', why, say`on a desktop, or by "ssh -X"`)
  }
  const { terminalOf } = await import('../services/display/keeper/viewer.ts')
  return await terminalOf(env).catch((error: Error) => {
    throw new HostError('refused', 'here', label(error.message))
  })
}

/**
 * Runs a step whose output is to be seen here. Done once it is seen, which goes on until one of both sides ends it, or the program does. Returns the host's
 * refusal, if any.
 *
 * @throws {HostError} the host was lost, or nothing can be seen here
 */
export async function showHere(
  step: Step,
  host: Host,
  fleet: Fleet,
  cut: AbortSignal,
  env: Env = process.env,
): Promise<HostError | undefined> {
  // Nobody is asked for what cannot be seen then.
  const terminal = fleet.demo ? undefined : await screenHere(env)
  const channel = await host.stream(step.argv)
  const end = () => channel.kill()
  const waiting = AbortSignal.any([cut, AbortSignal.timeout(step.timeout ?? bounds.patience)])
  waiting.addEventListener('abort', end, { once: true })
  // It may have been given up while the host was reached.
  if (waiting.aborted) end()
  let words = ''
  channel.stderr.on('data', (piece: Buffer) => {
    words = `${words}${piece}`.slice(-bounds.line)
  })
  const isThere = await begins(channel.stdout)
  waiting.removeEventListener('abort', end)
  if (!isThere) {
    const { code } = await channel.ended
    if (waiting.aborted) throw new HostError('cancelled', host.name, say`it was given up`)
    return (
      step.refusal?.(host.name, words) ??
      new HostError('refused', host.name, say`ended with status ${code ?? 0}`)
    )
  }
  try {
    const { over } = terminal
      ? await view(channel, terminal, step.seenHere ?? { controls: false }, env)
      : { over: channel.ended }
    fleet.ending.addEventListener('abort', end, { once: true })
    if (fleet.ending.aborted) end()
    void fleet.during(over.then(end, end))
    return undefined
  } catch (error) {
    channel.kill()
    throw error instanceof HostError ? error : new HostError('exec', 'here', label((error as Error).message))
  }
}

/** Whether it says the line that it is seen now. What follows is left to whoever reads next. */
async function begins(output: Readable): Promise<boolean> {
  let said = Buffer.alloc(0)
  try {
    for await (const piece of output.iterator({ destroyOnReturn: false })) {
      said = Buffer.concat([said, piece as Buffer])
      const end = said.indexOf(0x0a)
      if (end < 0 && said.length < bounds.line) continue
      output.unshift(said.subarray(end + 1))
      return end >= 0 && said.subarray(0, end).toString() === '{"done":true}'
    }
  } catch {
    // Like an end.
  }
  return false
}

/**
 * Starts a viewer, and waits until it stands. What it talks to may be any program of whoever is looked at.
 *
 * @returns `over` settles when it has ended
 */
export async function view(
  channel: Channel,
  terminal: Terminal,
  foreign: Foreign,
  env: Env,
): Promise<{ readonly over: Promise<void> }> {
  const relayed = await import('../services/display/keeper/relayed.ts')
  const { Viewer } = await import('../services/display/keeper/viewer.ts')
  const folder = await mkdtemp(join(env.XDG_RUNTIME_DIR ?? tmpdir(), 'vdd-'))
  let screen: RelayedScreen | undefined
  const over = Promise.withResolvers<void>()
  try {
    const { stdout: from, stdin: to } = channel
    const end = () => channel.kill()
    const source = async () => {
      screen = await relayed.RelayedScreen.open(join(folder, 'screen'), { protocol: 'vnc', from, to, end })
      return screen
    }
    const viewer = new Viewer({
      id: 'look',
      folder,
      env,
      isKept: false,
      source,
      foreign,
      away: () => over.resolve(),
    })
    const { width, height } = terminal
    await viewer.show(env, { width, height }, terminal)
    return { over: over.promise }
  } catch (error) {
    // What the other side ended before the viewer had stood for long is no fault of the viewer.
    if (!screen?.isLost || !(await isGreeted(screen))) throw error
    over.resolve()
    return { over: over.promise }
  } finally {
    // It listens no more once the viewer has come.
    await rm(folder, { recursive: true, force: true })
  }
}

async function isGreeted({ seen }: { readonly seen: Promise<void> }): Promise<boolean> {
  return await seen.then(
    () => true,
    () => false,
  )
}
