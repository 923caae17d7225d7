import { beforeAll, expect, it } from 'vitest'
import { describeLab } from './lab.ts'
import { nothing, ScreenGround } from './screen-ground.ts'

/** A machine that waits in its firmware for a key, with two screens: of SPICE, which asks for a password, and of VNC. */
const machine = `
<domain type='qemu'>
  <name>spice1</name>
  <memory unit='MiB'>32</memory>
  <vcpu>1</vcpu>
  <os><type arch='x86_64' machine='pc'>hvm</type><bootmenu enable='yes' timeout='60000'/></os>
  <cpu mode='custom' match='exact' check='none'><model>qemu64</model></cpu>
  <devices>
    <emulator>/usr/bin/qemu-system-x86_64</emulator>
    <controller type='usb' model='none'/>
    <graphics type='spice' autoport='yes' listen='127.0.0.1' passwd='geheim'/>
    <graphics type='vnc' autoport='yes' listen='127.0.0.1'/>
    <video><model type='vga' vram='16384'/></video>
    <memballoon model='none'/>
  </devices>
</domain>`

describeLab('the screen of a machine by SPICE', () => {
  const ground = new ScreenGround()
  const { lab, as, channels, tell, windows, left } = ground

  beforeAll(async () => {
    const start = 'cat > /tmp/spice1 && virsh define /tmp/spice1 && virsh start spice1'
    await lab.onWith(machine, 'a', 'sh', '-c', start)
  })

  /** What is shown, by the brightness of 60 times 30 pieces: the viewer makes it larger. */
  const pieces = async (host: string, picture: string) => {
    const small = 'ppmtopgm | pamscale -xsize 60 -ysize 30 | pnmtoplainpnm'
    const plain = await lab.on(host, 'sh', '-c', `${picture} | ${small}`)
    return plain.split(/\s+/).slice(4).filter(Boolean).map(Number)
  }
  const shown = (terminal = 'term1') =>
    pieces(terminal, 'lab-photo | pngtopnm | pamcut -left 0 -top 99 -width 1024 -height 569')
  const wanted = () => pieces('a', 'virsh screenshot spice1 /tmp/spice-shot >&2; pngtopnm /tmp/spice-shot')
  /** How far two pictures are from each other, in the mean, of 255. */
  const apart = (one: readonly number[], other: readonly number[]) =>
    one.reduce((sum, value, i) => sum + Math.abs(value - (other[i] ?? 999)), 0) / one.length
  const isShown = async (terminal?: string) => apart(await shown(terminal), await wanted()) < 3

  it('fills a terminal, hears its keys, is led back from, and taken to another terminal, all inside ssh', async () => {
    await ground.given('spice')
    const { open: said } = await ground.open('spice', 'spice1', { keep: true }).hears('open')
    await expect.poll(() => isShown()).toBe(true)
    expect((await ground.processes(/remote-viewer/)).join()).not.toContain('geheim')
    const listening = (await lab.on('disp1', 'ss', '-Hltn')).split('\n').map((line) => line.split(/\s+/)[3])
    expect(listening.filter((one) => !/:22$|^(127\.0\.0\.1|\[::1\]):60\d\d$/.test(one ?? ''))).toEqual([])
    const before = await wanted()
    await as('anna', 'term1', 'xdotool', 'key', 'Escape')
    await expect.poll(async () => apart(await wanted(), before)).toBeGreaterThan(1)
    await expect.poll(() => isShown()).toBe(true)

    await tell(said.id, 'say', 'In five minutes')
    await as('anna', 'term1', 'xdotool', 'key', 'space')
    await expect.poll(async () => (await channels())[0]?.said.message?.seenAt).toEqual(expect.any(Number))
    await as('anna', 'term1', 'xdotool', 'key', 'ctrl+alt+Home')
    await tell(said.id, 'raise')
    await expect.poll(() => isShown()).toBe(true)
    await tell(said.id, 'hide')
    await expect.poll(() => windows()).toMatch(/0 children/)

    const ssh = ['ssh', '-X', '-o', 'BatchMode=yes', 'anna@disp1', 'vdd', 'channel', 'tell', said.id, 'view']
    as('anna', 'term2', ...ssh).catch(() => {})
    await expect.poll(() => isShown('term2')).toBe(true)
    await tell(said.id, 'close')
    await expect.poll(left).toEqual(nothing)
  })
})
