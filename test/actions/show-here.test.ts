import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { prepare } from '../../src/actions/prepare.ts'
import { run } from '../../src/actions/run.ts'
import { sessionActions } from '../../src/actions/session/actions.ts'
import { showHere, view } from '../../src/actions/show-here.ts'
import { sessionsOf } from '../../src/fleet/session/record.ts'
import type { Channel } from '../../src/hosts/host.ts'
import { HostError } from '../../src/hosts/host.ts'
import { label, say } from '../../src/hosts/label.ts'
import type { Step } from '../../src/services/step.ts'
import { channels, displayServer } from '../support/displays.ts'
import { host as displayHost, snapshot } from '../support/records.ts'
import { seen } from '../support/sight.ts'
import { RecordingHost, StillFleet } from '../support/still-fleet.ts'

/** A host on which somebody is asked. */
class Asking extends RecordingHost {
  readonly asked: string[] = []
  readonly stdout = new PassThrough()
  readonly stderr = new PassThrough()
  readonly #ended = Promise.withResolvers<{ code: number | null }>()

  override async stream(argv: Step['argv']): Promise<Channel> {
    this.asked.push(argv.join(' '))
    const { stdout, stderr } = this
    const kill = () => this.end(null)
    return { stdin: new PassThrough(), stdout, stderr, ended: this.#ended.promise, kill }
  }

  end(code: number | null): void {
    this.stdout.end()
    this.#ended.resolve({ code })
  }
}

const step: Step = {
  host: 'd1',
  argv: ['vdd', 'channel', 'look', 'k7q2mz'],
  what: say`asks`,
  seenHere: { controls: false },
  refusal: (host, stderr) => new HostError('refused', host, label(stderr)),
}
const never = new AbortController().signal

/** In which nothing is shown. */
class DemoFleet extends StillFleet {
  override readonly demo = true
}

let host: Asking
let fleet: DemoFleet
beforeEach(() => {
  host = new Asking('d1')
  fleet = new DemoFleet(snapshot([]))
})
afterEach(() => host.end(0))

describe('what somebody lets be seen here', () => {
  it('is done once it is seen, and goes on until it ends', async () => {
    const done = showHere(step, host, fleet, never)
    host.stdout.write('{"done":true}\nRFB 003.008\n')
    expect(await done).toBeUndefined()
    let isQuiet = false
    const quiet = fleet.quiet().then(() => {
      isQuiet = true
    })
    await new Promise((resolve) => setImmediate(resolve))
    expect(isQuiet).toBe(false)
    host.end(0)
    await quiet
  })

  it('is refused in the words of who refuses', async () => {
    const done = showHere(step, host, fleet, never)
    host.stderr.write('the person said no')
    host.end(7)
    expect(await done).toMatchObject({ kind: 'refused', reason: 'the person said no' })
  })

  it('is told nothing of what is copied here, and no key where it is only seen', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'vdd-shown-'))
    onTestFinished(() => rm(folder, { recursive: true, force: true }))
    // Says how it was called, and ends.
    await writeFile(join(folder, 'xtigervncviewer'), '#!/bin/sh\necho "$*" >&2\n', { mode: 0o755 })
    const terminal = { width: 800, height: 600, fills: true }
    const channel = await host.stream(step.argv)
    const env = { PATH: `${folder}:${process.env.PATH}`, XDG_RUNTIME_DIR: folder }
    for (const controls of [false, true])
      await expect(view(channel, terminal, { controls }, env)).rejects.toThrow(
        new RegExp(
          `-AcceptClipboard=0 -SendClipboard=0 -SetPrimary=0 -SendPrimary=0 -ViewOnly=${controls ? 0 : 1} `,
        ),
      )
  })

  it('was seen, where it ended before its viewer had stood for long', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'vdd-shown-'))
    onTestFinished(() => rm(folder, { recursive: true, force: true }))
    const viewer = `#!${process.execPath}
      const socket = require('node:net').connect(process.argv.at(-1))
      socket.on('data', () => {}).on('close', () => process.exit(1))`
    await writeFile(join(folder, 'xtigervncviewer'), viewer, { mode: 0o755 })
    const channel = await host.stream(step.argv)
    channel.stdout.once('resume', () =>
      setImmediate(() => {
        host.stdout.write('RFB 003.008\n\u0001\u0001')
        host.end(0)
      }),
    )
    const env = { PATH: folder, XDG_RUNTIME_DIR: folder }
    const { over } = await view(channel, { width: 800, height: 600, fills: true }, { controls: false }, env)
    await over
  })

  it('is done also where it has ended before its server is asked again', async () => {
    const session = snapshot([], [displayHost('d1', { roles: ['display'] })])
    const shown = { ...session, displays: [displayServer(channels(seen()))] }
    const still = new DemoFleet(shown)
    Object.assign(still.hosts.get('d1') ?? {}, { stream: () => host.stream(step.argv) })
    const [target] = sessionsOf(shown)
    const viewing = sessionActions.find(({ verb }) => verb === 'view')
    if (!target || !viewing) throw new Error('there is none')
    const found = prepare(viewing, target, { control: 'no' }, still)
    if ('refused' in found) throw new Error(found.refused)
    host.stdout.write('{"done":true}\n')
    host.end(0)
    expect(await run(found, still, { who: label('carla'), timeout: 0.1 })).toMatchObject({ kind: 'done' })
  })

  it('is not seen by another line', async () => {
    const done = showHere(step, host, fleet, never)
    host.stdout.write('{"done":false}\n')
    host.end(0)
    expect(await done).toBeInstanceOf(HostError)
  })

  it('is asked for no longer when it is given up', async () => {
    const cut = new AbortController()
    const done = showHere(step, host, fleet, cut.signal)
    cut.abort()
    await expect(done).rejects.toMatchObject({ kind: 'cancelled' })
  })

  it('is asked of nobody where there is no screen', async () => {
    const real = new StillFleet(snapshot([]))
    for (const env of [{}, { DISPLAY: 'nowhere' }])
      await expect(showHere(step, host, real, never, env)).rejects.toMatchObject({
        kind: 'refused',
        host: 'here',
      })
    expect(host.asked).toEqual([])
  })
})
