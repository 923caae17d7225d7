import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { breakingCommand, type How, parseTold } from '../../../src/actions/drill/breaking.ts'
import { asInKernel, Weights, weightsCommand } from '../../../src/actions/drill/weights.ts'
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

const children: ChildProcess[] = []
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  for (const pid of running()) process.kill(pid, 'SIGKILL')
})
process.on('exit', () => rmSync(home, { recursive: true, force: true }))

function start(): number {
  const child = spawn(program, ['1000'], { stdio: 'ignore' })
  children.push(child)
  return child.pid ?? 0
}

/** The command as a host runs it, and the lines that it has said. */
function breaking(how: How, pid: number, seconds: number) {
  const [command, ...words] = breakingCommand(how, pid, seconds, false)
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
    const { lines, said } = breaking('kill', pid, 1)
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
    const { lines } = breaking('stop', pid, 1)
    await until('that it stands', () => stateOf(pid) === 'T')
    await until('that it goes on', () => stateOf(pid) === 'S')
    await until('both lines', () => lines().length === 2)
  })

  it.each(['kill', 'stop'] as const)(
    '%s: is put back also where nobody is left who waits for it',
    async (how) => {
      const pid = start()
      await until('the program', () => running().includes(pid))
      const { child, lines } = breaking(how, pid, 1)
      await until('that it is broken', () => lines().length === 1)
      child.kill('SIGKILL')
      await until('that it is back', () => running().some((one) => stateOf(one) === 'S'))
    },
  )

  it('breaks nothing that is no slapd', async () => {
    const other = spawn('sleep', ['1000'], { stdio: 'ignore' })
    children.push(other)
    const pid = other.pid ?? 0
    await until(
      'the program',
      () => existsSync(`/proc/${pid}`) && readFileSync(`/proc/${pid}/comm`, 'utf8') === 'sleep\n',
    )
    const { said } = breaking('kill', pid, 1)
    await until('its end', () => said.isOver)
    expect([said.out, said.err, stateOf(pid)]).toEqual(['', `process ${pid} is no slapd any more\n`, 'S'])
  })

  it('goes by sudo where that is configured', () => {
    expect(breakingCommand('kill', 7, 10, true).slice(0, 4)).toEqual(['sudo', '-n', 'sh', '-c'])
    expect(weightsCommand('TCP 10.9.0.100:389', '10.9.0.11:389', true).slice(0, 4)).toEqual([
      'sudo',
      '-n',
      'sh',
      '-c',
    ])
  })
})

describe('the weight in the table of a balancer', () => {
  it.each([
    ['10.9.0.100:389', '0A090064:0185'],
    ['[fd00::b]:636', '[fd00:0000:0000:0000:0000:0000:0000:000b]:027C'],
    ['[::1]:1812', '[0000:0000:0000:0000:0000:0000:0000:0001]:0714'],
  ])('is looked for as the kernel writes %s', (place, wanted) => {
    expect(asInKernel(place)).toBe(wanted)
  })

  it('is told with the times between which it became so', () => {
    const weights = new Weights()
    for (const line of [
      '5.00 5.10 4',
      'clock 100.00 1764524000.000000000 100.02',
      '99.98 100.05 4',
      '102.00 102.06 none',
      'sh: rubbish',
      '1 2 99999999',
    ])
      weights.take(line)
    const ahead = 1_764_524_000_000 - 100_010
    expect(weights.seen).toEqual([
      { before: 99_980 + ahead - 20, after: 100_050 + ahead + 20, weight: 4 },
      { before: 102_000 + ahead - 20, after: 102_060 + ahead + 20 },
    ])
  })
})
