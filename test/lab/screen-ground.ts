import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeAll, expect } from 'vitest'
import { type SeenChannel, sightSchema } from '../../src/services/display/sight.ts'
import { until } from '../support/until.ts'
import { Lab } from './lab.ts'
import { Opening } from './opening.ts'

/** `old` shows the screen of `web1`, kept, and `spice` that of `spice1`; `passing` the same, not kept; `blind` has no screen, that of `sealed` wants a password, `gone` is off. */
const config = `
cluster: lab
hosts:
  - {name: a, address: 10.77.0.1, user: root, roles: [hypervisor]}
  - {name: b, address: 10.77.0.2, user: root, roles: [hypervisor]}
desk:
  systems:
    - {name: old, title: Old programs, shows: screen, keep: true, machines: [web1]}
    - {name: passing, title: Passing, shows: screen, machines: [web1]}
    - {name: spice, title: By SPICE, shows: screen, keep: true, machines: [spice1]}
    - {name: blind, title: Blind, shows: screen, machines: [tick1]}
    - {name: sealed, title: Sealed, shows: screen, machines: [sealed]}
    - {name: office, title: Office, machines: [{name: desk1, always: true}]}
`

/** Hypervisors, a display server that reaches them, and terminals. After each test nothing of a screen may be left. */
export class ScreenGround {
  readonly lab = Lab.forThisFile('display')
  readonly #openings: Opening[] = []

  constructor() {
    beforeAll(() => this.#setUp(), 900_000)
    afterEach(async () => {
      for (const { said } of await this.channels()) await this.tell(said.id, 'close', '--insist')
      for (const opening of this.#openings.splice(0)) opening.kill()
      await expect.poll(this.left).toEqual(nothing)
    })
  }

  async #setUp(): Promise<void> {
    const { lab } = this
    await lab.run('up', 'virt')
    const write = (text: string, to: string) => lab.onWith(text, 'disp1', 'sh', '-c', to)
    await write(config, 'cat > /etc/vdd/vdd.yaml')
    const home = '/home/vdd-desk/.ssh'
    await write(this.own('keys/operator'), `cd ${home} && umask 077 && cat > id_ed25519 && chown vdd-desk: *`)
    await write(this.own('ssh/known_hosts'), `cat >> ${home}/known_hosts`)
    const sealed = (await lab.on('a', 'virsh', 'dumpxml', '--inactive', 'tick1'))
      .replace(/<uuid>.*<\/uuid>/, '')
      .replace('<name>tick1<', '<name>sealed<')
      .replace('</devices>', "<graphics type='vnc' autoport='yes' passwd='geheim'/></devices>")
    await lab.onWith(sealed, 'a', 'sh', '-c', 'cat > /tmp/sealed && virsh create /tmp/sealed')
    // Until it has booted its screen shows something else at each look.
    const said = 'timeout 2 head -n 1 "$(virsh ttyconsole web1)" || :'
    await until('web1 to have booted', async () => (await lab.on('a', 'sh', '-c', said)).startsWith('tick'))
  }

  /** A file of the hypervisors' part. */
  own(name: string): string {
    return readFileSync(join(this.lab.directory, 'virt', name), 'utf8')
  }

  /** As they type it to log in to a machine. */
  password(person: string): string {
    return readFileSync(join(this.lab.directory, 'display/secrets', `${person}.password`), 'utf8').trim()
  }

  readonly as = (person: string, host: string, ...argv: string[]) =>
    this.lab.on(host, 'lab-as', person, ...argv)
  readonly channels = async (): Promise<readonly SeenChannel[]> =>
    sightSchema.parse(JSON.parse(await this.as('anna', 'disp1', 'vdd', 'channel', 'facts'))).channels
  readonly tell = (id: string, ...order: string[]) =>
    this.as('anna', 'disp1', 'vdd', 'channel', 'tell', id, ...order)
  readonly windows = (terminal = 'term1') => this.as('anna', terminal, 'xwininfo', '-root', '-tree')

  /** What the broker answers to somebody, one request after the other. */
  async asked(person: string, ...requests: object[]): Promise<Record<string, unknown>[]> {
    const input = requests.map((one, n) => `${JSON.stringify({ n, ...one })}\n`).join('')
    const broker = ['sudo', '-n', '-u', 'vdd-desk', '/usr/local/bin/vdd', 'desk-broker']
    const said = await this.lab.onWith(input, 'disp1', 'lab-as', person, ...broker)
    return said
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line))
      .filter(({ last }) => last)
  }

  /** Anna is given a machine: once more where its host was too busy to answer. */
  async given(system: string): Promise<void> {
    const given = expect.objectContaining({ machine: expect.anything() })
    await expect.poll(() => this.asked('anna', { ask: 'machine', system })).toEqual([given])
  }

  open(system: string, machine: string, more: object = {}, env = {}): Opening {
    const wish = { machine: { name: machine }, shows: 'screen', system, ...more }
    const opening = new Opening(this.lab, 'term1', 'anna', wish, env)
    this.#openings.push(opening)
    return opening
  }

  /** The upper part of what the guest shows, above a cursor that may blink, as the terminal has it. */
  async shown(terminal: string): Promise<string> {
    const cut = 'pamcut -left 152 -top 184 -width 720 -height 150'
    return await this.lab.on(terminal, 'sh', '-c', `lab-photo | pngtopnm | ppmtopgm | ${cut} | ${part}`)
  }

  /** The same as the hypervisor has it. */
  async wanted(host = 'a'): Promise<string> {
    await this.lab.on(host, 'virsh', 'screenshot', 'web1', '/tmp/shot')
    const cut = 'pamcut -left 0 -top 0 -width 720 -height 150'
    return await this.lab.on(host, 'sh', '-c', `pngtopnm /tmp/shot | ppmtopgm | ${cut} | ${part}`)
  }

  /** Lines of ps(1) on the display server: the process id, and the words. */
  async processes(of: RegExp): Promise<string[]> {
    const all = await this.lab.on('disp1', 'ps', '-e', '-o', 'pid=,args=')
    return all.split('\n').filter((one) => of.test(one))
  }

  /** What runs there for screens. */
  readonly programs = () =>
    this.processes(/desk-broker|vncviewer|remote-viewer|xfreerdp|channel (keep|relay)/)

  readonly left = async () => ({
    programs: await this.programs(),
    files: await this.lab.on('disp1', 'sh', '-c', 'find /run/vdd /tmp/vdd-* -mindepth 2 2>/dev/null || :'),
    windows: /0 children/.test(await this.windows()),
  })
}

const part = 'pnmtoplainpnm | md5sum'

/** What is to be left. */
export const nothing = { programs: [], files: '', windows: true }
