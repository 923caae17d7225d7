import { describe, expect, it } from 'vitest'
import type { TerminalUnderTest } from '../support/terminal.ts'
import { openMachines, openVdd, wide } from './support/vdd.ts'

/** Colours of text or background in what was sent, 8, 16, 256 and true ones. */
const colour = /.{0,20}\x1b\[(?:[\d;]*;)?(?:3[0-9]|4[0-9]|9[0-7]|10[0-7])(?:;[\d;]*)?m.{0,20}/g

const coloursIn = ({ output }: TerminalUnderTest) => output.match(colour) ?? []

async function tour(terminal: TerminalUnderTest): Promise<void> {
  await terminal.until('all fresh')
  for (const [key, sign] of [
    ['2', 'NAME^'],
    ['4', 'WHAT'],
    ['?', 'Every screen'],
    ['1', 'LATEST EVENTS'],
  ] as const) {
    terminal.press(key)
    await terminal.until(sign)
  }
  terminal.press('2', 'enter')
  await terminal.until('virtio')
  terminal.press('x')
  await terminal.until('<domain')
}

describe('the first look', () => {
  it('shows the demo where nothing is configured, says so, and says how to connect real hosts', async () => {
    const terminal = openVdd()
    await terminal.until('all fresh')
    expect(terminal.screen()[0]).toMatch(/^ vdd {2}DEMO .*Overview/)
    expect(terminal.line('To connect real hosts')).toContain('vdd config example')
    expect(terminal.line('MACHINES')).toMatch(/20: .*running/)
    expect(terminal.line(/^ .*q Quit/)).toBeDefined()
  })

  it('sends a VT100 in the C locale no byte beyond ASCII, no colour and no alternate screen', async () => {
    const terminal = openVdd()
    await tour(terminal)
    expect(terminal.output.match(/[^\x08\t\n\r\x0e\x0f\x1b\x20-\x7e]+/g)).toBeNull()
    expect(coloursIn(terminal)).toEqual([])
    expect(terminal.output).not.toContain('\x1b[?1049h')
    terminal.press('q')
    await terminal.ended()
    expect(coloursIn(terminal)).toEqual([])
  })

  it('marks the selected row by a sign and the cursor on a VT100, whose line is slow', async () => {
    const terminal = await openMachines()
    terminal.press('down')
    await terminal.until(() => terminal.screen()[3]?.startsWith('> ') === true && terminal.cursor.row === 3)
    expect(terminal.cursor.column).toBe(0)
    expect(terminal.row(3).some((cell) => cell?.inverse)).toBe(false)
  })

  it('shows status line and selection in inverse, and the selection by a sign too', async () => {
    const terminal = await openMachines([], { env: { TERM: 'xterm-mono' } })
    expect(terminal.row(0).every((cell) => cell?.inverse)).toBe(true)
    const selected = terminal.screen().findIndex((line) => line.startsWith('> '))
    expect(terminal.row(selected).every((cell) => cell?.inverse)).toBe(true)
    expect(terminal.row(selected + 1).some((cell) => cell?.inverse)).toBe(false)
    expect(terminal.looks('NAME^')).toMatchObject({ bold: true, inverse: false })
  })

  it('shows more columns, and colours, on a wide terminal, whose second screen it takes and leaves', async () => {
    const terminal = await openMachines([], wide)
    const narrow = await openMachines()
    const columns = (t: TerminalUnderTest) => (t.line('NAME^') ?? '').trim().split(/\s+/).length
    expect(columns(terminal)).toBeGreaterThan(columns(narrow))
    expect(terminal.line('NAME^')).toMatch(/TITLE/)
    expect(terminal.looks('NAME^')?.coloured).toBe(true)
    expect(terminal.isAlternate).toBe(true)
    terminal.press('q')
    await terminal.ended()
    expect(terminal.isAlternate).toBe(false)
    expect(terminal.screen().join('')).toBe('')
  })

  it.each([
    ['NO_COLOR is set', [], { NO_COLOR: '1' }],
    ['--no-color is given', ['--no-color'], {}],
  ])('sends no colour when %s', async (_, args, env) => {
    const terminal = openVdd([...args, 'demo'], { ...wide, env: { ...wide.env, ...env } })
    await tour(terminal)
    expect(coloursIn(terminal)).toEqual([])
    expect(terminal.row(0)[0]).toMatchObject({ inverse: true })
  })

  it('draws also where $CI is set', async () => {
    await openMachines([], { env: { CI: 'true' } })
  })
})

describe('the window', () => {
  /** No line is longer than the window or has run into the next one. */
  function isWhole(terminal: TerminalUnderTest): boolean {
    const lines = terminal.screen()
    return (
      (lines[0] ?? '').startsWith(' vdd ') &&
      /\d\d:\d\d:\d\d$/.test(lines[0] ?? '') &&
      (lines.at(-1) ?? '').includes('q Quit') &&
      lines.filter((line) => line.startsWith(' vdd ')).length === 1
    )
  }

  it('has whole lines at 60x20 on every screen', async () => {
    const terminal = openVdd(['demo'], { columns: 60, rows: 20 })
    await terminal.until('all fresh')
    await terminal.until(() => isWhole(terminal))
    for (const [key, sign] of [
      ['2', 'NAME^'],
      ['4', 'WHAT'],
      ['?', 'Faults only'],
    ] as const) {
      terminal.press(key)
      await terminal.until(sign)
      expect(isWhole(terminal), terminal.screen().join('\n')).toBe(true)
    }
  })

  it('says at 40x10 that it is too small, and recovers when it grows', async () => {
    const terminal = await openMachines()
    terminal.resize(40, 10)
    await terminal.until('40x10: needs 60x12')
    terminal.resize(100, 30)
    await terminal.until(() => isWhole(terminal) && terminal.shows('NAME^'))
    expect(terminal.line(/^> /)).toContain('debian-kde-01')
  })

  it('obeys keys while it is too small, so that one can still leave', async () => {
    const terminal = await openMachines()
    terminal.resize(20, 3)
    await terminal.until('20x3')
    terminal.press('q')
    expect(await terminal.ended()).toEqual({ code: 0, signal: 0 })
  })

  it('changes nothing while it is too small to show what would be done', async () => {
    const terminal = await openMachines()
    terminal.resize(80, 8)
    await terminal.until('80x8: needs 60x12')
    terminal.press('d', 'y')
    await terminal.quiet()
    terminal.resize(80, 24)
    await terminal.until(() => isWhole(terminal) && terminal.shows('NAME^'))
    expect(terminal.shows('This will run')).toBe(false)
    terminal.press('d')
    await terminal.until('This will run')
    terminal.resize(40, 10)
    await terminal.until('40x10: needs 60x12')
    terminal.press('y')
    await terminal.quiet()
    terminal.resize(80, 24)
    await terminal.until('This will run')
    terminal.press('esc', '4')
    await terminal.until('[4 Events]')
    expect(terminal.shows('shut down: begun')).toBe(false)
  })

  it('lets no key confirm what has not been shown: it says so, and takes the next one', async () => {
    const terminal = openVdd(['demo', '--baud', '9600'])
    await terminal.until('all fresh')
    terminal.type('2dy')
    await terminal.until('look, and press it again')
    await terminal.quiet()
    terminal.press('y')
    await terminal.until(() => !terminal.shows('This will run'))
    terminal.press('4')
    await terminal.until('shut down: begun')
  })

  it.each([
    ['without a second screen', {}],
    ['with one', wide],
  ])('survives a storm of sizes on both axes, %s', async (_, place) => {
    const terminal = await openMachines([], place)
    const sizes = [...Array(60).keys()].flatMap((n) => [
      [1 + ((n * 37) % 200), 24],
      [80, 1 + ((n * 13) % 70)],
      [1 + ((n * 7) % 90), 1 + ((n * 11) % 40)],
    ])
    for (const [columns = 1, rows = 1] of [...sizes, [1, 1]]) terminal.resize(columns, rows)
    terminal.resize(80, 24)
    await terminal.until(() => isWhole(terminal) && terminal.shows('NAME^'))
    terminal.press('1')
    // The answer to the key may be drawn before the last of the sizes is heard of.
    await terminal.until(() => isWhole(terminal) && terminal.shows('LATEST EVENTS'))
  })
})
