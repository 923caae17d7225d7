import { describe, expect, it } from 'vitest'
import { openVdd } from './support/vdd.ts'

/** Of a serial line the terminal driver knows no size. */
const unknown = { script: 'stty rows 0 cols 0' }

/** The time ends the first line, and the last line is that of the keys. */
const is = (columns: number, rows: number) => (screen: string[]) =>
  screen[0]?.length === columns - 1 &&
  /\d\d:\d\d:\d\d$/.test(screen[0]) &&
  screen[rows - 1]?.includes('q Quit')

describe('the size of a window of which the terminal driver knows nothing', () => {
  it('is what --size says', async () => {
    const terminal = openVdd(['--size', '100x20', 'demo'], { ...unknown, columns: 132, rows: 43 })
    await terminal.until(() => is(100, 20)(terminal.screen()) === true)
    expect(terminal.output).not.toContain('\x1b[6n')
  })

  it('else what the environment says', async () => {
    const env = { COLUMNS: '110', LINES: '30' }
    const terminal = openVdd(['demo'], { ...unknown, env, columns: 132, rows: 43 })
    await terminal.until(() => is(110, 30)(terminal.screen()) === true)
    expect(terminal.output).not.toContain('\x1b[6n')
  })

  it('else what the terminal answers, and neither the answer nor what is typed meanwhile is lost or taken for another key', async () => {
    const terminal = openVdd(['demo'], { ...unknown, columns: 132, rows: 43 })
    await terminal.until(() => terminal.output.includes('\x1b[6n'))
    terminal.press('2')
    await terminal.until(() => is(132, 43)(terminal.screen()) === true)
    await terminal.until('[2 Machines]')
    expect(terminal.output.split('\x1b[6n')).toHaveLength(2)
  })

  it('else that of a VT100, and a late answer is no key', async () => {
    const terminal = openVdd(['demo'], { ...unknown, silent: true, columns: 132, rows: 43 })
    await terminal.until(() => is(80, 24)(terminal.screen()) === true)
    terminal.type('\x1b[43;132R')
    terminal.press('2')
    await terminal.until('[2 Machines]')
    expect(terminal.shows('Reload')).toBe(false)
  })

  it('is not asked for where it is known', async () => {
    const terminal = openVdd(['demo'], { env: { COLUMNS: '100', LINES: '30' } })
    await terminal.until(() => is(80, 24)(terminal.screen()) === true)
    expect(terminal.output).not.toContain('\x1b[6n')
  })
})
