import { HostError } from '../../hosts/host.ts'
import { type Label, label, say } from '../../hosts/label.ts'
import { limits } from '../../hosts/limits.ts'
import { quote } from '../../hosts/quote.ts'
import type { Shell } from '../../hosts/shell.ts'
import type { HostReading, ProcessFacts, Watched } from './facts.ts'
import { parseBonds, parseNetwork, parseProcesses, parseVitals } from './parse.ts'

interface ShellAsking {
  readonly host: string
  readonly shell: Shell
  /** milliseconds for one command */
  readonly timeout: number
}

/**
 * How the host is, and the processes of these names and owners: a line `stat SIZE OWNER PATH` for /proc/PID/fd and /proc/PID of each, then files,
 * each under its name. The size of /proc/PID/fd is the number of open descriptors for every user, since Linux 6.2; before that it is 0
 * (docs/internals/openldap-freeradius.md, "Open descriptors"). It starts three processes, however many it finds: it is asked every second.
 */
function look(watched: readonly Watched[]): string {
  return `dirs= files=
${watched.length ? find(watched) : ''}
for bond in /proc/net/bonding/*; do [ -e "$bond" ] && files="$files $bond"; done
[ -z "$dirs" ] || stat -c 'stat %s %U %n' $dirs 2>/dev/null
nics=
for nic in /sys/class/net/*/device; do nic=\${nic%/device}; nics="$nics \${nic##*/}"; done
echo "nics$nics"
tail -n +1 /proc/stat /proc/meminfo /proc/loadavg /proc/net/dev $files 2>/dev/null`
}

/**
 * A line `watched COUNT OTHERS` tells how many there are, and how many have these names and other owners. Whoever starts a setuid program
 * by a link of that name has a process of root that is called so: its real owner is another one.
 */
function find(watched: readonly Watched[]): string {
  const names = quote([` ${watched.map(({ name }) => name).join(' ')} `])
  const pairs = quote([` ${watched.flatMap(pairsOf).join(' ')} `])
  return `found=
for dir in /proc/[0-9]*; do
  read -r comm < "$dir/comm" || continue
  case ${names} in *" $comm "*) found="$found $dir" ;; esac
done 2>/dev/null
set -f
set --
[ -z "$found" ] || set -- $(stat -c '%n:%U' $found 2>/dev/null)
set +f
count=0 others=0
for one; do
  dir=\${one%%:*}
  read -r comm < "$dir/comm" || continue
  case ${pairs} in
    *" $comm@\${one#*:} "*)
      while read -r key real effective rest && [ "$key" != Uid: ]; do :; done < "$dir/status"
      [ "$real" = "$effective" ] || { others=$((others + 1)); continue; }
      count=$((count + 1)) ;;
    *) others=$((others + 1)); continue ;;
  esac
  [ "$count" -gt ${limits.processes} ] || dirs="$dirs $dir/fd $dir" files="$files $dir/comm $dir/limits $dir/status $dir/stat"
done 2>/dev/null
set --
echo "watched $count $others"`
}

function pairsOf({ name, owners }: Watched): string[] {
  return owners.map((owner) => `${name}@${owner}`)
}

/** Those of the expected owners. What root has counts where its owner of its own has none: as root others may make one (sudo). */
export function watchedAmong<T extends Pick<ProcessFacts, 'name' | 'owner'>>(
  processes: readonly T[],
  watched: readonly Watched[],
): T[] {
  const owned = new Set(processes.map(({ name, owner }) => `${name}@${owner}`))
  const pairs = watched.flatMap((one) => {
    const own = pairsOf(one)
    const isServed = own.some((pair) => !pair.endsWith('@root') && owned.has(pair))
    return one.rootIfNone && isServed ? own.filter((pair) => !pair.endsWith('@root')) : own
  })
  return processes.filter(({ name, owner }) => pairs.includes(`${name}@${owner}`))
}

/** What of these processes is not watched; somebody may mean to be taken for one. */
function unwatched(text: string, watched: readonly Watched[]): { partial?: Label } {
  const [, count = 0, others = 0] = (/^watched (\d+) (\d+)$/m.exec(text) ?? []).map(Number)
  const names = label(watched.map(({ name }) => name).join(', '))
  if (count > limits.processes)
    return { partial: say`only ${limits.processes} of ${count} processes called ${names} are watched` }
  if (!others) return {}
  return {
    partial: say`processes called ${names} of other owners than expected: ${others}, not watched ("processes:", docs/configuration.md)`,
  }
}

/** Counts where the size says nothing; only root may, and sometimes the owner. It starts no process either. */
function count(dirs: readonly string[]): string {
  return `for dir in ${quote(dirs)}; do
  set -- "$dir"/*
  [ "$1" = "$dir/*" ] || echo "counted $# $dir"
done
set --`
}

/** Its files by who reads them: each is looked through for what it may hold alone, since all of hundreds of hosts are read each second. */
function partsOf(text: string): { vitals: string; devices: string; rest: string } {
  const parts = { vitals: '', devices: '', rest: '' }
  for (const [i, part] of text.split(/^==> (?=\/proc\/)/m).entries()) {
    const name = part.slice(0, part.indexOf(' <==\n'))
    if (i === 0) parts.devices = parts.rest = part
    else if (/^\/proc\/(stat|meminfo|loadavg)$/.test(name)) parts.vitals += part
    else if (name === '/proc/net/dev') parts.devices += part
    else parts.rest += `==> ${part}`
  }
  return parts
}

/** How the host is, and what the processes of these names have open: in one reading. */
export async function readHost(
  { host, shell, timeout }: ShellAsking,
  watched: readonly Watched[],
): Promise<Omit<HostReading, 'host' | 'at'>> {
  const { stdout } = await shell.script(look(watched), timeout)
  const { vitals, devices, rest } = partsOf(stdout)
  const facts = parseVitals(vitals)
  if (!facts) throw new HostError('refused', host, say`/proc cannot be read: is it a Linux?`)
  const network = parseNetwork(devices)
  const own = {
    ...facts,
    ...(network ? { network } : {}),
    bonds: parseBonds(rest),
    ...unwatched(rest, watched),
  }
  const wanted = (text: string) => watchedAmong(parseProcesses(text), watched)
  const processes = wanted(rest)
  const unknown = processes.filter(({ open }) => open === undefined).map(({ pid }) => `/proc/${pid}/fd`)
  if (!unknown.length) return { ...own, processes }
  const counted = await shell.script(count(unknown), timeout)
  return { ...own, processes: wanted(`${counted.stdout}${rest}`) }
}
