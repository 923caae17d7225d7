import { expect, it } from 'vitest'
import type { TerminalUnderTest } from '../support/terminal.ts'
import { describeLab, Lab } from './lab.ts'

/** The row of a machine in the table: its name, and further right the column of its host. */
const row = (terminal: TerminalUnderTest, name: string) =>
  terminal.line(new RegExp(`^[> ][* ]${name} .* [ab] {3}`)) ?? ''

/** The screen of machines with all rows of both hosts. */
async function openMachines(lab: Lab, ...args: string[]): Promise<TerminalUnderTest> {
  const terminal = lab.open(...args)
  await terminal.until(/a +up[\s\S]*b +up/)
  terminal.press('2')
  await terminal.until(() => /running/.test(row(terminal, 'db1')) && /running/.test(row(terminal, 'desk1')))
  return terminal
}

/** Goes to a machine by the filter, and takes the filter away again: the selection stays on the machine. */
async function select(terminal: TerminalUnderTest, name: string): Promise<void> {
  terminal.press('/', name, 'enter')
  await terminal.until(`filter: ${name}`)
  terminal.press('esc')
  await terminal.until(() => !terminal.shows('filter:') && row(terminal, name).startsWith('>'))
}

describeLab('the console on real hosts', () => {
  const lab = Lab.forThisFile()

  it('shows the guests of both hosts, and moves a running one live by the key m', async () => {
    // At full speed a quick machine is done between two looks, and there is no progress to be seen.
    await lab.on('a', 'virsh', 'migrate-setspeed', 'db1', '20')
    const terminal = await openMachines(lab)
    await select(terminal, 'db1')
    terminal.press('m')
    await terminal.until(/1 b +[\d.]+ GiB free +CPU \d+% +1 running/)
    terminal.press('enter')
    await terminal.until(/a\$ virsh -c qemu:\/\/\/system migrate --live/)
    await terminal.confirm()
    await terminal.until(() => />b( \d+%)? /.test(row(terminal, 'db1')))
    await terminal.until(/Migrate db1 \d+% \[[#.]+\]/)
    await terminal.until(() => /running +b /.test(row(terminal, 'db1')))
    await terminal.until('db1: Migrate: done')
    expect(await lab.running('b')).toEqual(['db1', 'desk1'])
    expect(await lab.running('a')).not.toContain('db1')
  })

  it('aborts a migration by the key A; the machine stays where it was and runs', async () => {
    await lab.on('b', 'virsh', 'migrate-setspeed', 'db1', '5')
    const terminal = await openMachines(lab)
    await select(terminal, 'db1')
    terminal.press('m')
    await terminal.until('To which host?')
    terminal.press('enter')
    await terminal.until('This will run')
    await terminal.confirm()
    await terminal.until(/Migrate db1 \d+% \[[#.]+\]/)
    // Its progress is told by the command, that it migrates by the next look.
    await terminal.until(() => />a( \d+%)? /.test(row(terminal, 'db1')))
    terminal.press('A')
    await terminal.until(/domjobabort/)
    await terminal.confirm()
    await terminal.until(/db1: Migrate: ended, since abort was begun; now\s+running/)
    await terminal.until(() => /running +b /.test(row(terminal, 'db1')))
    expect(await lab.running('b')).toContain('db1')
  })

  it('says what became of a migration whose target went away, and goes on', async () => {
    await lab.on('b', 'virsh', 'migrate-setspeed', 'db1', '5')
    const terminal = await openMachines(lab)
    await select(terminal, 'db1')
    terminal.press('m')
    await terminal.until('To which host?')
    terminal.press('enter')
    await terminal.until('This will run')
    await terminal.confirm()
    await terminal.until(/Migrate db1 \d+% \[[#.]+\]/)
    await lab.run('console', 'ip', 'link', 'set', 'host-a', 'down')
    try {
      await terminal.until(() => /\d+s/.test(row(terminal, 'tick1'))) // host a grows old
      terminal.press('A')
      await terminal.until(/domjobabort/)
      await terminal.confirm()
      await terminal.until(/! to read|ended, since abort was begun/, 240_000)
      expect(await lab.running('b')).toContain('db1')
    } finally {
      await lab.run('console', 'ip', 'link', 'set', 'host-a', 'up')
    }
    terminal.press('!')
    await terminal.until(
      /Migrate db1: (failed|not seen yet)|db1: Migrate: ended, since abort was begun; now\s+running/,
    )
    terminal.press('esc')
    await terminal.until(() => !/\d+s +[\d-]/.test(row(terminal, 'tick1')))
  })

  it('shows a crash that libvirt pushes, long before the next look', async () => {
    const terminal = await openMachines(lab, '--interval', '600')
    process.kill(await lab.pid('a', 'web1'), 'SIGKILL')
    await terminal.until(() => /crashed/.test(row(terminal, 'web1')))
    terminal.press('4')
    await terminal.until(/! a +web1: crashed, was running/)
    terminal.press('1')
    await terminal.until(/! web1 +crashed on a/)
  })

  it('marks a host stale whose libvirtd hangs, while the rows of the other go on; it recovers by itself', async () => {
    const terminal = await openMachines(lab)
    const libvirtd = await lab.pid('a', 'libvirtd')
    process.kill(libvirtd, 'SIGSTOP')
    try {
      await terminal.until(() => / ([4-9]|\d\d)s /.test(row(terminal, 'tick1')))
      await terminal.until(/vdd +lab.* \d+ stale/)
      await lab.on('b', 'virsh', 'suspend', 'desk1')
      await terminal.until(() => /paused +b/.test(row(terminal, 'desk1')))
      await lab.on('b', 'virsh', 'resume', 'desk1')
      await terminal.until(() => /running +b/.test(row(terminal, 'desk1')))
      terminal.press('1')
      // The incident stands first; the fault is told in full when it is selected.
      await terminal.until(/#\d+ .*[\s\S]*! a +libvirtd hangs/)
      terminal.press('down')
      await terminal.until(/last seen \d+ s(\n *)? ?ago/)
      await terminal.until(/^. +a +unknown/m)
    } finally {
      process.kill(libvirtd, 'SIGCONT')
    }
    await terminal.until('all fresh')
    await terminal.until(/^[> ] +a +up/m)
  })

  it('says that libvirtd is not running and what to do, and recovers when it is started', async () => {
    const terminal = lab.open()
    await terminal.until(/a +up[\s\S]*b +up/)
    process.kill(await lab.pid('a', 'libvirtd'), 'SIGKILL')
    try {
      await terminal.until(/Next: systemctl start libvirtd/)
      await terminal.until(/! a +libvirtd does not run/)
      await terminal.until(/^ +b +up.* now/m)
    } finally {
      await lab.run('restart', 'a', 'libvirtd')
    }
    await terminal.until(/a +up/)
  })

  it('reads the states of all others while the process of one machine hangs, and says that it does', async () => {
    const terminal = await openMachines(lab)
    const alert = () => terminal.line(/^[> ] {3}b +.*domstats/)
    const qemu = await lab.pid('b', 'desk1')
    process.kill(qemu, 'SIGSTOP')
    try {
      terminal.press('1')
      await terminal.until(() => alert() !== undefined)
      terminal.press('2')
      await lab.on('b', 'virsh', 'suspend', 'db1')
      await terminal.until(() => /paused +b/.test(row(terminal, 'db1')))
      await lab.on('b', 'virsh', 'resume', 'db1')
    } finally {
      process.kill(qemu, 'SIGCONT')
    }
    terminal.press('1')
    await terminal.until(() => alert() === undefined)
  })

  it('lends the terminal to the serial console of a guest, and comes back to the same screen', async () => {
    const terminal = await openMachines(lab)
    await select(terminal, 'tick1')
    terminal.press('c')
    await terminal.until(/Escape character is/)
    await terminal.until(/tick \d+/)
    terminal.type('\x1d')
    await terminal.until(() => /^>.tick1/.test(row(terminal, 'tick1')))
    expect(terminal.shows(/tick \d+$/m)).toBe(false)
  })

  it('refuses an action on a machine that vanished while its dialog was open', async () => {
    const terminal = await openMachines(lab)
    await select(terminal, 'busy1')
    terminal.press('s')
    await terminal.until('This will run')
    await lab.on('a', 'virsh', 'undefine', 'busy1')
    await terminal.until(() => row(terminal, 'busy1') === '')
    await terminal.confirm()
    await terminal.until(/Start busy1: not begun: press ! to read/)
    terminal.press('!')
    await terminal.until(/busy1 is gone/)
    expect(terminal.exit).toBeUndefined()
  })

  it('shows a host that lost its power as old, and the other as it is', async () => {
    const terminal = await openMachines(lab)
    process.kill(await lab.pid('a', 'init'), 'SIGKILL')
    await terminal.until(() => / \d+s /.test(row(terminal, 'tick1')))
    await terminal.until(() => /running +b +[\d-]/.test(row(terminal, 'desk1')))
    terminal.press('1')
    await terminal.until(/! a +[a-z]/)
  })
})
