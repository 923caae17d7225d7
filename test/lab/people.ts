import { afterEach, expect } from 'vitest'
import type { ChannelState } from '../../src/services/display/channel.ts'
import { type DisplaySight, sightSchema } from '../../src/services/display/sight.ts'
import type { Lab } from './lab.ts'
import { Opening } from './opening.ts'

/** Anna in the lab's part `display`: her terminals, her channels, and what is left of her anywhere. After each test nothing is. */
export class Anna {
  readonly #lab: Lab
  readonly #openings: Opening[] = []

  constructor(lab: Lab) {
    this.#lab = lab
    afterEach(async () => {
      // One that was about to end may be gone by now; whether any is left is asked below.
      for (const { id } of await this.channels()) await this.tell(id, 'close', '--insist').catch(() => {})
      for (const opening of this.#openings.splice(0)) opening.kill()
      await this.leavesNothing()
    })
  }

  /** A command of hers on a host. */
  async on(host: string, ...argv: string[]): Promise<string> {
    return await this.#lab.on(host, 'lab-as', 'anna', ...argv)
  }

  async sh(host: string, script: string): Promise<string> {
    return await this.on(host, 'sh', '-c', script)
  }

  /** Opens a channel from a terminal; openbox on desk1, where nothing else is said. */
  open(wish: object = {}, terminal = 'term1', env: Readonly<Record<string, string>> = {}): Opening {
    const size = { width: 640, height: 480 }
    const whole = { machine: { name: 'desk1' }, session: 'openbox', size, ...wish }
    const opening = new Opening(this.#lab, terminal, 'anna', whole, env)
    this.#openings.push(opening)
    return opening
  }

  async sight(): Promise<DisplaySight> {
    return sightSchema.parse(JSON.parse(await this.on('disp1', 'vdd', 'channel', 'facts')))
  }

  async channels(): Promise<readonly ChannelState[]> {
    return (await this.sight()).channels.map(({ said }) => said)
  }

  async tell(id: string, ...order: string[]): Promise<void> {
    await this.on('disp1', 'vdd', 'channel', 'tell', id, ...order)
  }

  /** Her programs on a host; but for what Debian's Xsession starts, which looks every ten seconds whether its session has ended. */
  async programs(host: string): Promise<string[]> {
    const all = await this.#lab.on(host, 'ps', '-u', 'anna', '-o', 'comm=').catch(() => '')
    return all.split('\n').filter((one) => one && one !== 'ssh-agent')
  }

  async leavesNothing(): Promise<void> {
    const files = 'find /run/vdd /tmp/vdd-* -mindepth 1 ! -type d ! -name "terminal-*" 2>/dev/null || :'
    await expect
      .poll(async () => ({
        programs: (await Promise.all(['disp1', 'desk1', 'desk2'].map((host) => this.programs(host)))).flat(),
        sockets: await this.#lab.on('disp1', 'find', '/tmp/.X11-unix', '-user', 'anna'),
        files: await this.#lab.on('disp1', 'sh', '-c', files),
      }))
      .toEqual({ programs: [], sockets: '', files: '' })
  }
}
