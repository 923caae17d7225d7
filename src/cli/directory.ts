import type { Command } from 'commander'
import type { Snapshot } from '../fleet/snapshot.ts'
import { label, say } from '../hosts/label.ts'
import { lagSeconds } from '../views/directory/json.ts'
import { seconds } from './change-options.ts'
import { exit, Failure } from './exit.ts'
import { findDirectory } from './find.ts'
import type { GlobalOptions } from './global-options.ts'
import { addNoun } from './noun.ts'
import { openFleet } from './open.ts'
import { json, print, table } from './output.ts'
import { checkHosts } from './server-check.ts'
import { closeFleet, withFleet } from './with-fleet.ts'

/** `vdd directory list`, `show`, `lag` and `check`. */
export function addDirectoryVerbs(program: Command, finish: (code: number) => void): void {
  const globals = () => program.opts() as GlobalOptions
  const noun = addNoun(program, finish, 'directory', {
    argument: 'SERVER',
    rates: { list: 'requests', show: 'requests' },
  })
  noun
    .command('lag')
    .description('Tells how far each is behind, in seconds; fails when one is further behind than allowed.')
    .option('--json', 'as JSON')
    .option('--max <SECONDS>', 'how far is allowed (default: 10)', (text) =>
      text === '0' ? 0 : seconds(text),
    )
    .action(async (options: { json?: boolean; max?: number }) =>
      finish(
        await withFleet(globals(), false, async (fleet, snapshot) =>
          lag(snapshot, fleet.now(), options.max ?? 10, options.json ?? false),
        ),
      ),
    )
  noun
    .command('check [SERVER...]')
    .description('Asks each as a client does, step by step.')
    .option('--json', 'as JSON')
    .action(async (names: string[], options: { json?: boolean }) =>
      finish(await check(globals(), names, options.json ?? false)),
    )
}

function lag(snapshot: Snapshot, now: number, max: number, asJson: boolean): number {
  const all = snapshot.directories.map((one) => ({
    name: one.host,
    role: one.role,
    lagSeconds: lagSeconds(one, now),
  }))
  // Nobody's copy is behind nobody.
  const copies = all.filter(({ role }) => role !== 'standalone')
  if (asJson) print(json(all))
  else
    print(
      table(
        ['NAME', 'ROLE', 'SECONDS'],
        all.map(({ name, role, lagSeconds }) => [
          label(name),
          label(role),
          say`${lagSeconds ?? label(role === 'standalone' ? '-' : '?')}`,
        ]),
        [2],
      ),
    )
  return copies.every(({ lagSeconds }) => lagSeconds !== null && lagSeconds <= max) ? exit.ok : exit.failed
}

async function check(globals: GlobalOptions, names: readonly string[], asJson: boolean): Promise<number> {
  const fleet = await openFleet(globals, false)
  try {
    const { directories } = fleet.snapshot()
    const chosen = names.length ? names.map((name) => findDirectory(fleet.snapshot(), name)) : directories
    if (!chosen.length) throw new Failure(exit.config, say`no directory server in the configuration`)
    return await checkHosts(
      fleet,
      chosen.map(({ host }) => host),
      asJson,
    )
  } finally {
    await closeFleet(fleet)
  }
}
