import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { execa } from 'execa'
import { expect, it, onTestFinished } from 'vitest'
import { until } from '../support/until.ts'
import { describeLab, Lab } from './lab.ts'
import { Anna } from './people.ts'

describeLab('the wire between terminal, display server and machine', () => {
  const lab = Lab.forThisFile('display')
  const anna = new Anna(lab)

  /** All that goes over the lab's bridge, up to a packet that has these letters: the bytes, and a line for each packet that a filter lets through. */
  async function listen() {
    const file = join(lab.directory, 'wire.pcap')
    const words = ['console', 'tcpdump', '-i', 'any', '-U', '--immediate-mode', '-s', '0', '-w', file]
    const listener = spawn(resolve('lab/lab'), words, {
      env: { ...process.env, ...lab.env },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    onTestFinished(() => void listener.kill())
    let said = ''
    listener.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text
    })
    await until('tcpdump listens', () => /listening on/.test(said))
    return async (last: string) => {
      await until('the last packet', () => readFileSync(file).includes(last))
      listener.kill('SIGINT')
      await once(listener, 'exit')
      const packets = async (filter: string) => {
        const { stdout } = await execa('tcpdump', ['-nn', '-t', '-r', file, filter])
        return stdout.split('\n').filter(Boolean)
      }
      return { bytes: readFileSync(file), packets }
    }
  }

  /** In a session of desk1 a window of its own, with a word in its title, into which the person types another one. */
  async function work(terminal: string, title: string, typed: string): Promise<void> {
    await anna.sh('desk1', `DISPLAY=$(cat display) xterm -T ${title} -e sh >/dev/null 2>&1 &`)
    await expect.poll(() => anna.sh('desk1', 'DISPLAY=$(cat display) xwininfo -root -tree')).toContain(title)
    await anna.on(terminal, 'xdotool', 'mousemove', '500', '350')
    await expect
      .poll(async () => {
        await anna.on(terminal, 'xdotool', 'type', `echo ${typed} > typed\n`)
        return await anna.sh('desk1', 'cat typed 2>/dev/null || :')
      })
      .toContain(typed)
  }

  it('carries nothing but ssh: no cookie, no word that is shown or typed, no X11, no VNC', async () => {
    // Each session tells where its display is.
    await anna.sh(
      'desk1',
      'mkdir -p .config/openbox && echo \'echo "$DISPLAY" > display\' > .config/openbox/autostart',
    )
    const heard = await listen()
    const secrets: string[] = []
    for (const [terminal, keep] of [
      ['term1', false],
      ['term2', true],
    ] as const) {
      const { open } = await anna.open({ keep, size: 'full' }, terminal).hears('open')
      await anna.tell(open.id, 'raise')
      await work(terminal, `shown-on-${terminal}`, `typed-on-${terminal}`)
      const cookies = `xauth list; xauth -f $(ls -d /run/vdd/*/${open.id} /tmp/vdd-*/${open.id} 2>/dev/null)/auth list`
      const hex = [...(await anna.sh('disp1', cookies)).matchAll(/ ([0-9a-f]{32})$/gm)].map(
        ([, one]) => one ?? '',
      )
      expect(hex.length).toBeGreaterThan(0)
      secrets.push(`shown-on-${terminal}`, `typed-on-${terminal}`, open.id, ...hex)
      await anna.tell(open.id, 'close')
    }
    // What would be seen of one who sends in the clear.
    await anna.on('term1', 'bash', '-c', 'echo in the clear > /dev/udp/disp1/9')
    const { bytes, packets } = await heard('in the clear')
    expect((await packets('tcp port 22')).length).toBeGreaterThan(100)
    expect(await packets('(tcp or udp) and not tcp port 22 and not udp port 9')).toEqual([])
    for (const secret of [...secrets, 'MIT-MAGIC-COOKIE-1', 'RFB 003.']) {
      expect(bytes.includes(secret), secret).toBe(false)
      if (/^[0-9a-f]{32}$/.test(secret))
        expect(bytes.includes(Buffer.from(secret, 'hex')), secret).toBe(false)
    }
  })
})
