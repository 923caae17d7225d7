import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { describeLab, Lab } from './lab.ts'

/** What a person runs on the display server: an X server in a window of the terminal, and in it a session of a machine. Until the line is closed. */
const channel = `
  rm -rf channel && mkdir channel && cd channel && mkfifo number
  cookie=$(mcookie)
  xauth -q -f server add :0 . "$cookie"
  Xephyr -displayfd 7 -screen 640x480 -title 'channel one' -auth server -nolisten tcp -no-host-grab -noreset 7> number &
  read display < number
  xauth -q -f client add ":$display" . "$cookie"
  echo "$display" > display
  DISPLAY=:$display XAUTHORITY=$PWD/client ssh -X -o BatchMode=yes desk1 openbox --startup xterm &
  cat
  kill %1
  wait`

describeLab('a terminal, its display server and a machine behind it', () => {
  const lab = Lab.forThisFile('display')
  let session: ChildProcess | undefined

  afterEach(() => {
    session?.stdin?.destroy()
    session = undefined
  })

  const anna = (host: string, ...argv: string[]) => lab.on(host, 'lab-as', 'anna', ...argv)
  const inChannel = (command: string) =>
    anna('disp1', 'sh', '-c', `cd channel && XAUTHORITY=client DISPLAY=:$(cat display) ${command}`)
  const clients = () => inChannel('xlsclients').catch(() => '')
  const windows = () => anna('term1', 'xwininfo', '-root', '-tree')
  /** The programs of anna on a host. */
  const programs = async (host: string) =>
    (await lab.on(host, 'ps', '-u', 'anna', '-o', 'comm=').catch(() => '')).split('\n').filter(Boolean)

  /** Opens a channel from term1 and waits until its session is there. */
  async function open(): Promise<ChildProcess> {
    const ssh = ['lab-as', 'anna', 'ssh', '-X', '-o', 'BatchMode=yes', 'anna@disp1', 'bash', '-c']
    session = spawn(resolve('lab/lab'), ['shell', 'term1', ...ssh, `'${channel.replaceAll("'", `'\\''`)}'`], {
      env: { ...process.env, ...lab.env },
      stdio: ['pipe', 'ignore', 'ignore'],
    })
    await expect.poll(windows).toMatch(/"channel one"/)
    await expect.poll(clients).toMatch(/^vdd-desk1 .*xterm/m)
    return session
  }

  /** Nothing of it is left where it ran. */
  async function expectNothing(): Promise<void> {
    await expect.poll(() => programs('desk1')).toEqual([])
    await expect.poll(() => programs('disp1')).toEqual([])
    expect(await lab.on('disp1', 'ls', '/tmp/.X11-unix')).toBe('')
  }

  it('show a session that one sits in front of; when its person goes, all of it goes', async () => {
    const line = await open()
    expect(await inChannel('xprop -root _OPENBOX_PID')).toMatch(/= \d+/)
    expect(await programs('desk1')).toEqual(expect.arrayContaining(['openbox', 'xterm']))
    expect(await lab.on('term1', 'sh', '-c', 'lab-photo | pngtopnm | head -n 2')).toBe('P6\n1024 768')

    await anna('term1', 'xdotool', 'type', 'touch here; exit\n')
    await expect.poll(clients).toBe('')
    await anna('desk1', 'test', '-e', 'here')

    const exit = once(line, 'exit')
    line.stdin?.end()
    expect(await exit).toEqual([0, null])
    await expectNothing()
    expect(await windows()).toMatch(/0 children/)
  })

  it('know their people: who may run what as whom', async () => {
    const vdd = '/usr/local/bin/vdd'
    const may = async (...sudo: string[]) =>
      await lab.on('disp1', 'lab-as', ...sudo.slice(0, 1), 'sudo', '-n', '-l', ...sudo.slice(1)).then(
        () => true,
        () => false,
      )
    expect(await may('anna', '-u', 'vdd-desk', vdd, 'desk-broker')).toBe(true)
    expect(await may('anna', '-u', 'vdd-desk', vdd, 'desk-broker', 'more')).toBe(false)
    expect(await may('anna', '-u', 'bruno', vdd, 'channel', 'list')).toBe(false)
    expect(await may('oper', '-u', 'bruno', vdd, 'channel', 'list')).toBe(true)
    expect(await may('oper', '-u', 'root', vdd, 'channel', 'list')).toBe(false)
    expect(await anna('disp1', 'env', '-i', 'PATH=/usr/bin:/bin', vdd, '--version')).toMatch(/^\d/)
    expect((await lab.vdd('host', 'list')).stdout).toMatch(/^disp1 +up .*display/m)
  })

  it('end a session whose terminal has lost its power', async () => {
    await open()
    process.kill(await lab.pid('term1', 'init'), 'SIGKILL')
    await expectNothing()
  })

  it('leave no process behind when the first of them is killed', async () => {
    const hosts = ['disp1', 'desk1', 'desk2', 'term2']
    const pids = await Promise.all(hosts.map((host) => lab.pid(host, 'init')))
    const [launcher] = readFileSync(join(lab.directory, 'display/run/launcher.pid'), 'utf8').split(' ')
    process.kill(Number(launcher), 'SIGKILL')
    for (const pid of pids) await expect.poll(() => existsSync(`/proc/${pid}`)).toBe(false)
    await expect(lab.run('status', 'display')).rejects.toMatchObject({ exitCode: 3 })
    await lab.run('down', 'display')
  })
})
