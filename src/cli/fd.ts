import type { Command } from 'commander'
import type { Fleet } from '../fleet/fleet.ts'
import type { Snapshot } from '../fleet/snapshot.ts'
import { fullness } from '../fleet/supply/runs-out.ts'
import { wallTime } from '../hosts/clock.ts'
import { label, say } from '../hosts/label.ts'
import { dateTime, percent } from '../text/format.ts'
import { timeJson } from '../text/json.ts'
import { dash } from '../text/part.ts'
import { fdJson, limitOf } from '../views/process/json.ts'
import { seconds } from './change-options.ts'
import { type FdChange, FdNews, fdText, type OnHost, watchedIn } from './fd-watch.ts'
import type { GlobalOptions } from './global-options.ts'
import { addHostOption, type Narrowing, onHosts } from './narrow.ts'
import { json, print, table, warn } from './output.ts'
import { complain, withFleet } from './with-fleet.ts'

/** `vdd fd list` and `vdd fd watch`: the file descriptors of what the front ends run. */
export function addFdVerbs(program: Command, finish: (code: number) => void): void {
  const globals = () => program.opts() as GlobalOptions
  const noun = program.command('fd').description('File descriptors of the processes of front ends.')
  addHostOption(noun.command('list').description('Lists open descriptors and limits.'))
    .option('--json', 'as JSON')
    .action(async (options: Pick<Narrowing, 'host'> & { json?: boolean }) =>
      finish(
        await withFleet(globals(), false, async (_, snapshot) => {
          const found = watchedIn(snapshot).filter(onHosts(options, snapshot))
          if (options.json) print(json(found.map(({ host, process }) => ({ host, ...fdJson(process) }))))
          else print(fdTable(found))
          return complain(snapshot)
        }),
      ),
    )
  addHostOption(noun.command('watch'))
    .description(
      'Prints a line for each change: how many are open, when none are left once they rise, which process has ended.',
    )
    .option('--json', 'one object a line')
    .option('--for <SECONDS>', 'end after so long (default: never)', seconds)
    .action(async (options: Pick<Narrowing, 'host'> & { json?: boolean; for?: number }) =>
      finish(
        await withFleet({ ...globals(), interval: globals().interval ?? 1 }, false, (fleet, snapshot) =>
          watch(fleet, snapshot, options),
        ),
      ),
    )
}

function fdTable(found: readonly OnHost[]): string {
  const rows = found.map(({ host, process }) => {
    const { name, pid, owner, open, softLimit = 0 } = process
    const share =
      open === undefined || !softLimit || !Number.isFinite(softLimit)
        ? dash
        : percent(fullness(process) * 100)
    return [
      label(host),
      name,
      say`${pid}`,
      owner,
      say`${open ?? label('?')}`,
      say`${limitOf(softLimit) ?? label('none')}`,
      share,
    ]
  })
  return table(['HOST', 'PROCESS', 'PID', 'OWNER', 'OPEN', 'LIMIT', 'USED'], rows, [2, 4, 5, 6])
}

/** One who looks on is not told the silence of a host by silence. */
async function watch(
  fleet: Fleet,
  snapshot: Snapshot,
  options: Pick<Narrowing, 'host'> & { json?: boolean; for?: number },
): Promise<number> {
  const isWanted = onHosts(options, snapshot)
  const news = new FdNews()
  const tell = () => {
    for (const change of news.changes(fleet.snapshot(), isWanted))
      print(options.json ? line(change, fleet.now()) : text(change, fleet.now()))
  }
  const status = complain(snapshot)
  if (!watchedIn(snapshot).some(isWanted)) warn('vdd: no process is watched yet (vdd fd list)')
  tell()
  const ignore = fleet.subscribe(tell)
  await new Promise<void>((resolve) => {
    if (options.for) setTimeout(resolve, options.for * 1000)
  })
  ignore()
  return status
}

function line({ host, process, state }: FdChange, now: number): string {
  return json({ at: timeJson(now), host, ...fdJson(process), state }).replace(/\n\s*/g, ' ')
}

function text(change: FdChange, now: number): string {
  return say`${dateTime(wallTime(now))} ${fdText(change, now)}`
}
