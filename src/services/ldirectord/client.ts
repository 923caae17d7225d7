import { HostError } from '../../hosts/host.ts'
import { say } from '../../hosts/label.ts'
import type { Shell } from '../../hosts/shell.ts'
import { parseConfig } from './config.ts'
import type { LdirectordConfig, LdirectordEvent } from './facts.ts'
import { parseEvent } from './log.ts'

export interface Asking {
  readonly host: string
  readonly shell: Shell
  readonly configFile: string
  /** milliseconds for one command */
  readonly timeout: number
}

/**
 * The running ldirectord, by its pid file, whose name follows the spelling of the configuration by which it was started
 * (notes/lvs.md: Commands); a pid counts if that process is a ldirectord.
 */
const findPid = `for file in /run/ldirectord.*.pid; do
  read -r pid < "$file" || continue
  tr '\\0' ' ' < "/proc/$pid/cmdline" | grep -q ldirectord && echo "$pid" && exit
done`

/** What changes without notice: the process, the file's time and size, what lies in the maintenance directory. */
export async function readState({ shell, configFile, timeout }: Asking, maintenancedir: string | undefined) {
  const run = (...argv: string[]) => shell.run(argv, timeout)
  const [pid, stamp, files] = await Promise.all([
    run('sh', '-c', findPid),
    run('stat', '-L', '-c', '%Y %s', '--', configFile),
    maintenancedir ? run('ls', '-1A', '--', maintenancedir) : undefined,
  ])
  return {
    pid: Number(pid.stdout) || undefined,
    /** changes when the file does; empty where there is none */
    stamp: stamp.code === 0 ? stamp.stdout.trim() : '',
    /** none: the directory cannot be read */
    maintenance: files?.code === 0 ? files.stdout.split('\n').filter(Boolean) : undefined,
  }
}

/** The file as it is; `undefined`: there is none, or this user may not read it. */
export async function readConfigText({
  host,
  shell,
  configFile,
  timeout,
}: Asking): Promise<string | undefined> {
  const { code, stdout, stderr } = await shell.run(['cat', '--', configFile], timeout)
  if (code === 0) return stdout
  if (/No such file/.test(stderr)) return undefined
  throw new HostError('refused', host, say`this user may not read ldirectord's configuration`)
}

export async function readConfig(asking: Asking): Promise<LdirectordConfig | undefined> {
  const text = await readConfigText(asking)
  return text === undefined ? undefined : parseConfig(text)
}

/** The names of addresses by a reverse lookup, as ldirectord makes one for its maintenance directory. */
export async function readNames(
  { shell, timeout }: Asking,
  addresses: readonly string[],
): Promise<Map<string, string>> {
  if (!addresses.length) return new Map()
  const { stdout } = await shell.run(['timeout', '2', 'getent', 'hosts', ...addresses], timeout)
  const lines = stdout.split('\n').map((line) => line.split(/\s+/))
  return new Map(lines.flatMap(([address, name]) => (address && name ? [[address, name] as const] : [])))
}

/** Lines of the log that are read at first, to know whether the configuration is the one that is loaded. */
const lately = 400

/** What the log tells already, oldest first. */
export async function readLog({ shell, timeout }: Asking, file: string): Promise<LdirectordEvent[]> {
  const [log, zone] = await Promise.all([
    shell.run(['tail', '-n', String(lately), '--', file], timeout),
    shell.run(['date', '+%z'], timeout),
  ])
  const offset = offsetOf(zone.stdout)
  return log.stdout.split('\n').flatMap((line) => parseEvent(line, offset) ?? [])
}

/** `+0130` in milliseconds east of UTC. */
function offsetOf(text: string): number {
  const [, sign, hours = 0, minutes = 0] = /^([+-])(\d\d)(\d\d)/.exec(text) ?? []
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000
}
