import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  chownSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Fleet } from '../../src/fleet/fleet.ts'
import { Journal } from '../../src/fleet/journal/journal.ts'
import { Leftovers } from '../../src/fleet/leftovers.ts'
import type { Argv } from '../../src/hosts/host.ts'
import { label } from '../../src/hosts/label.ts'
import { RecordingHost } from '../support/still-fleet.ts'
import { until } from '../support/until.ts'

const draft = '/etc/ha.d/ldirectord.cf.vdd-0a1b2c'
const argv: Argv = ['sudo', '-n', 'rm', '-f', '--', draft]

const notRoot = Symbol('not root')
/** Only root gives files away. */
const asRoot = (work: () => unknown) => (process.getuid?.() === 0 ? work() : notRoot)

describe('what a change has left on a host', () => {
  let directory: string
  let leftovers: Leftovers
  const running: (() => void)[] = []
  beforeEach(() => {
    directory = join(mkdtempSync(join(tmpdir(), 'vdd-leftovers-')), 'leftovers')
    leftovers = new Leftovers(directory)
  })
  afterEach(() => {
    for (const kill of running.splice(0)) kill()
    rmSync(join(directory, '..'), { recursive: true })
  })

  const files = () => readdirSync(directory).map((name) => join(directory, name))

  /** Another vdd, which notes the same and then goes on until it is killed. */
  async function another() {
    const source = `
      const { Leftovers } = await import(${JSON.stringify(resolve('src/fleet/leftovers.ts'))})
      new Leftovers(${JSON.stringify(directory)}).note({ host: 'lb1', argv: ${JSON.stringify(argv)} })
      console.log('noted')
      setInterval(() => {}, 1000)`
    const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', source], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    running.push(() => child.kill('SIGKILL'))
    await once(child.stdout, 'data')
    return async () => {
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
  }

  it('is known to the next one when it was killed, and not as long as it lives', async () => {
    const kill = await another()
    expect(leftovers.orphans()).toEqual([])
    await kill()
    expect(leftovers.orphans().map(({ leftover }) => leftover)).toEqual([{ host: 'lb1', argv }])
    for (const { forget } of leftovers.orphans()) forget()
    expect(files()).toEqual([])
  })

  it('is each its own file, which nobody else can read, and forgotten twice without a fault', () => {
    const forgets = [draft, `${draft}2`].map(() => leftovers.note({ host: 'lb1', argv }))
    expect(files()).toHaveLength(2)
    expect([directory, ...files()].map((file) => statSync(file).mode & 0o777)).toEqual([0o700, 0o600, 0o600])
    for (const forget of [...forgets, ...forgets]) forget()
    expect(files()).toEqual([])
  })

  it('is noted also in a directory below others that are not there, and where that fails the change goes on', () => {
    new Leftovers(join(directory, 'a/b')).note({ host: 'lb1', argv })
    expect(readdirSync(join(directory, 'a/b'))).toHaveLength(1)
    const file = join(directory, 'file')
    writeFileSync(file, '')
    const forget = new Leftovers(file).note({ host: 'lb1', argv })
    expect(forget).not.toThrow()
  })

  it('is nothing where nothing was ever noted', () => {
    expect(leftovers.orphans()).toEqual([])
  })

  it('is forgotten when it has been taken away, and its file is nobody else’s to read', () => {
    const forget = leftovers.note({ host: 'lb1', argv })
    expect(leftovers.orphans()).toEqual([])
    expect(files()).toHaveLength(1)
    forget()
    expect(files()).toEqual([])
  })

  /** The file of a process that is gone, with something in it that is another. */
  async function forged(change: (text: string) => string): Promise<void> {
    await (await another())()
    for (const file of files()) writeFileSync(file, change(readFileSync(file, 'utf8')))
  }

  it('is left alone where another machine has made it', async () => {
    await forged((text) => text.replace(/"machine":"[^"]*"/, '"machine":"elsewhere"'))
    expect(leftovers.orphans()).toEqual([])
  })

  it('is taken away after a restart of this machine', async () => {
    await forged((text) => text.replace(/"boot":"[^"]*"/, '"boot":"before"'))
    expect(leftovers.orphans()).toHaveLength(1)
  })

  it.each([
    ['another file', draft, '/etc/shadow'],
    ['another command', '"rm"', '"dd"'],
    ['another option', '"--"', '"-r"'],
    ['a second file', `"${draft}"`, `"/etc/shadow","${draft}"`],
    ['words in one', '"-f","--"', '"-f --"'],
    ['no host', '"host":"lb1"', '"host":1'],
    ['no command', '"argv":[', '"argv":1,"other":['],
    ['no file', `"${draft}"`, '1'],
    ['no process', '"pid":', '"process":'],
    ['nobody', '"maker":', '"made":'],
    ['nothing that can be read', '{', '['],
  ])('is no reason to do anything but to remove a draft: %s', async (_what, from, to) => {
    await forged((text) => text.replace(from, to))
    expect(leftovers.orphans()).toEqual([])
  })

  const takenOver: readonly [string, () => unknown][] = [
    ['a directory in which others write', () => chmodSync(directory, 0o777)],
    ['a file that others may write', () => files().map((file) => chmodSync(file, 0o666))],
    ['a directory of another user', () => asRoot(() => chownSync(directory, 65534, 65534))],
    ['a file of another user', () => asRoot(() => files().map((file) => chownSync(file, 65534, 65534)))],
    [
      'a link to a directory elsewhere',
      () => {
        renameSync(directory, `${directory}2`)
        symlinkSync(`${directory}2`, directory)
      },
    ],
  ]
  it.each(takenOver)('is not believed from %s', async (_what, change) => {
    await (await another())()
    expect(leftovers.orphans()).toHaveLength(1)
    if (change() === notRoot) return
    expect(leftovers.orphans()).toEqual([])
  })

  function fleet(readOnly: boolean, code = 0) {
    const lb1 = new RecordingHost('lb1', () => ({ code }))
    const config = { name: 'lb1', roles: ['directory' as const], local: false, libvirt: 'qemu:///system' }
    const opened = new Fleet({
      ...{ cluster: label('test'), demo: false, readOnly, interval: 1000, leftovers },
      journal: new Journal(':memory:'),
      members: [{ host: lb1, config }],
    })
    const removed = () => lb1.ran.filter((one) => one.argv.includes('rm')).map((one) => one.argv)
    const told = () => {
      const texts = opened.journal.latest(9).map(({ text }) => text)
      return texts.filter((text) => text.startsWith('removed'))
    }
    return { opened, removed, told }
  }

  it('goes at the next start, and the journal says so', async () => {
    await (await another())()
    const { opened, removed, told } = fleet(false)
    opened.start()
    await until('it is told', () => told().length > 0)
    expect(removed()).toEqual([argv])
    expect(told()).toEqual([`removed what a killed vdd had left: ${draft}`])
    expect(files()).toEqual([])
    await opened.stop()
  })

  it('stays known where it could not be taken away, and a console that is read-only does nothing', async () => {
    await (await another())()
    const only = fleet(true)
    only.opened.start()
    const failing = fleet(false, 1)
    failing.opened.start()
    await until('the try', () => failing.removed().length > 0)
    await Promise.all([only.opened.stop(), failing.opened.stop()])
    expect(only.removed()).toEqual([])
    expect(failing.told()).toEqual([])
    expect(leftovers.orphans()).toHaveLength(1)
  })
})
