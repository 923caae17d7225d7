import { expect, it } from 'vitest'
import { describeLab, Lab } from './lab.ts'
import { Anna } from './people.ts'

describeLab('a channel whose X11 goes over TCP, as the catalogue says', () => {
  const lab = Lab.forThisFile('display')
  const anna = new Anna(lab)
  const address = '10.78.0.1'
  /** Where something listens on the display server but sshd, and what sshd forwards for a terminal. */
  const listening = async () =>
    (await lab.on('disp1', 'ss', '-Hltn'))
      .split('\n')
      .map((line) => line.split(/\s+/)[3] ?? '')
      .filter((one) => one && !/:22$|^(127\.0\.0\.1|\[::1\]):60\d\d$/.test(one))
  const environment = async (name: string) => {
    const all = await anna.sh('desk1', 'tr "\\0" "\\n" < /proc/$(pgrep -u anna -x openbox)/environ')
    return new RegExp(`^${name}=(.*)$`, 'm').exec(all)?.[1] ?? ''
  }

  it.each([
    ['on its terminal', false],
    ['kept', true],
  ])('works, %s, with a cookie of its own, and nothing is left of it', async (_, keep) => {
    const { open } = await anna.open({ x11OverTcp: address, keep }).hears('open')
    const display = await environment('DISPLAY')
    expect(display).toMatch(/^10\.78\.0\.1:\d+$/)
    expect(open.x11OverTcp).toBe(display)
    // On the one address, and nowhere else.
    expect(await listening()).toEqual([`${address}:${6000 + Number(display.split(':')[1])}`])
    const file = await environment('XAUTHORITY')
    expect(file).toMatch(new RegExp(`/\\.vdd-x11-${open.id}$`))
    expect(await anna.on('desk1', 'stat', '-c', '%a %U', file)).toBe('600 anna')
    const withIt = `DISPLAY=${display} XAUTHORITY=${file} xwininfo -root`
    expect(await anna.sh('desk1', withIt)).toContain('Width:')
    // The cookie of the X server has not left the display server, and is not taken here.
    const real = `$(ls -d /run/vdd/*/${open.id} /tmp/vdd-*/${open.id} 2>/dev/null)/auth`
    expect(await anna.sh('disp1', `xauth -f ${real} list`)).not.toBe(
      await anna.on('desk1', 'xauth', '-f', file, 'list'),
    )
    for (const wrong of ['/dev/null', real])
      await expect(anna.sh('disp1', `DISPLAY=${display} XAUTHORITY=${wrong} xwininfo -root`)).rejects.toThrow(
        /unable to open display/,
      )
    await expect(lab.on('desk1', 'lab-as', 'bruno', 'sh', '-c', withIt)).rejects.toThrow(
      /unable to open display/,
    )
    // An operator sees it.
    expect((await lab.vdd('display', 'show', open.id)).stdout).toMatch(
      /X11 +goes over the network in the clear, to 10\.78\.0\.1:\d+: configured/,
    )
    await anna.tell(open.id, 'close')
    await expect.poll(listening).toEqual([])
    await expect(anna.on('desk1', 'test', '-e', file)).rejects.toThrow()
  })

  it('leaves no cookie where it was closed whatever the session says, or its keeper was killed', async () => {
    for (const end of ['insist', 'kill'] as const) {
      const { open } = await anna.open({ x11OverTcp: address }).hears('open')
      const file = await environment('XAUTHORITY')
      if (end === 'insist') await anna.tell(open.id, 'close', '--insist')
      else await lab.on('disp1', 'kill', '-KILL', String(open.keeper.pid))
      await expect.poll(listening).toEqual([])
      await expect.poll(() => anna.sh('desk1', `test -e ${file} || echo gone`)).toBe('gone')
      if (end === 'kill') await anna.tell(open.id, 'close')
    }
  })

  it('is not opened to an address that the display server does not have', async () => {
    const { failed } = await anna.open({ x11OverTcp: '10.78.0.99' }).hears('failed')
    expect(failed).toMatchObject({ kind: 'server-failed', advice: expect.stringContaining('x11OverTcp') })
  })
})
