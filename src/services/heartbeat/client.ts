import { HostError, type Output } from '../../hosts/host.ts'
import { label, type Raw, say } from '../../hosts/label.ts'
import { limits } from '../../hosts/limits.ts'
import { quote } from '../../hosts/quote.ts'
import { parseAddresses } from '../addresses.ts'
import type { NodeAsking } from '../node-watch.ts'
import type { Carried, CarriedHere, HeartbeatFacts, HeartbeatLink, HeartbeatNode } from './facts.ts'
import {
  parseHaresources,
  parseLinks,
  parseMembership,
  parseMounts,
  parseNodeNames,
  parseStates,
} from './parse.ts'

const configured = '/etc/ha.d/haresources'

/**
 * Who hears whom. Each cl_status is a process that signs on to heartbeat, so only what may be otherwise a second later is asked each time. Names
 * are split at blanks and never taken for patterns.
 */
const membership = `(
set -f
printf 'self %s\\n' "$(uname -n)"
if nodes=$(cl_status listnodes 2>/dev/null); then
  echo status 0
  printf 'holds %s\\n' "$(cl_status rscstatus 2>/dev/null)"
  for node in $nodes; do printf 'node %s %s\\n' "$node" "$(cl_status nodestatus "$node" 2>/dev/null)"; done
else
  cl_status hbstatus 2>&1
  printf '\\nstatus %s\\n' "$?"
fi
)`

const links = `(
set -f
for node in $(cl_status listnodes 2>/dev/null); do
  for link in $(cl_status listhblinks "$node" 2>/dev/null); do
    printf 'link %s %s %s\\n' "$node" "$link" "$(cl_status hblinkstatus "$node" "$link" 2>/dev/null)"
  done
done
)`

/** What moves slowly, or is dear to ask. */
export interface Slow {
  readonly carried: readonly Carried[]
  readonly nodes: readonly string[]
  readonly links: ReadonlyMap<string, readonly HeartbeatLink[]>
  /** by their words in haresources; who does not say is not in it */
  readonly scripts: ReadonlyMap<Raw, boolean>
}

/** What is configured, the links, and what the scripts say of what they start. @throws {HostError} refused: it may not be read */
export async function readSlow({ host, shell, timeout }: NodeAsking): Promise<Slow> {
  const [resources, config, linked] = await Promise.all([
    shell.run(['cat', configured], timeout),
    shell.run(['cat', '/etc/ha.d/ha.cf'], timeout),
    shell.script(links, timeout),
  ])
  if (resources.code !== 0) throw refused(host, resources)
  const carried = parseHaresources(resources.stdout)
  if (carried.length > limits.carried)
    throw new HostError(
      'overflow',
      host,
      say`${label(configured)} has ${carried.length} resources, and more than ${limits.carried} are not read`,
    )
  const scripts = carried.filter((one) => one.kind === 'script' && isScript(one))
  const states = scripts.length
    ? parseStates((await shell.script(statesOf(scripts), timeout)).stdout)
    : new Map<number, boolean>()
  return {
    carried,
    nodes: config.code === 0 ? parseNodeNames(config.stdout).slice(0, limits.clusterNodes) : [],
    links: parseLinks(linked.stdout),
    scripts: new Map(
      scripts.flatMap(({ rawId }, i) => {
        const state = states.get(i)
        return state === undefined ? [] : [[rawId, state] as const]
      }),
    ),
  }
}

/** What can be asked at all: the name of a file, and words that a process can be given. */
function isScript({ script, words }: Carried): boolean {
  const isName = /^[\w.+@-]{1,64}$/.test(script) && !/^\.+$/.test(script)
  return isName && words.every((word) => !word.includes('\0') && word.isWellFormed())
}

/**
 * Each is asked as heartbeat asks it before it starts it (ResourceManager, we_own_resource), and for 3 s at the most. Who says neither, and does not
 * end as the LSB has it for what is stopped, does not say.
 */
function statesOf(scripts: readonly Carried[]): string {
  const one = ({ script, words }: Carried, i: number) => `
for dir in /etc/ha.d/resource.d /etc/init.d; do
  [ -f $dir/${script} ] && [ -x $dir/${script} ] || continue
  said=$(timeout 3 $dir/${script} ${quote([...words, 'status'])} 2>/dev/null </dev/null)
  code=$?
  case $said in
    *[Nn][Oo][Tt]\\ *[Rr]unning*|*[Ss]topped*) echo here ${i} no;;
    *[Rr]unning*|*OK*) echo here ${i} yes;;
    *) [ $code = 3 ] && echo here ${i} no;;
  esac
  break
done`
  return `(${scripts.map(one).join('')}\n)`
}

/** What the node tells of its pair, and what it has. @throws {HostError} refused: heartbeat is not there, or it may not be read */
export async function readHeartbeat(asking: NodeAsking, slow: Slow): Promise<HeartbeatFacts> {
  const { host, shell, timeout } = asking
  const mounts = slow.carried.some(({ kind }) => kind === 'mount')
  const [told, addresses, mounted] = await Promise.all([
    shell.script(membership, timeout),
    shell.run(['ip', '-o', 'addr', 'show'], timeout),
    mounts ? shell.run(['cat', '/proc/mounts'], timeout) : undefined,
  ])
  if (/^status 127$/m.test(told.stdout))
    throw new HostError('refused', host, say`cl_status is missing`, say`apt-get install heartbeat`)
  if (addresses.code !== 0)
    throw new HostError('refused', host, say`its addresses cannot be read: ${firstLine(addresses)}`)
  const { self, isRunning, holds, nodes } = parseMembership(told.stdout)
  const held = { addresses: parseAddresses(addresses.stdout), mounts: parseMounts(mounted?.stdout ?? '') }
  const isHere = ({ kind, name, rawId }: Carried) => {
    if (kind === 'address') return held.addresses.has(name)
    return kind === 'mount' ? held.mounts.has(name) : slow.scripts.get(rawId)
  }
  return {
    self: label(self),
    isRunning,
    ...(holds ? { holds: label(holds) } : {}),
    nodes: isRunning
      ? nodes
          .slice(0, limits.clusterNodes)
          .map((node) => ({ ...node, links: slow.links.get(node.name) ?? [] }))
      : silentNodes(self, slow),
    carried: slow.carried.map((one): CarriedHere => {
      const here = isHere(one)
      return { ...one, ...(here === undefined ? {} : { isHere: here }) }
    }),
  }
}

/** Those that the configuration names: who does not run hears of nobody. */
function silentNodes(self: string, { nodes, carried }: Slow): HeartbeatNode[] {
  const names = new Set([...nodes, self, ...carried.map(({ prefers }) => prefers)])
  return [...names].filter(Boolean).map((name) => ({ name: label(name), links: [] }))
}

function refused(host: string, output: Output): HostError {
  return new HostError(
    'refused',
    host,
    say`what heartbeat carries cannot be read: ${firstLine(output)}`,
    say`is it heartbeat with haresources, and may this account read ${label(configured)}?`,
  )
}

function firstLine({ code, stderr }: Output) {
  const [line = ''] = stderr.trim().split('\n')
  return line ? label(line) : say`exit status ${code ?? 0}`
}
