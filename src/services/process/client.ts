import { HostError } from '../../hosts/host.ts'
import { say } from '../../hosts/label.ts'
import { quote } from '../../hosts/quote.ts'
import type { Shell } from '../../hosts/shell.ts'
import type { HostReading } from './facts.ts'
import { parseBonds, parseNetwork, parseProcesses, parseVitals } from './parse.ts'

export interface Asking {
  readonly host: string
  readonly shell: Shell
  /** milliseconds for one command */
  readonly timeout: number
}

/**
 * How the host is, and the processes of these names: a line `stat SIZE OWNER PATH` for /proc/PID/fd and /proc/PID of each, then files,
 * each under its name. The size of /proc/PID/fd is the number of open descriptors for every user, since Linux 6.2; before that it is 0
 * (notes/ldap-radius.md, A4). It starts two processes, however many it finds: it is asked every second.
 */
function look(names: readonly string[]): string {
  return `dirs= files=
${names.length ? find(names) : ''}
for bond in /proc/net/bonding/*; do [ -e "$bond" ] && files="$files $bond"; done
[ -z "$dirs" ] || stat -c 'stat %s %U %n' $dirs 2>/dev/null
nics=
for nic in /sys/class/net/*/device; do nic=\${nic%/device}; nics="$nics \${nic##*/}"; done
echo "nics$nics"
tail -n +1 /proc/stat /proc/meminfo /proc/loadavg /proc/net/dev $files 2>/dev/null`
}

function find(names: readonly string[]): string {
  return `for dir in /proc/[0-9]*; do
  read -r comm < "$dir/comm" || continue
  for name in ${quote(names)}; do
    [ "$comm" = "$name" ] && dirs="$dirs $dir/fd $dir" files="$files $dir/comm $dir/limits $dir/status $dir/stat"
  done
done 2>/dev/null`
}

/** Counts where the size says nothing; only root may, and sometimes the owner. It starts no process either. */
function count(dirs: readonly string[]): string {
  return `for dir in ${quote(dirs)}; do
  set -- "$dir"/*
  [ "$1" = "$dir/*" ] || echo "counted $# $dir"
done
set --`
}

/** How the host is, and what the processes of these names have open: in one reading. */
export async function readHost(
  { host, shell, timeout }: Asking,
  names: readonly string[],
): Promise<Omit<HostReading, 'host' | 'at'>> {
  const { stdout } = await shell.script(look(names), timeout)
  const facts = parseVitals(stdout)
  if (!facts) throw new HostError('refused', host, say`/proc cannot be read: is it a Linux?`)
  const network = parseNetwork(stdout)
  const own = { ...facts, ...(network ? { network } : {}), bonds: parseBonds(stdout) }
  const processes = parseProcesses(stdout)
  const unknown = processes.filter(({ open }) => open === undefined).map(({ pid }) => `/proc/${pid}/fd`)
  if (!unknown.length) return { ...own, processes }
  const counted = await shell.script(count(unknown), timeout)
  return { ...own, processes: parseProcesses(`${counted.stdout}${stdout}`) }
}
