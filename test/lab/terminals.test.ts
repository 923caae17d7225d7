import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { adaptTo } from '../../src/terminal/adapt.ts'
import type { Grid } from '../../src/terminal/grid.ts'
import { Painter } from '../../src/terminal/painter.ts'
import { adjusted, type Profile, profiles } from '../../src/terminal/profile.ts'
import { Sheet } from '../../src/terminal/sheet.ts'
import { graphic } from '../../src/terminal/style.ts'
import { launcher, open } from '../pty/support/vdd.ts'
import { framesOf, scenes } from '../terminal/support/frames.ts'
import { describeLab } from './lab.ts'

const columns = 80
const rows = 24
const runs = 12

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vdd-terminals-'))
})
let end = () => {}
afterEach(() => {
  end()
  end = () => {}
  rmSync(folder, { recursive: true, force: true })
})

/** What is sent for the frames of a scene, one after the other, and the last of them. */
function sentFor(scene: Parameters<typeof framesOf>[0], profile: Profile): { bytes: string; last: Grid } {
  const painter = new Painter(profile, columns, rows)
  const frames = framesOf({ ...scene, columns, rows }, profile)
  const bytes = frames.map((grid) => painter.next({ grid, typing: false })).join('')
  return { bytes, last: frames.at(-1) as Grid }
}

/** The command that a terminal runs: it shows the bytes and stays. As the session does, it has the line hand on tabs: in GNU screen it expands them. */
function shower(bytes: string): string[] {
  writeFileSync(join(folder, 'bytes'), bytes)
  return ['sh', '-c', 'stty tab0; cat "$0"; exec sleep 600', join(folder, 'bytes')]
}

/** Looks until it is as it should be; the difference is told when the time is over. */
async function settles(look: () => unknown, wanted: unknown): Promise<void> {
  const deadline = performance.now() + 10_000
  while (JSON.stringify(look()) !== JSON.stringify(wanted)) {
    if (performance.now() > deadline) return expect(look()).toEqual(wanted)
    await setTimeout(50)
  }
}

const samples = () => fc.sample(scenes, { numRuns: runs, seed: 7 })

/** Cells as text and style; a line of the DEC set is its letter. */
const cells = (grid: Grid) =>
  grid.map(({ text, styles }) => text.map((one, i) => [one, (styles[i] ?? 0) & ~graphic]))

describeLab('another terminal', () => {
  it.each(['vt100', 'vt102', 'vt220', 'linux', 'xterm-256color', 'tmux'])(
    'tmux shows what is sent to a %s as it is meant, cell by cell',
    async (term) => {
      const profile = profiles[term] as Profile
      const env = { ...process.env, LC_ALL: 'C.UTF-8', TERM: 'xterm-256color', TMUX: '' }
      const socket = ['-S', join(folder, 'tmux')]
      const tmux = (...args: string[]) =>
        execFileSync('tmux', [...socket, ...args], { env, encoding: 'utf8' })
      writeFileSync(join(folder, 'conf'), 'set -g status off\nset -g default-terminal tmux-256color\n')
      end = () => tmux('kill-server')
      tmux('-u', '-f', join(folder, 'conf'), 'new-session', '-d', '-x', '80', '-y', '24', 'sleep 600')
      for (const scene of samples()) {
        const { bytes, last } = sentFor(scene, profile)
        tmux('respawn-pane', '-k', '-t', '0', ...shower(bytes))
        const look = () => {
          const sheet = new Sheet(columns, rows, adaptTo(profiles['xterm-256color'] as Profile))
          sheet.write(tmux('capture-pane', '-p', '-e', '-N', '-t', '0').replace(/\n$/, ''))
          return cells(sheet.grid())
        }
        await settles(look, cells(last))
      }
    },
  )

  it.each(['vt100', 'vt220', 'screen'])(
    'GNU screen shows what is sent to a %s as it is meant',
    async (term) => {
      // Its hardcopy has neither lines nor all characters.
      const profile = adjusted(profiles[term] as Profile, { colour: true, ascii: true, utf8: false })
      const env = { ...process.env, LC_ALL: 'C.UTF-8', TERM: 'xterm', SCREENDIR: folder, HOME: folder }
      execFileSync('chmod', ['700', folder])
      const screen = (...args: string[]) =>
        execFileSync('screen', args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
      writeFileSync(join(folder, 'rc'), 'defutf8 on\nstartup_message off\nnonblock on\n')
      for (const [i, scene] of samples().entries()) {
        const { bytes, last } = sentFor(scene, profile)
        const name = `vdd-${term}-${i}`
        end = () => screen('-S', name, '-X', 'quit')
        screen('-U', '-c', join(folder, 'rc'), '-dmS', name, ...shower(bytes))
        const copy = join(folder, 'copy')
        const look = () => {
          try {
            // On a busy machine screen refuses a command now and then: its session does not answer in time.
            screen('-S', name, '-X', 'hardcopy', copy)
            return readFileSync(copy, 'utf8')
              .split('\n')
              .slice(0, rows)
              .map((line) => line.trimEnd())
          } catch {
            return []
          }
        }
        const lines = cells(last).map((row) =>
          row
            .map(([text]) => text)
            .join('')
            .trimEnd(),
        )
        await settles(look, lines)
        end()
        end = () => {}
      }
    },
  )

  it('is right again after a client of tmux went away and another one came, in a window of another size', async () => {
    writeFileSync(join(folder, 'conf'), 'set -g status off\nset -g default-terminal tmux-256color\n')
    const tmux = ['-S', join(folder, 'tmux'), '-u', '-f', join(folder, 'conf')]
    const env = { LANG: 'C.UTF-8', TERM: 'xterm-256color' }
    end = () => void execFileSync('tmux', [...tmux, 'kill-server'], { stdio: 'ignore' })
    const attached = (columns: number, rows: number) =>
      open('tmux', [...tmux, 'new-session', '-A', '-s', 'vdd', launcher, 'demo'], { env, columns, rows })
    const first = attached(80, 24)
    await first.until('all fresh')
    first.press('2', '/', 'ldap', 'enter')
    await first.until('filter: ldap')
    first.close()
    const second = attached(132, 43)
    await second.until(() => /Quit *$/.test(second.screen()[42] ?? ''))
    expect(second.screen()[0]).toMatch(/^ vdd .*all fresh/)
    expect(second.shows(/^> ldap-01/m)).toBe(true)
    expect(second.shows('DISK r/w')).toBe(true)
    second.press('esc', '1')
    await second.until('LATEST EVENTS')
    expect(second.shows('filter:')).toBe(false)
    second.press('q')
    await second.ended()
    end = () => {}
  })
})
