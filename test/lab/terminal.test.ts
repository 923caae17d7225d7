import { beforeAll, expect, it } from 'vitest'
import { type SeenChannel, sightSchema } from '../../src/services/display/sight.ts'
import { describeLab, Lab } from './lab.ts'
import { groundWith, type Photo, ThinClient } from './thin-client.ts'

/** A window in the session of openbox in which a person can type; a small one, so that the ground is seen. */
const window = groundWith('xterm -geometry 40x5+20+20 &')

describeLab('a thin client with a screen and a keyboard', () => {
  const lab = Lab.forThisFile('terminal')
  const client = new ThinClient(lab.directory)
  /** The first page of the desk, while nothing is open. */
  let systems: Photo

  const anna = (host: string, ...argv: string[]) => lab.on(host, 'lab-as', 'anna', ...argv)
  const channels = async (): Promise<readonly SeenChannel[]> =>
    sightSchema.parse(JSON.parse(await anna('disp1', 'vdd', 'channel', 'facts'))).channels
  // Debian's Xsession starts an ssh-agent; it looks every ten seconds whether its session has ended.
  const programs = async (host: string) =>
    (await lab.on(host, 'ps', '-u', 'anna', '-o', 'comm=').catch(() => ''))
      .split('\n')
      .filter((one) => one && one !== 'ssh-agent')

  beforeAll(async () => {
    for (const machine of ['desk1', 'desk2']) await anna(machine, 'sh', '-c', window)
    // School: openbox too, and kept.
    await lab.on(
      'disp1',
      'sed',
      '-i',
      's/sessions: .jwm./sessions: [openbox]\\n      keep: true/',
      '/etc/vdd/vdd.yaml',
    )
  })

  it('opens a desktop full screen for who logs in, and is back at the desk when that is left', async () => {
    systems = await client.logIn('anna')
    await client.keys('1')
    await client.choiceAfter(systems)
    await client.keys('2')
    // There is nothing else on the screen.
    await client.shell(0.01, 0.1)
    expect(await programs('desk1')).toContain('openbox')
    // Its script told what it is, and a console shows it.
    const { stdout } = await lab.vdd('terminal', 'list', '--json')
    expect(JSON.parse(stdout)).toEqual([
      expect.objectContaining({
        name: 'term3',
        hosts: ['disp1'],
        address: '10.78.0.31',
        state: 'used',
        displays: [expect.objectContaining({ user: 'anna', machine: 'desk1', seen: true })],
        toldBy: 'anna',
        hardware: expect.objectContaining({
          name: 'term3',
          processor: expect.stringMatching(/, 1 core/),
          memoryKiB: expect.any(Number),
          screens: [expect.objectContaining({ width: 1024, height: 768 })],
          links: [expect.objectContaining({ isUp: true })],
        }),
        tooSmall: [],
      }),
    ])

    await client.keys('hostname > where; openbox --exit<ret>')
    await client.backAt(systems)
    expect(await anna('desk1', 'cat', 'where')).toBe('vdd-desk1')
    await expect.poll(() => programs('desk1')).toEqual([])
  })

  it('has a kept desktop as it was after a cut of its power', async () => {
    await client.backAt(systems)
    await client.keys('2')
    await client.shell(0.01, 0.1)
    await client.keys('work=mine; touch here<ret>')
    await expect.poll(() => anna('desk2', 'ls')).toMatch(/here/)

    await client.power('off')
    await expect
      .poll(async () => (await channels()).map(({ said }) => said.terminal.display))
      .toEqual([undefined])
    await client.power('on')
    await client.logIn('anna')
    await client.keys('<ret>')
    await client.shell(0.01, 0.1)
    await client.keys('echo $work > kept; openbox --exit<ret>')
    await client.backAt(systems)
    expect(await anna('desk2', 'cat', 'kept')).toBe('mine')
    await expect.poll(() => programs('desk2')).toEqual([])
  })

  it('shows the same by the older way, in which it is an X server and nothing else', async () => {
    await client.power('off')
    await client.power('on', 'classical')
    const session = lab.on('disp1', 'lab-xsession', 'anna', 'term3:0')
    systems = await client.desk()
    await client.keys('1')
    await client.choiceAfter(systems)
    await client.keys('2')
    await client.shell(0.01, 0.1)
    expect(await channels()).toMatchObject([{ said: { terminal: { name: 'term3' } } }])
    await client.keys('openbox --exit<ret>')
    await client.backAt(systems)
    await client.keys('<esc>')
    await client.choiceAfter(systems)
    await client.keys('1')
    await session
    await expect.poll(() => programs('disp1')).toEqual([])
  })
})
