import { describe, expect, it } from 'vitest'
import type { TerminalUnderTest } from '../support/terminal.ts'
import { openMachines } from './support/vdd.ts'

/** Leaves the rows with this text, and keeps them. */
async function filter(terminal: TerminalUnderTest, text: string): Promise<void> {
  terminal.press('/')
  terminal.type(text)
  await terminal.until(`/${text}`)
  terminal.press('enter')
  await terminal.until(`filter: ${text}`)
}

const selected = (terminal: TerminalUnderTest) => terminal.line(/^>/) ?? ''

describe('a machine', () => {
  it('that is off is started: the plan is shown, Enter cancels, y does it, and it is done when it runs', async () => {
    const terminal = await openMachines()
    await filter(terminal, 'debian-kde-03')
    expect(selected(terminal)).toMatch(/debian-kde-03 +shut off +hv3/)
    terminal.press('s')
    await terminal.until('This will run:')
    expect(terminal.line('virsh')).toMatch(/hv3.*virsh.* start /)
    await terminal.until(
      () =>
        terminal.screen()[terminal.cursor.row]?.slice(terminal.cursor.column).startsWith('[Cancel]') === true,
    )
    terminal.press('enter')
    await terminal.until(() => !terminal.shows('This will run:'))
    expect(selected(terminal)).toContain('shut off')
    terminal.press('s')
    await terminal.until('This will run:')
    await terminal.confirm()
    await terminal.until(/debian-kde-03: Start: done in [\d.]+ s/)
    expect(selected(terminal)).toContain('running')
    terminal.press('4')
    await terminal.until(/\* .*debian-kde-03.*start: done/)
  })

  it('migrates to the chosen host; its progress is seen, and it ends on the other host', async () => {
    const terminal = await openMachines()
    await filter(terminal, 'windows-01')
    expect(selected(terminal)).toMatch(/running +hv1/)
    terminal.press('m')
    await terminal.until('Migrate windows-01:')
    terminal.press(/(\d) hv3/.exec(terminal.line(/\d hv3/) ?? '')?.[1] ?? '')
    await terminal.until('Its disks')
    terminal.press('enter')
    await terminal.until('This will run:')
    expect(terminal.screen().join(' ')).toMatch(/migrate .*hv3/)
    await terminal.confirm()
    await terminal.until(/Migrate windows-01 \d+% \[#+\.+\]/)
    await terminal.until(() => />hv3/.test(selected(terminal)))
    await terminal.until(() => /running +hv3/.test(selected(terminal)))
    await terminal.until(/windows-01: Migrate: done/)
  })

  it('is forced off only when its name is typed', async () => {
    const terminal = await openMachines()
    await filter(terminal, 'windows-03')
    terminal.press('K')
    await terminal.until('Type windows-03 to do it:')
    terminal.type('windows-02')
    terminal.press('enter')
    await terminal.until('that is not windows-03')
    expect(selected(terminal)).toContain('running')
    terminal.press('backspace')
    terminal.type('3')
    await terminal.until('to do it: windows-03')
    terminal.press('enter')
    await terminal.until(/windows-03: Force off: done/)
    expect(selected(terminal)).toContain('shut off')
  })

  it('is not forced off by Enter or y alone', async () => {
    const terminal = await openMachines()
    await filter(terminal, 'windows-03')
    terminal.press('K')
    await terminal.until('Type windows-03 to do it:')
    terminal.press('y', 'enter')
    await terminal.until('that is not windows-03')
    terminal.press('backspace', 'enter')
    await terminal.until(() => !terminal.shows('to do it'))
    expect(selected(terminal)).toContain('running')
  })

  it('gives its console the whole terminal, and ^] comes back to the same screen', async () => {
    const terminal = await openMachines()
    await filter(terminal, 'ldap')
    const before = terminal.modes()
    terminal.press('c')
    await terminal.until('login:')
    expect(terminal.shows('NAME^')).toBe(false)
    expect(terminal.cursorIsShown).toBe(true)
    terminal.type('root q 1 ?\r')
    await terminal.until('login: root q 1 ?')
    terminal.press('\x1d')
    await terminal.until('filter: ldap')
    expect(selected(terminal)).toContain('ldap-01')
    expect(terminal.shows('login:')).toBe(false)
    expect(terminal.modes()).toBe(before)
    expect(selected(terminal)).toBe(terminal.screen()[terminal.cursor.row])
    terminal.press('down')
    await terminal.until(() => selected(terminal).includes('ldap-02'))
  })

  it('is shown in detail by Enter and as XML by x; Esc goes back the same way', async () => {
    const terminal = await openMachines()
    await filter(terminal, 'ubuntu-xfce-02')
    terminal.press('enter')
    await terminal.until(/^ {2}Name +ubuntu-xfce-02/m)
    await terminal.until('virtio')
    terminal.press('x')
    await terminal.until('<domain')
    terminal.press('pagedown')
    await terminal.until(() => !terminal.shows('<domain'))
    terminal.press('home')
    await terminal.until('<domain')
    terminal.press('esc')
    await terminal.until(/^ {2}Name +ubuntu-xfce-02/m)
    terminal.press('esc')
    await terminal.until('filter: ubuntu-xfce-02')
  })
})

describe('several machines', () => {
  it('are marked with space and shut down together; the dialog shows how many and which', async () => {
    const terminal = await openMachines()
    await filter(terminal, 'windows')
    terminal.press(' ', ' ')
    await terminal.until('2 marked')
    expect(terminal.line('windows-01')).toMatch(/^.\*/)
    terminal.press('d')
    await terminal.until('Shut down 2 machines?')
    expect(terminal.line(/windows-01 +hv1 +running/)).toBeDefined()
    expect(terminal.line(/windows-02 +hv2 +running/)).toBeDefined()
    await terminal.confirm()
    await terminal.until('Shut down: 2 done')
    expect(terminal.line(/windows-01 +shut off/)).toBeDefined()
    expect(terminal.line(/windows-02 +shut off/)).toBeDefined()
    expect(terminal.line(/windows-03 +running/)).toBeDefined()
  })

  it('that cannot be acted on are named before, and the others are done', async () => {
    const terminal = await openMachines()
    await filter(terminal, 'debian')
    terminal.press(' ', ' ', ' ')
    await terminal.until('3 marked')
    terminal.press('p')
    await terminal.until('Pause 2 machines?')
    expect(terminal.line('left out:')).toContain('debian-kde-03: it is shut off')
    await terminal.confirm()
    await terminal.until('Pause: 2 done')
    expect(terminal.line(/debian-kde-01 +paused/)).toBeDefined()
  })
})

describe('keys', () => {
  it('typed ahead in one burst do what they would have done one by one', async () => {
    const terminal = await openMachines()
    terminal.press('1')
    await terminal.until('LATEST EVENTS')
    terminal.type('2/debian\rm')
    await terminal.until(/^ Migrate debian-kde-01: /m)
    expect(terminal.line(/^ {2}debian-kde-02|^ {2}debian-kde-03/)).toBeDefined()
    expect(terminal.shows('windows-01')).toBe(false)
  })

  it('typed ahead reach through the questions to the plan, which has to be seen before it is confirmed', async () => {
    const terminal = await openMachines()
    terminal.type('/exam-02\rm\r\ry')
    await terminal.until('look, and press it again')
    terminal.press('y')
    await terminal.until(/Migrate exam-02 \d+%/)
    await terminal.until(/exam-02: Migrate: done/)
  })

  it('come as sequences too, many in one burst', async () => {
    const terminal = await openMachines()
    terminal.type('\x1b[B\x1b[B\x1b[B\x1bOB\x1b[A')
    await terminal.until(() => selected(terminal).includes('exam-01'))
  })

  it('that mean nothing do nothing', async () => {
    const terminal = await openMachines()
    terminal.type('\x13\x11\x1b[24~\x1bOP\x00\x1b[200~\x1b[201~')
    terminal.press('down')
    await terminal.until(() => selected(terminal).includes('debian-kde-02'))
    expect(terminal.shows('This will run:')).toBe(false)
  })

  it('^S and ^Q do not stop the screen', async () => {
    const terminal = await openMachines()
    terminal.press('\x13')
    terminal.press('1')
    await terminal.until('LATEST EVENTS')
    terminal.press('\x11', '2')
    await terminal.until('NAME^')
  })

  it('^L draws the whole screen again over what another program wrote', async () => {
    const terminal = await openMachines()
    const { writeFileSync } = await import('node:fs')
    writeFileSync(`/proc/${terminal.pid}/fd/1`, '\r\nBroadcast message: going down\r\n')
    await terminal.until('Broadcast message')
    terminal.press('\x0c')
    await terminal.until(() => !terminal.shows('Broadcast message'))
    await terminal.until(() => (terminal.screen()[0] ?? '').startsWith(' vdd '))
    expect(terminal.screen().at(-1)).toContain('q Quit')
  })
})

describe('impatience', () => {
  it('of ^L, c or ^Z pressed several times at once does no harm', async () => {
    const terminal = await openMachines()
    terminal.type('\x0c\x0c\x0cj')
    await terminal.until(() => selected(terminal).includes('debian-kde-02'))
    terminal.type('\x1a\x1a\x0cj')
    await terminal.until(() => selected(terminal).includes('debian-kde-03'))
    terminal.type('kcc')
    await terminal.until('login:')
    terminal.press('\x1d')
    await terminal.until(() => selected(terminal).includes('debian-kde-02'))
    terminal.press('q')
    expect(await terminal.ended()).toEqual({ code: 0, signal: 0 })
  })
})

describe('the table', () => {
  it('keeps the selected machine selected when the order changes', async () => {
    const terminal = await openMachines()
    terminal.press('down', 'down', 'down')
    await terminal.until(() => selected(terminal).includes('exam-01'))
    for (const column of ['STATE', 'HOST', 'CPU']) {
      terminal.press('o')
      await terminal.until(new RegExp(`${column}[v^]`))
      expect(selected(terminal)).toContain('exam-01')
    }
    terminal.press('O')
    await terminal.until('CPU^')
    expect(selected(terminal)).toContain('exam-01')
  })

  it('takes back the filter with Esc while typing, and with Esc after', async () => {
    const terminal = await openMachines()
    terminal.type('/ldap')
    await terminal.until('/ldap')
    expect(terminal.shows('windows-01')).toBe(false)
    terminal.press('esc')
    await terminal.until('windows-01')
    await filter(terminal, 'ldap')
    terminal.press('esc')
    await terminal.until('windows-01')
    terminal.press('esc')
    await terminal.until('LATEST EVENTS')
  })
})

describe('help and commands', () => {
  it('? shows all keys and scrolls to the last and no further; Esc goes back', async () => {
    const terminal = await openMachines()
    terminal.press('?')
    await terminal.until('A machine, or all marked ones')
    terminal.press(...Array<'pagedown'>(30).fill('pagedown'))
    const last = /lines \d+ to (\d+) of \1, PgUp goes back/
    await terminal.until(last)
    terminal.press('pageup')
    await terminal.until(/lines .*, PgDn goes on/)
    terminal.press('home')
    await terminal.until('A machine, or all marked ones')
    terminal.press('esc')
    await terminal.until('NAME^')
  })

  it(': takes a command by name, Tab completes command and machine, Up recalls it', async () => {
    const terminal = await openMachines()
    terminal.type(':migr\twin\t2\r')
    await terminal.until('Migrate windows-02:')
    terminal.press('esc')
    await terminal.until(() => !terminal.shows('Migrate windows-02:'))
    terminal.press(':', 'up')
    await terminal.until(':migrate windows-02')
    terminal.press('esc')
    await terminal.until(() => !terminal.shows(':migrate windows-02'))
    terminal.type(':nonsense\r')
    await terminal.until('no command nonsense')
    terminal.press('esc')
    await terminal.until(() => !terminal.shows('no command nonsense'))
    terminal.type(':sort cpu\r')
    await terminal.until(/CPU[v^]/)
    terminal.type(':quit\r')
    expect(await terminal.ended()).toEqual({ code: 0, signal: 0 })
  })
})

describe('read-only', () => {
  it('is said in the status line, and a key that would change something says so and does nothing', async () => {
    const terminal = await openMachines(['--read-only'])
    expect(terminal.screen()[0]).toContain('DEMO READ-ONLY')
    expect(terminal.screen().at(-1)).not.toContain('Shut down')
    for (const key of ['d', 'm', 'K', 'p', 'b', 'a']) {
      terminal.press(key)
      await terminal.until(/: .*read-only/)
      expect(terminal.shows('This will run:')).toBe(false)
      terminal.press('down', 'up')
      await terminal.until(() => !terminal.shows(/: .*read-only/))
    }
    expect(terminal.line('debian-kde-01')).toContain('running')
    terminal.press('enter')
    await terminal.until(/^ {2}Name +debian-kde-01/m)
  })
})
