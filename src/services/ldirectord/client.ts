import { basename } from 'node:path'
import { HostError } from '../../hosts/host.ts'
import { label, say } from '../../hosts/label.ts'
import { limits } from '../../hosts/limits.ts'
import { count } from '../../hosts/numbers.ts'
import { quote } from '../../hosts/quote.ts'
import type { Shell } from '../../hosts/shell.ts'
import { inSlices } from '../../hosts/slices.ts'
import { zoneOffset } from '../../text/zone-offset.ts'
import { configSteps } from './config.ts'
import type { Addresses, ConfigSource, LdirectordConfig, LdirectordEvent } from './facts.ts'
import { parseEvent } from './log.ts'

export interface LdirectordAsking {
  readonly host: string
  readonly shell: Shell
  readonly configFile: string
  /** milliseconds for one command */
  readonly timeout: number
}

/**
 * The running ldirectord, by its pid file, whose name follows the spelling of the configuration by which it was started
 * (docs/internals/lvs.md, "Finding the process"): the one that has the name of the file, else the only one. A pid counts if that process is
 * a ldirectord, or the Perl that runs one; it may be another's by now.
 */
function findPid(configFile: string): string {
  const name = quote([basename(configFile, '.cf')])
  return `own= other= others=0
for file in /run/ldirectord.*.pid; do
  read -r pid < "$file" && read -r comm < "/proc/$pid/comm" || continue
  line=; read -r line < "/proc/$pid/cmdline" || :
  case $comm,$line in ldirectord* | perl*,*ldirectord*) ;; *) continue ;; esac
  case \${file#/run/ldirectord.} in
    *${name}*) own="pid $pid $file" ;;
    *) other="pid $pid $file" others=$((others + 1)) ;;
  esac
done 2>/dev/null
[ -n "$own" ] || [ "$others" != 1 ] || own=$other
[ -z "$own" ] || echo "$own"`
}

/** What changes without notice: the process, and the file by its times, to less than a second where `stat` tells that, number and size. */
export async function readState({ shell, configFile, timeout }: LdirectordAsking) {
  const stamp = `stat -L -c 'stamp %Z %z %y %i %s' -- ${quote([configFile])} 2>/dev/null`
  const { stdout } = await shell.script(`${findPid(configFile)}\n${stamp}`, timeout)
  const [, pid, pidFile] = /^pid (\d{1,10}) (.*)$/m.exec(stdout) ?? []
  return {
    ...(pid && pidFile ? { daemon: { pid: Number(pid), pidFile } } : {}),
    /** changes when the file does; empty where there is none */
    stamp: /^stamp (.*)$/m.exec(stdout)?.[1] ?? '',
    /** when the file came to be as it is, in milliseconds by the clock of the host, to the second */
    changedAt: (count(/^stamp (\d+) /m.exec(stdout)?.[1]) ?? 0) * 1000,
  }
}

/** What lies in a maintenance directory. */
export interface Maintenance {
  readonly files: readonly string[]
  /** this user may write there without sudo */
  readonly isOpen: boolean
}

/** `undefined`: it cannot be read. */
export async function readMaintenance(
  { host, shell, timeout }: LdirectordAsking,
  directory: string,
): Promise<Maintenance | undefined> {
  const dir = quote([directory])
  const list = `count=0; for file in ${dir}/* ${dir}/.[!.]*; do [ -e "$file" ] || continue; count=$((count + 1)); [ $count -le ${limits.maintenanceFiles + 1} ] || break; printf '%s\\n' "\${file##*/}"; done`
  const { stdout } = await shell.script(
    `[ -d ${dir} ] && [ -r ${dir} ] && [ -x ${dir} ] && { [ -w ${dir} ] && echo .open || echo .; } && { ${list}\n}`,
    timeout,
  )
  const [isRead, ...lines] = stdout.split('\n')
  const files = lines.filter(Boolean)
  // To leave some out would make front ends look as if they were in service.
  if (files.length > limits.maintenanceFiles) {
    const reason = say`its maintenance directory has more than ${limits.maintenanceFiles} files, which are not read`
    throw new HostError('overflow', host, reason)
  }
  return isRead ? { files, isOpen: isRead === '.open' } : undefined
}

/** The file as it is, wherever links lead; `undefined`: there is none. */
export async function readConfig({
  host,
  shell,
  configFile,
  timeout,
}: LdirectordAsking): Promise<ConfigSource | undefined> {
  const [{ code, stdout, stderr }, place] = await Promise.all([
    shell.run(['cat', '--', configFile], timeout),
    shell.run(['readlink', '-f', '--', configFile], timeout),
  ])
  if (code === 0)
    return {
      path: place.stdout.trim() || configFile,
      text: stdout,
      addresses: await readAddresses({ shell, timeout }, await inSlices(configSteps(stdout))),
    }
  if (/No such file/.test(stderr)) return undefined
  const why = /Permission denied/.test(stderr)
    ? say`this user may not read ldirectord's configuration`
    : say`ldirectord's configuration cannot be read: ${label(stderr.trim())}`
  throw new HostError('refused', host, why)
}

/**
 * What names of hosts and ports stand for, as ldirectord asks when it reads them; all at once, or a dead name server would be waited for by
 * each. A balancer without getent says nothing of ports: then they are the usual ones.
 */
async function readAddresses(
  { shell, timeout }: Pick<LdirectordAsking, 'shell' | 'timeout'>,
  { names, ports }: Pick<LdirectordConfig, 'names' | 'ports'>,
): Promise<Addresses> {
  if (!names.length && !ports.length) return new Map()
  const { stdout } = await shell.run(['sh', '-c', lookUp, 'sh', ...names, ...ports], timeout)
  return new Map(
    stdout.split('\n').flatMap((line) => {
      const [, key = '', answer = ''] = /^([46] \S+|[a-z]+ [\w-]+) (\S*)$/.exec(line) ?? []
      // An IPv4 address in the form of IPv6 is what getent has of a host without one; ldirectord has none then.
      const isNone = /^[46]/.test(key) && (!answer || answer.startsWith('::ffff:'))
      return key && !isNone ? [[key, answer] as const] : []
    }),
  )
}

/** getservbyname takes no protocol for any. */
const lookUp = `command -v getent >/dev/null || exit 0
for key; do
  { name=\${key#* }
    case $key in
      [46]\\ *) set -- $(timeout 4 getent "ahostsv\${key%% *}" "$name"); echo "$key $1" ;;
      any\\ *) set -- $(getent services "$name"); echo "$key \${2%%/*}" ;;
      *) set -- $(getent services "$name/\${key%% *}"); echo "$key \${2%%/*}" ;;
    esac; } &
done
wait`

/** The names of addresses by a reverse lookup, as ldirectord makes one for its maintenance directory. */
export async function readNames(
  { shell, timeout }: LdirectordAsking,
  addresses: readonly string[],
): Promise<Map<string, string>> {
  if (!addresses.length) return new Map()
  const { stdout } = await shell.run(['timeout', '2', 'getent', 'hosts', ...addresses], timeout)
  const lines = stdout.split('\n').map((line) => line.split(/\s+/))
  return new Map(lines.flatMap(([address, name]) => (address && name ? [[address, name] as const] : [])))
}

/** Lines of the log that are read at first, to know whether the configuration is the one that is loaded. */
const lately = 400

/** The zone, how many lines there are, and the last of exactly these: who follows from there on misses none and gets none twice. */
const beginning = `date +%z
lines=$(wc -l 2>/dev/null < "$1") && echo "$lines" && head -n "$lines" -- "$1" | tail -n ${lately}`

/** What the log tells already. */
interface LogSoFar {
  /** oldest first */
  readonly events: LdirectordEvent[]
  /** how far east of UTC its times are, in milliseconds */
  readonly offset: number
  readonly lines: number
}

export async function readLog({ shell, timeout }: LdirectordAsking, file: string): Promise<LogSoFar> {
  const { stdout } = await shell.run(['sh', '-c', beginning, 'sh', file], timeout)
  const [zone = '', lines = '', ...log] = stdout.split('\n')
  const offset = zoneOffset(zone)
  return { events: log.flatMap((line) => parseEvent(line, offset) ?? []), offset, lines: count(lines) ?? 0 }
}
