import { HostError } from '../../hosts/host.ts'
import { say } from '../../hosts/label.ts'
import type { Shell } from '../../hosts/shell.ts'
import type { HostReading } from './facts.ts'
import { parseProcesses, parseVitals } from './parse.ts'

export interface Asking {
  readonly host: string
  readonly shell: Shell
  /** milliseconds for one command */
  readonly timeout: number
}

/**
 * The processes of these names. The size of /proc/PID/fd is the number of open descriptors for every user, since Linux 6.2; before
 * that it is 0, and only root and sometimes the owner may count them (notes/ldap-radius.md, A4).
 */
const findProcesses = `for dir in /proc/[0-9]*; do
  read -r comm < "$dir/comm" || continue
  for name; do
    [ "$comm" = "$name" ] || continue
    open=$(stat -c %s "$dir/fd") && owner=$(stat -c %U "$dir") || continue
    [ "$open" -gt 0 ] || open=$(ls -1U "$dir/fd" | wc -l)
    echo "process \${dir#/proc/} $owner $open $name"
    grep '^Max open files' "$dir/limits"
    grep -E '^(Threads|VmRSS):' "$dir/status"
    read -r stat < "$dir/stat" && echo "stat $stat"
  done
done 2>/dev/null`

/** How the host is, and what the processes of these names have open: in one reading. */
export async function readHost(
  asking: Asking,
  names: readonly string[],
): Promise<Omit<HostReading, 'host' | 'at'>> {
  const { host, shell, timeout } = asking
  const [vitals, processes] = await Promise.all([
    shell.run(['cat', '/proc/stat', '/proc/meminfo', '/proc/loadavg'], timeout),
    names.length ? shell.run(['sh', '-c', findProcesses, 'sh', ...names], timeout) : undefined,
  ])
  const facts = parseVitals(vitals.stdout)
  if (!facts) throw new HostError('refused', host, say`/proc cannot be read: is it a Linux?`)
  return { ...facts, processes: parseProcesses(processes?.stdout ?? '') }
}
