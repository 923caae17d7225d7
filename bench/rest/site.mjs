// Balancers and front ends for the bench, in a process of their own: what their shells say (bench/rest/sh), their slapds and their FreeRADIUS.
// It answers what the console asks of them at rest, and nothing else. Standard output: the ports, as JSON, in one line.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { openRadius } from './freeradius.mjs'
import { openSlapd } from './slapd.mjs'

const [count, logfile] = [Number(process.argv[2]), process.argv[3]]
const address = (n) => `10.9.${1 + Math.floor(n / 250)}.${1 + (n % 250)}`
const services = [
  { protocol: 'TCP', port: 389, load: 21 },
  { protocol: 'UDP', port: 1812, load: 4 },
]
const frontends = Array.from({ length: count }, (_, n) => n)
const virtual = '10.9.0.100'
const began = Date.now()
const seconds = () => Math.floor((Date.now() - began) / 1000)

/** What each front end has open of a service: it comes and goes. */
const active = (load, n) => load + ((n * 7 + seconds() * 3) % 11)

function table(words) {
  const counted = words.includes('--stats') || words.includes('--rate')
  const row = (n) => `${n} ${n * 6} 0 ${n * 540} 0`
  const lines = services.flatMap(({ protocol, port, load }) => [
    `${protocol}  ${virtual}:${port} ${counted ? row(load * count) : 'sed'}`,
    ...frontends.map((n) => {
      const [id, open] = [`  -> ${address(n)}:${port}`, active(load, n)]
      if (words.includes('--thresholds')) return `${id} 0 0 ${open} 0`
      return counted ? `${id} ${row(open)}` : `${id} Route 4 ${open} ${open >> 2}`
    }),
  ])
  const heading = 'IP Virtual Server version 1.2.1 (size=4096)\nProt LocalAddress:Port Scheduler Flags\n'
  return `${heading}${lines.join('\n')}\n`
}

function configuration() {
  const blocks = services.map(({ protocol, port }) => {
    const reals = frontends.map((n) => `\treal=${address(n)}:${port} gate 4\n`)
    return `virtual=${virtual}:${port}\n${reals.join('')}\tscheduler=sed\n\tprotocol=${protocol.toLowerCase()}\n`
  })
  return `checkinterval=2\nquiescent=yes\nmaintenancedir=/etc/ha.d/maintenance\nlogfile="${logfile}"\n${blocks.join('')}`
}

/** How often one of the hosts was asked how it is: once in each look. */
let vitalsAsked = 0

const file = (path) => readFileSync(path, 'utf8')
/** As this machine's kernel writes them. */
const own = {
  stat: file('/proc/stat').replace(/^cpu .*\n/, ''),
  meminfo: file('/proc/meminfo').replace(/^MemAvailable.*\n/m, ''),
  net: file('/proc/net/dev').split('\n').slice(0, 3).join('\n'),
  limits: file('/proc/self/limits').replace(/^(Max open files +)\S+ +\S+/m, '$11024                 4096'),
  status: file('/proc/self/status').replace(/^Name:.*\n/, ''),
}
const processes = [
  { pid: 612, name: 'slapd', owner: 'openldap', load: 21 },
  { pid: 640, name: 'freeradius', owner: 'freerad', load: 4 },
]

/** What the script of services/process says on Linux 6.2 and newer. */
function vitals(n, hasProcesses) {
  const now = seconds()
  const running = hasProcesses ? processes : []
  const stats = running.map(
    ({ pid, owner, load }) => `stat ${active(load, n)} root /proc/${pid}/fd\nstat 0 ${owner} /proc/${pid}\n`,
  )
  const files = [
    [
      '/proc/stat',
      `cpu  ${50_000 + now * 12} 0 ${20_000 + now * 4} ${9_000_000 + now * 384} 0 0 0 0 0 0\n${own.stat}`,
    ],
    ['/proc/meminfo', `MemAvailable:   ${12_000_000 - (now % 97) * 64} kB\n${own.meminfo}`],
    ['/proc/loadavg', `0.${10 + ((n + now) % 50)} 0.21 0.25 1/302 30236\n`],
    [
      '/proc/net/dev',
      `${own.net}\n  eth0: ${6_000_000 + now * 9_000}  168114    0    0    0     0          0         0 ${2_000_000 + now * 7_000}  107500    0    0    0     0       0          0\n`,
    ],
    ...running.flatMap(({ pid, name }) => [
      [`/proc/${pid}/comm`, `${name}\n`],
      [`/proc/${pid}/limits`, own.limits],
      [`/proc/${pid}/status`, `Name:\t${name}\n${own.status}`],
      [
        `/proc/${pid}/stat`,
        `${pid} (${name}) S 1 1 1 0 -1 4194560 3000 0 0 0 ${900 + now * 3} ${300 + now} 0 0 20 0 6 0 900 9 9\n`,
      ],
    ]),
  ].map(([path, text]) => `==> ${path} <==\n${text}`)
  return `watched 2 0\n${stats.join('')}nics eth0\n${files.join('\n')}`
}

/** The balancer that is asked by sudo holds the address: nothing else tells the two apart. */
function addresses(isFirst) {
  const all = [`10.9.0.${isFirst ? 1 : 2}/24`, ...(isFirst ? [`${virtual}/32`] : [])]
  return all.map((one) => `2: eth0    inet ${one} scope global eth0\n`).join('')
}

/** What a command says in one of these shells. */
function answer(shell, command) {
  if (command.startsWith('sudo')) shell.isFirst = true
  if (command.includes('tail -n +1 /proc/stat')) {
    vitalsAsked++
    return vitals(shell.number, command.includes('/proc/[0-9]*'))
  }
  if (command.includes('ipvsadm') && command.includes('--daemon'))
    return `${shell.isFirst ? 'master' : 'backup'} sync daemon (mcast=eth0, syncid=0, maxlen=1472)\n`
  if (command.includes('ipvsadm')) return table(command)
  if (command.startsWith('ip ')) return addresses(shell.isFirst)
  if (command.startsWith('cat ')) return configuration()
  if (command.startsWith('readlink ')) return `${command.split(' ').at(-1)}\n`
  if (command.startsWith('date ')) return `${(Date.now() / 1000).toFixed(3)}\n`
  if (command.startsWith('timeout ')) return frontends.map((n) => `${address(n)} fe${n + 1}.bench\n`).join('')
  // How long its log is.
  if (command.startsWith('sh ')) return '+0000\n0\n'
  if (command.includes('/run/ldirectord.'))
    return 'pid 871 /run/ldirectord.ldirectord.pid\nstamp 1700000000 1700000000 1 1 1\n'
  return '.\n'
}

const end = /\necho (__vdd_\w+__) >&2\n/

/** Answers whatever is there to its end. */
function answerAll(shell) {
  for (let found = end.exec(shell.unread); found; found = end.exec(shell.unread)) {
    const asked = shell.unread.slice(0, found.index).replace(/^PATH=.*\nexport .*\n/, '')
    shell.unread = shell.unread.slice(found.index + found[0].length)
    const command = asked.slice(0, asked.lastIndexOf(' </dev/null\n'))
    shell.out.write(`${answer(shell, command)}\n0\n${found[1]}\n`)
    shell.err.write(`${found[1]}\n`)
  }
}

const shells = new Map()

function shellOf(pid) {
  const shell = shells.get(pid) ?? { number: shells.size, isFirst: false, unread: '' }
  shells.set(pid, shell)
  return shell
}

/** Each shell has two connections: one for what goes in and comes out, one for its errors. Each says first whose and which it is. */
const server = createServer((socket) => {
  let shell
  socket.setEncoding('utf8')
  socket.on('error', () => {})
  socket.on('data', (data) => {
    const [, pid, which, rest] = shell ? [] : /^(\d+) (out|err)\n(.*)$/s.exec(data)
    shell ??= shellOf(pid)
    if (which) shell[which] = socket
    shell.unread += rest ?? data
    if (shell.out && shell.err) answerAll(shell)
  })
})
// So often it tells how many looks there have been: a busy machine has fewer, and what it takes is to be told beside that.
const telling = 1_000
// It ends with whoever started it.
process.stdin.on('end', () => process.exit()).resume()
server.listen(0, '127.0.0.1', 512, async () => {
  const { port: shell } = server.address()
  const [replica, provider] = [await openSlapd(false), await openSlapd(true)]
  console.log(JSON.stringify({ shell, replica, provider, ...(await openRadius()) }))
  setInterval(() => console.log(`${vitalsAsked}`), telling)
})
