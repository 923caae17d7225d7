// A virsh for the bench, in a process of its own: as many machines as the query of its URI says, in the forms of libvirt 9.0 (recorded:
// test/services/libvirt/fixtures). It answers what the console asks of a fleet at rest, and nothing else.
import { existsSync, watch } from 'node:fs'
import { dirname } from 'node:path'
import { createInterface } from 'node:readline'

const argv = process.argv.slice(2)
const uri = argv[argv.indexOf('-c') + 1] ?? ''
const words = argv.slice(argv.indexOf('-c') + 2)
const { pathname, searchParams } = new URL(uri)
const host = Number(pathname.replace(/\D/g, ''))
const size = Number(searchParams.get('machines'))
/** of a hundred running machines so many do something */
const busy = Number(searchParams.get('busy'))
const began = Date.now()

/** While this file is there, the first machine of the first host has crashed. */
const crash = process.env.VDD_BENCH_CRASH
const crashing = 'guest1-0'
const isCrashed = (name) => crash !== undefined && name === crashing && existsSync(crash)

const hex = (number, digits) => number.toString(16).padStart(digits, '0')
const machines = Array.from({ length: size }, (_, i) => ({
  name: `guest${host}-${i}`,
  uuid: `${hex(host, 8)}-0000-4000-8000-${hex(i, 12)}`,
  // One in ten is shut off.
  get runs() {
    return i % 10 !== 9 && !isCrashed(this.name)
  },
  isBusy: Math.floor(((i + 1) * busy) / 100) !== Math.floor((i * busy) / 100),
}))

const groups = {
  '--state': ({ name, runs }) =>
    runs
      ? '  state.state=1\n  state.reason=1\n'
      : `  state.state=5\n  state.reason=${isCrashed(name) ? 3 : 1}\n`,
  '--cpu-total': (_, moved) =>
    `  cpu.time=${1_656_408_351 + moved * 300_000}\n  cpu.user=${820_000_000 + moved * 150_000}\n  cpu.system=${830_000_000 + moved * 150_000}\n`,
  '--balloon': ({ runs }, moved) =>
    `  balloon.current=2097152\n  balloon.maximum=2097152\n${runs ? `  balloon.swap_in=0\n  balloon.swap_out=0\n  balloon.major_fault=281\n  balloon.minor_fault=103244\n  balloon.unused=1211648\n  balloon.available=2012312\n  balloon.usable=${1_411_648 - (moved % 4096)}\n  balloon.last-update=1700000000\n  balloon.disk_caches=131072\n  balloon.hugetlb_pgalloc=0\n  balloon.hugetlb_pgfail=0\n  balloon.rss=1179300\n` : ''}`,
  '--vcpu': ({ runs }, moved) =>
    `  vcpu.current=2\n  vcpu.maximum=2\n${runs ? [0, 1].map((n) => `  vcpu.${n}.state=1\n  vcpu.${n}.time=${970_000_000 + moved * 100_000}\n  vcpu.${n}.wait=0\n  vcpu.${n}.delay=${584_300_326 + moved}\n`).join('') : ''}`,
  '--interface': ({ runs }, moved) =>
    runs
      ? `  net.count=1\n  net.0.name=vnet0\n  net.0.rx.bytes=${9_000_000 + moved * 100}\n  net.0.rx.pkts=${90_000 + moved}\n  net.0.rx.errs=0\n  net.0.rx.drop=0\n  net.0.tx.bytes=${1_000_000 + moved * 50}\n  net.0.tx.pkts=${10_000 + moved}\n  net.0.tx.errs=0\n  net.0.tx.drop=0\n`
      : '',
  '--block': ({ name, runs }, moved) =>
    `  block.count=1\n  block.0.name=vda\n  block.0.path=/var/lib/libvirt/images/${name}.qcow2\n${runs ? `  block.0.rd.reqs=4000\n  block.0.rd.bytes=${160_000_000 + moved * 10}\n  block.0.rd.times=1500000000\n  block.0.wr.reqs=${9000 + moved}\n  block.0.wr.bytes=${80_000_000 + moved * 200}\n  block.0.wr.times=2500000000\n  block.0.fl.reqs=700\n  block.0.fl.times=250000000\n  block.0.allocation=4831838208\n` : ''}  block.0.capacity=21474836480\n  block.0.physical=4831842304\n`,
}

const xml = ({ name, uuid }) => `<domain type='kvm'>
  <name>${name}</name>
  <uuid>${uuid}</uuid>
  <memory unit='KiB'>2097152</memory>
  <vcpu placement='static'>2</vcpu>
  <os><type arch='x86_64' machine='pc-q35-7.2'>hvm</type></os>
  <devices>
    <disk type='file' device='disk'><source file='/var/lib/libvirt/images/${name}.qcow2'/><target dev='vda' bus='virtio'/></disk>
    <graphics type='vnc' port='5900' autoport='yes' listen='127.0.0.1'/>
  </devices>
</domain>
`

/** What a person is shown. */
function table(shown) {
  const rows = shown.map(
    ({ name, runs }, i) =>
      ` ${(runs ? `${i + 1}` : '-').padEnd(4)} ${name.padEnd(12)} ${runs ? 'running' : 'shut off'}`,
  )
  return ` Id   Name         State\n-------------------------------\n${rows.join('\n')}\n`
}

const commands = {
  uri: () => 'qemu:///system\n',
  nodeinfo: () =>
    'CPU model:           x86_64\nCPU(s):              32\nMemory size:         263856132 KiB\n',
  nodecpustats: () => {
    const ns = (Date.now() - began) * 1e6
    return `user:      ${ns}\nsystem:    ${ns}\nidle:      ${ns * 30}\niowait:    0\n`
  },
  nodememstats: () =>
    'total  : 263856132 KiB\nfree   : 50000000 KiB\nbuffers: 100000 KiB\ncached : 1000000 KiB\n',
  list: (_, options) => {
    const runs = options.includes('--state-shutoff')
      ? false
      : options.includes('--state-running')
        ? true
        : undefined
    if (options.includes('--state-paused') || options.includes('--autostart')) return ''
    const shown = machines.filter((one) => runs === undefined || one.runs === runs)
    if (!options.includes('--uuid')) return table(shown)
    return shown
      .map(({ name, uuid }) => (options.includes('--name') ? `${uuid} ${name}\n` : `${uuid}\n`))
      .join('')
  },
  domstats: (_, options) => {
    const seconds = Math.round((Date.now() - began) / 10)
    const asked = options.flatMap((option) => groups[option] ?? [])
    return machines
      .map(
        (one) =>
          `Domain: '${one.name}'\n${asked.map((of) => of(one, one.runs && one.isBusy ? seconds : 0)).join('')}\n`,
      )
      .join('')
  },
  dumpxml: (uuid) => xml(machines.find((one) => one.uuid === uuid) ?? { name: '', uuid }),
  domcapabilities: () => '<domainCapabilities><domain>kvm</domain></domainCapabilities>\n',
  'pool-list': () => '',
  'net-list': () => 'default\n',
}

function answer(line) {
  const [name, ...options] = line.split(' ').map((word) => word.replace(/^'(.*)'$/, '$1'))
  if (name === 'echo' && options[0] === '--err') process.stderr.write(`error: ${options[1]}\n`)
  else if (name === 'echo') process.stdout.write(`${options[0]}\n`)
  else if (commands[name])
    process.stdout.write(
      `${commands[name](
        options.find((one) => !one.startsWith('-')),
        options,
      )}\n`,
    )
  else process.stderr.write(`error: unknown command: '${name}'\n`)
}

/** What libvirt tells of that machine, as soon as it happens. */
function tellEvents() {
  setInterval(() => {}, 60_000)
  if (crash === undefined || host !== 1) return
  let was = false
  watch(dirname(crash), () => {
    const is = isCrashed(crashing)
    if (is !== was)
      console.log(`event 'lifecycle' for domain '${crashing}': ${is ? 'Stopped Failed' : 'Started Booted'}`)
    was = is
  })
}

if (words[0] === 'event') tellEvents()
else if (words.length) answer(words.join(' '))
else createInterface({ input: process.stdin }).on('line', answer)
