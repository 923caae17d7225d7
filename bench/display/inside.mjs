// Runs as a person on the display server of the lab: opens channels and measures. ROUNDS CHANNELS,...; results as JSON on standard output.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const [rounds, counts] = [Number(process.argv[2]), process.argv[3].split(',').map(Number)]
const vdd = '/usr/local/bin/vdd'
const folder = mkdtempSync(join(tmpdir(), 'vdd-bench-'))
const median = (all) => all.toSorted((a, b) => a - b)[all.length >> 1]

/** A screen of this machine: what a terminal would add is the same for both. */
async function terminal() {
  const authority = join(folder, 'terminal')
  const made = spawnSync('sh', [
    '-c',
    'touch "$1" && xauth -q -f "$1" add :0 . "$(mcookie)"',
    'sh',
    authority,
  ])
  if (made.status !== 0) throw new Error('xauth failed')
  const words = [
    '-displayfd',
    '3',
    '-screen',
    '0',
    '1024x768x24',
    '-nolisten',
    'tcp',
    '-auth',
    authority,
    '-noreset',
  ]
  const server = spawn('Xvfb', words, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] })
  const [number] = await once(server.stdio[3], 'data')
  const display = `:${String(number).trim()}`
  spawnSync('sh', [
    '-c',
    'cookie=$(xauth -f "$1" list | sed "s/.* //"); xauth -q -f "$1" add "$2" . "$cookie"',
    'sh',
    authority,
    display,
  ])
  return { server, env: { ...process.env, DISPLAY: display, XAUTHORITY: authority } }
}

const { server, env } = await terminal()

/** Opens a channel: when each of its steps began, and when it stood. */
async function open(machine) {
  const began = performance.now()
  const child = spawn(vdd, ['channel', 'keep'], {
    env,
    detached: true,
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  child.stdin.write(
    `${JSON.stringify({ machine: { name: machine }, session: 'openbox', size: { width: 640, height: 480 } })}\n`,
  )
  const at = {}
  for await (const line of createInterface(child.stdout)) {
    const said = JSON.parse(line)
    if (said.failed) throw new Error(line)
    if (said.step) at[said.step] = performance.now() - began
    if (said.open) {
      child.stdin.end()
      child.unref()
      return { ...at, open: performance.now() - began, id: said.open.id, pid: said.open.keeper.pid }
    }
  }
  throw new Error('the keeper said nothing')
}

const close = (id) => spawnSync(vdd, ['channel', 'tell', id, 'close', '--insist'], { stdio: 'inherit' })

/** The same with Xephyr and ssh alone, by a script as a careful person would write it. */
function byHand(machine) {
  const script = `
    cd "$1" && rm -rf hand && mkdir hand && cd hand && mkfifo number
    touch server client
    xauth -q -f server add :0 . "$(mcookie)"
    cookie=$(xauth -f server list | sed 's/.* //')
    Xephyr -displayfd 7 -screen 640x480 -auth server -nolisten tcp -noreset 7> number 2> /dev/null &
    xephyr=$!
    read -r display < number
    xauth -q -f client add ":$display" . "$cookie"
    DISPLAY=:$display XAUTHORITY=$PWD/client ssh -X -o BatchMode=yes "$2" /etc/X11/Xsession /usr/bin/openbox-session > /dev/null 2>&1 &
    ssh=$!
    until DISPLAY=:$display XAUTHORITY=$PWD/client xprop -root _NET_SUPPORTING_WM_CHECK 2> /dev/null | grep -q '# 0x'; do sleep 0.03; done
    echo up
    kill "$ssh" "$xephyr"
    wait`
  const began = performance.now()
  const { promise, resolve, reject } = Promise.withResolvers()
  const child = spawn('sh', ['-c', script, 'sh', folder, machine], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let ms
  child.stdout.once('data', () => {
    ms = performance.now() - began
  })
  child.once('close', (code) => (ms === undefined ? reject(new Error(`by hand: ${code}`)) : resolve(ms)))
  return promise
}

/** MiB that belong to a process alone: proc_pid_smaps(5). */
function privateMib(pid) {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
  const kib = [...text.matchAll(/^Private_\w+:\s+(\d+) kB/gm)].reduce(
    (sum, [, value]) => sum + Number(value),
    0,
  )
  return kib / 1024
}

const standing = []
const results = []
try {
  for (const count of counts) {
    while (standing.length < count - 1) standing.push(await open(`desk${1 + (standing.length % 2)}`))
    const [hand, own] = [[], []]
    for (let round = 0; round < rounds; round++) {
      hand.push(await byHand('desk1'))
      const one = await open('desk1')
      own.push(one)
      one.mib = privateMib(one.pid)
      close(one.id)
    }
    const of = (read) => median(own.map(read))
    results.push({
      open: count,
      byHand: median(hand),
      vdd: of((one) => one.open),
      start: of((one) => one.machine),
      machine: of((one) => one.server - one.machine),
      server: of((one) => one.session - one.server),
      session: of((one) => one.open - one.session),
      mib: of((one) => one.mib),
    })
  }
} finally {
  for (const { id } of standing) close(id)
  server.kill()
  rmSync(folder, { recursive: true, force: true })
}
console.log(JSON.stringify(results))
