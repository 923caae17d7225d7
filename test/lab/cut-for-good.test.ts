import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { describeLab, Lab } from './lab.ts'
import { Anna } from './people.ts'

describeLab('a line that is cut and never comes back', () => {
  const lab = Lab.forThisFile('display')
  const anna = new Anna(lab)

  const cut = async (host: string) => {
    await lab.on(host, 'ip', 'link', 'set', 'eth0', 'down')
    onTestFinished(() => lab.on(host, 'ip', 'link', 'set', 'eth0', 'up').then(() => {}))
  }

  /** How her sessions ended, the oldest first, by the broker's account. */
  const endings = async (): Promise<unknown[]> => {
    const history = ['sudo', '-u', 'vdd-desk', 'vdd', 'session', 'history', '--json']
    const sessions: { how: unknown }[] = JSON.parse(await lab.on('disp1', ...history).catch(() => '[]'))
    return sessions.map(({ how }) => how)
  }

  /** A channel of hers on a machine that the broker has given her, so that it is in the account. */
  const given = async () => {
    const before = await endings()
    const broker = ['sudo', '-n', '-u', 'vdd-desk', '/usr/local/bin/vdd', 'desk-broker']
    const asked = '{"n":1,"ask":"machine","system":"office"}\n'
    expect(await lab.onWith(asked, 'disp1', 'lab-as', 'anna', ...broker)).toMatch(/"machine":\{/)
    const { open } = await anna.open({ system: 'office' }).hears('open')
    await expect.poll(endings).toEqual([...before, null])
    return { id: open.id, before }
  }

  /** Her desk, line by line, with nobody who types. */
  const desk = () => {
    const words = ['shell', 'disp1', 'lab-as', 'anna', 'vdd', 'desk', '--plain', '--lang', 'en']
    const child = spawn(resolve('lab/lab'), words, {
      env: { ...process.env, ...lab.env },
      stdio: ['pipe', 'pipe', 'ignore'],
    })
    const leave = () => void child.stdin.end()
    onTestFinished(leave)
    let said = ''
    child.stdout.setEncoding('utf8').on('data', (piece: string) => {
      said += piece
    })
    return { said: () => said, leave }
  }

  it('to the machine: the desk says it, the account has one end, and nothing is left', async () => {
    // By ssh's own settings the two minutes in which a line may come back are twenty seconds.
    await anna.sh(
      'disp1',
      `printf 'Host *\\n  ServerAliveInterval 1\\n  ServerAliveCountMax 20\\n' > .ssh/config`,
    )
    onTestFinished(() => anna.on('disp1', 'rm', '.ssh/config').then(() => {}))
    const { id, before } = await given()
    const { said, leave } = desk()
    await expect.poll(said).toMatch(/Your open desktops\n3 Office/)
    await cut('desk1')
    await expect.poll(async () => (await anna.channels())[0]?.silent).toBe('machine')
    expect((await lab.vdd('display', 'list')).stdout).toMatch(/anna .* in trouble/)
    await expect
      .poll(said)
      .toMatch(
        new RegExp(
          `Your desktop has ended, and nobody had closed it\\.\\nOpen it again\\. If .*\\nReference: ${id}\\n`,
        ),
      )
    leave()
    await expect.poll(endings).toEqual([...before, 'lost'])
    // The machine has noticed by itself, though it still is alone.
    await anna.leavesNothing()
    const told = await lab.on('disp1', 'sudo', '-u', 'vdd-desk', 'vdd', 'events', '--since', '1h')
    expect(told.split('\n').filter((line) => line.includes(id))).toEqual([
      expect.stringMatching(/ is on desk1 from term1 with openbox.*\(anna \(desk\)\)/),
      expect.stringMatching(/ left desk1 \(lost\).*\(anna \(desk\)\)/),
    ])
    expect(await endings()).toEqual([...before, 'lost'])
  })

  it('to the terminal: what is not kept ends with it, once, and nothing is left', async () => {
    const { before } = await given()
    await cut('term1')
    await expect.poll(endings).toEqual([...before, 'terminal-lost'])
    await anna.leavesNothing()
    expect(await endings()).toEqual([...before, 'terminal-lost'])
  })
})
