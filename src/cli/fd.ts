import type { Command } from 'commander'
import type { Fleet } from '../fleet/fleet.ts'
import type { ProcessRecord, Snapshot } from '../fleet/model.ts'
import { wallTime } from '../hosts/clock.ts'
import { label, say } from '../hosts/label.ts'
import { dateTime, span } from '../text/format.ts'
import { dash } from '../text/part.ts'
import { seconds } from './change-options.ts'
import { exit } from './exit.ts'
import { addHostOption, type Narrowing, onHosts } from './narrow.ts'
import type { GlobalOptions } from './open.ts'
import { json, print, table, timeJson } from './output.ts'
import { complain, withFleet } from './with-fleet.ts'

interface OnHost {
  readonly host: string
  readonly process: ProcessRecord
}

function all({ processes }: Snapshot): OnHost[] {
  return [...processes].flatMap(([host, some]) => some.map((process) => ({ host, process })))
}

/** A limit that JSON can hold: none is `null`, as is what is not known. */
export function limitOf(limit: number | undefined): number | null {
  return limit !== undefined && Number.isFinite(limit) ? limit : null
}

/** A process as `--json` gives it; the fields are documented in docs/verbs.md and only ever added to. */
export function fdJson(process: ProcessRecord) {
  const { name, pid, owner, open, softLimit, hardLimit, exhaustedIn } = process
  return {
    process: name,
    pid,
    owner,
    open: open ?? null,
    limit: limitOf(softLimit),
    hardLimit: limitOf(hardLimit),
    exhaustedInSeconds: exhaustedIn === undefined ? null : Math.round(exhaustedIn / 1000),
  }
}

/** `vdd fd list` and `vdd fd watch`: the file descriptors of what the front ends run. */
export function addFdVerbs(program: Command, finish: (code: number) => void): void {
  const globals = () => program.opts() as GlobalOptions
  const noun = program.command('fd').description('File descriptors of the processes of front ends.')
  addHostOption(noun.command('list').description('Lists open descriptors and limits.'))
    .option('--json', 'as JSON')
    .action(async (options: Pick<Narrowing, 'host'> & { json?: boolean }) =>
      finish(
        await withFleet(globals(), false, async (_, snapshot) => {
          const found = all(snapshot).filter(onHosts(options, snapshot))
          if (options.json) print(json(found.map(({ host, process }) => ({ host, ...fdJson(process) }))))
          else print(fdTable(found))
          return complain(snapshot)
        }),
      ),
    )
  noun
    .command('watch')
    .description('Prints a line for each change, with the time until the limit once they rise.')
    .option('--json', 'one object a line')
    .option('--for <SECONDS>', 'end after so long (default: never)', seconds)
    .action(async (options: { json?: boolean; for?: number }) =>
      finish(
        await withFleet({ ...globals(), interval: globals().interval ?? 1 }, false, (fleet) =>
          watch(fleet, options),
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
        : say`${Math.round((open / softLimit) * 100)}%`
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

async function watch(fleet: Fleet, options: { json?: boolean; for?: number }): Promise<number> {
  const told = new Map<string, number | undefined>()
  const tell = () => {
    for (const { host, process } of all(fleet.snapshot())) {
      const key = `${host} ${process.name} ${process.pid}`
      if (told.has(key) && told.get(key) === process.open) continue
      told.set(key, process.open)
      print(options.json ? line(host, process, fleet.now()) : text(host, process, fleet.now()))
    }
  }
  tell()
  const ignore = fleet.subscribe(tell)
  await new Promise<void>((resolve) => {
    if (options.for) setTimeout(resolve, options.for * 1000)
  })
  ignore()
  return exit.ok
}

function line(host: string, process: ProcessRecord, now: number): string {
  return json({ at: timeJson(now), host, ...fdJson(process) }).replace(/\n\s*/g, ' ')
}

function text(host: string, { name, open, softLimit, exhaustedIn }: ProcessRecord, now: number): string {
  const left = exhaustedIn === undefined ? say`` : say`, at this rate the limit in ${span(exhaustedIn)}`
  return say`${dateTime(wallTime(now))}  ${label(host)}  ${name}  ${open ?? label('?')} of ${limitOf(softLimit) ?? label('no limit')}${left}`
}
