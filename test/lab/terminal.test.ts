import { expect, it } from 'vitest'
import { describeLab, Lab } from './lab.ts'
import { ThinClient } from './thin-client.ts'

/** A window in the session of openbox in which a person can type; a small one, so that the ground is seen. */
const window = `echo 'xterm -geometry 40x5+20+20 &' >> .config/openbox/autostart`

describeLab('a thin client with a screen and a keyboard', () => {
  const lab = Lab.forThisFile('terminal')
  const client = new ThinClient(lab.directory)

  const anna = (host: string, ...argv: string[]) => lab.on(host, 'lab-as', 'anna', ...argv)
  const programs = async (host: string) =>
    (await lab.on(host, 'ps', '-u', 'anna', '-o', 'comm=').catch(() => '')).split('\n').filter(Boolean)

  it('opens a desktop full screen for who logs in, and is back at the desk when that is left', async () => {
    await anna('desk1', 'sh', '-c', window)
    const desk = await client.logIn('anna')
    await client.keys('1')
    await client.choiceAfter(desk)
    await client.keys('2')
    // There is nothing else on the screen.
    await client.session(0.1)
    expect(await programs('desk1')).toContain('openbox')

    await client.keys('hostname > where; openbox --exit<ret>')
    await client.desk()
    expect(await anna('desk1', 'cat', 'where')).toBe('vdd-desk1')
    await expect.poll(() => programs('desk1')).toEqual([])
  })
})
