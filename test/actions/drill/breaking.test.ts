import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import {
  breakingCommand,
  directoryOf,
  parseTold,
  tellingCommand,
} from '../../../src/actions/drill/breaking.ts'
import type { Breaking } from '../../../src/actions/drill/kind.ts'
import { ended, killed, stopped, unitOf } from '../../../src/actions/drill/process.ts'
import { until } from '../../support/until.ts'

/** A program that is called slapd, and sleeps. */
const home = mkdtempSync(join(tmpdir(), 'vdd-drill-'))
const program = join(home, 'slapd')
copyFileSync(
  spawnSync('sh', ['-c', 'readlink -f "$(command -v sleep)"'], { encoding: 'utf8' }).stdout.trim(),
  program,
)

/** The pids of the programs of that path. */
function running(): number[] {
  const isOurs = (pid: string) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').startsWith(`${program}\0`)
    } catch {
      return false
    }
  }
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && isOurs(name))
    .map(Number)
}
const stateOf = (pid: number) => /\) (\w)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1]

const slapd = (pid: number) => ({ name: 'slapd', pid, units: ['slapd', 'openldap'] })
const children: ChildProcess[] = []
const directories: string[] = []
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  for (const pid of running()) process.kill(pid, 'SIGKILL')
  // Who puts it back sees to the end that its directory goes, but minutes later.
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true })
})
afterAll(() => rmSync(home, { recursive: true, force: true }))

function start(): number {
  const child = spawn(program, ['1000'], { stdio: 'ignore' })
  children.push(child)
  return child.pid ?? 0
}

function breaking(how: Breaking, seconds: number) {
  const directory = directoryOf(randomUUID())
  directories.push(directory)
  return { directory, ...run(breakingCommand(how, directory, seconds, false)) }
}

/** The command as a host runs it, and the lines that it has said. */
function run([command, ...words]: ReturnType<typeof breakingCommand>) {
  const child = spawn(command, words, { stdio: ['ignore', 'pipe', 'pipe'] })
  children.push(child)
  const said = { out: '', err: '', isOver: false }
  child.stdout.on('data', (piece) => {
    said.out += piece
  })
  child.stderr.on('data', (piece) => {
    said.err += piece
  })
  child.on('close', () => {
    said.isOver = true
  })
  return { child, said, lines: () => said.out.split('\n').flatMap((line) => parseTold(line) ?? []) }
}

describe('what breaks a slapd', () => {
  it('kills it, starts it as it was started, and tells when', async () => {
    const pid = start()
    await until('the program', () => running().includes(pid))
    const began = Date.now()
    const { lines, said } = breaking(killed(slapd(pid)), 1)
    await until('that it is killed', () => lines().length === 1)
    expect(running()).not.toContain(pid)
    await until('that it is back', () => said.isOver)
    expect(lines().map(({ what }) => what)).toEqual(['broken', 'back'])
    const [broken, back] = lines()
    if (broken?.what !== 'broken' || back?.what !== 'back') throw new Error(said.out)
    expect([broken.before >= began - 1_000, broken.after >= broken.before, back.at >= broken.before]).toEqual(
      [true, true, true],
    )
    await until('the other one', () => running().length === 1)
    expect(running()).not.toContain(pid)
  })

  it('stops it, and lets it go on', async () => {
    const pid = start()
    await until('the program', () => running().includes(pid))
    const { lines } = breaking(stopped(slapd(pid)), 1)
    await until('that it stands', () => stateOf(pid) === 'T')
    await until('that it goes on', () => stateOf(pid) === 'S')
    await until('both lines', () => lines().length === 2)
  })

  it('ends it as it is meant to end, and starts it again', async () => {
    const pid = start()
    await until('the program', () => running().includes(pid))
    const { lines } = breaking(ended(slapd(pid)), 1)
    await until('both lines', () => lines().length === 2)
    await until('the other one', () => running().some((one) => one !== pid))
    expect(running()).not.toContain(pid)
  })

  it.each([
    ['kill', killed],
    ['stop', stopped],
  ] as const)('%s: is put back also where nobody is left who waits for it', async (_, how) => {
    const pid = start()
    await until('the program', () => running().includes(pid))
    const { child, lines } = breaking(how(slapd(pid)), 1)
    await until('that it is broken', () => lines().length === 1)
    child.kill('SIGKILL')
    await until('that it is back', () => running().some((one) => stateOf(one) === 'S'))
  })

  it('is told of again where the line was lost', async () => {
    const pid = start()
    await until('the program', () => running().includes(pid))
    const first = breaking(killed(slapd(pid)), 1)
    await until('that it is killed', () => first.lines().length === 1)
    first.child.kill('SIGKILL')
    const again = run(tellingCommand(first.directory, false))
    await until('both lines', () => again.lines().length === 2)
    expect(again.lines()[0]).toEqual(first.lines()[0])
  })

  it('is put back only where it was broken', async () => {
    const pid = start()
    await until('the program', () => running().includes(pid))
    const file = join(home, 'put-back')
    const words = { ...killed(slapd(pid)), breaks: 'false', putsBack: `: > ${file}` }
    const failed = breaking(words, 1)
    await until('that it is put back', () => existsSync(file))
    expect(failed.said.err).toBe('it could not be broken\n')
    rmSync(file)
    const refused = breaking({ ...words, checks: 'echo no >&2; exit 1' }, 1)
    await until('its end', () => refused.said.isOver)
    expect([refused.said.err, existsSync(refused.directory)]).toEqual(['no\n', false])
  })

  it.each([
    ['0::/system.slice/slapd.service\n', 'slapd.service\n'],
    ['12:pids:/system.slice/symas-openldap-server.service\n0::/x\n', 'symas-openldap-server.service\n'],
    ['0::/system.slice/system-slapd.slice/slapd@main.service\n', 'slapd@main.service\n'],
    ['0::/system.slice/ssh.service\n', ''],
    ['0::/user.slice/user-0.slice/session-4.scope\n', ''],
  ])('is started by its own unit: %j', (input, unit) => {
    const words = ['-c', unitOf, 'sh', '1', 'slapd', 'slapd|openldap']
    expect(spawnSync('sh', words, { input, encoding: 'utf8' }).stdout).toBe(unit)
  })

  it('breaks nothing that is no slapd', async () => {
    const other = spawn('sleep', ['1000'], { stdio: 'ignore' })
    children.push(other)
    const pid = other.pid ?? 0
    await until(
      'the program',
      () => existsSync(`/proc/${pid}`) && readFileSync(`/proc/${pid}/comm`, 'utf8') === 'sleep\n',
    )
    const { said } = breaking(killed(slapd(pid)), 1)
    await until('its end', () => said.isOver)
    expect([said.out, said.err, stateOf(pid)]).toEqual(['', `process ${pid} is no slapd any more\n`, 'S'])
  })

  it('goes by sudo where that is configured', () => {
    const sudo = ['sudo', '-n', 'sh', '-c']
    expect(breakingCommand(killed(slapd(7)), '/tmp/x', 10, true).slice(0, 4)).toEqual(sudo)
    expect(tellingCommand('/tmp/x', true).slice(0, 4)).toEqual(sudo)
  })
})
