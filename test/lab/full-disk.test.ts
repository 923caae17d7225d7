import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { execa } from 'execa'
import { afterEach, expect, it } from 'vitest'
import { TerminalUnderTest } from '../support/terminal.ts'
import { describeLab, Lab } from './lab.ts'

/** Starts a command where a directory is a small file system that nobody else sees, and that ends with it; what else is said is done there before. */
const onSmallDisk = (before: string) =>
  `mount -t tmpfs -o size=2m,mode=700 tmpfs "$1" && cd "$1" && { { ${before}; } 2>/dev/null; cd / && shift && exec "$@"; }`
const fill = 'dd if=/dev/zero of=ballast bs=4k count=1024'

describeLab('a console whose disk is full', () => {
  const lab = Lab.forThisFile('virt')
  const disk = join(lab.directory, 'disk')
  const opened: TerminalUnderTest[] = []
  afterEach(() => {
    for (const one of opened.splice(0)) one.close()
  })

  /** The console with its journal there, and the same program beside it. */
  async function open(before = ':') {
    const config = join(lab.directory, 'small.yaml')
    mkdirSync(disk, { recursive: true })
    writeFileSync(config, `journal: ${join(disk, 'journal.db')}\n${readFileSync(lab.config, 'utf8')}`)
    const vdd = [resolve('bin/vdd'), '--config', config]
    const { NO_COLOR: _, ...inherited } = process.env as Record<string, string>
    const env = { ...inherited, ...lab.env, TERM: 'vt100', LANG: 'C', LC_ALL: 'C' }
    const words = ['-m', 'sh', '-c', onSmallDisk(before), 'sh', disk, ...vdd]
    const terminal = new TerminalUnderTest('unshare', words, { env })
    opened.push(terminal)
    await terminal.until(/a +up[\s\S]*b +up/)
    const beside = async (...argv: string[]) =>
      await execa('nsenter', ['-m', '-t', `${terminal.pid}`, ...argv], { reject: false, env: lab.env })
    return {
      terminal,
      fill: async () => await beside('sh', '-c', `cd ${disk} && ${fill}`),
      makeRoom: async () => await beside('rm', join(disk, 'ballast')),
      /** What is in the file of what was done to the machine here, the first first, and whether all of the file holds. */
      kept: async () => {
        const { stdout } = await beside(...vdd, 'events', '--object', 'desk1', '--json')
        const verified = await beside(...vdd, 'events', 'verify')
        const all = (JSON.parse(stdout) as { text: string }[]).map(({ text }) => text)
        // Its log tells of the start of the lab.
        const texts = all.filter((text) => !text.includes('booted')).map((text) => text.replace(/ .*/, ''))
        return { texts, verified: verified.exitCode }
      },
    }
  }

  /** Each is an entry, which wants room in the file. */
  async function toggle(terminal: TerminalUnderTest, state: 'suspend' | 'resume'): Promise<void> {
    const rows = () => terminal.screen().filter((line) => line.includes('desk1: ')).length
    const before = rows()
    await lab.on('b', 'virsh', state, 'desk1')
    await terminal.until(() => rows() > before)
  }

  /** Looks back at what was kept of the last minute, until something is said of it. */
  const looksBack = async (terminal: TerminalUnderTest, to: string) =>
    await terminal.until(() => {
      terminal.press('<')
      return terminal.shows(to)
    })

  it('goes on, says so, and writes what waited when there is room again', async () => {
    const { terminal, fill, makeRoom, kept } = await open()
    terminal.press('4')
    await fill()
    const told = 'journal is not kept: database or disk is full'
    for (let i = 0; i < 3; i++) {
      await toggle(terminal, 'suspend')
      await toggle(terminal, 'resume')
    }
    await terminal.until(told)
    // The keys still answer; of what is kept each minute the same is said.
    terminal.press('2')
    await terminal.until(/NAME.*STATE/)
    await looksBack(terminal, 'nothing is kept to look back at')
    await makeRoom()
    await terminal.until(() => !terminal.shows('not kept'))
    await looksBack(terminal, 'NOT NOW')
    const { texts, verified } = await kept()
    expect(texts).toEqual(['paused', 'running', 'paused', 'running', 'paused', 'running'])
    expect(verified).toBe(0)
  })

  it('that was full when it began is used as soon as there is room', async () => {
    const { terminal, makeRoom, kept } = await open(fill)
    await terminal.until(/journal is not kept: [\s\S]*full/)
    terminal.press('4')
    await toggle(terminal, 'suspend')
    await makeRoom()
    await terminal.until(() => !terminal.shows('not kept'))
    await toggle(terminal, 'resume')
    const { texts, verified } = await kept()
    expect(texts).toEqual(['paused', 'running'])
    expect(verified).toBe(0)
  })
})
