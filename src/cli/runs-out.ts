import type { Command } from 'commander'
import type { Fleet } from '../fleet/fleet.ts'
import type { Snapshot } from '../fleet/snapshot.ts'
import { supplyFacts } from '../fleet/supply/kinds.ts'
import { runsOut, supplyName, supplySeverity, usedShare } from '../fleet/supply/runs-out.ts'
import type { Supply } from '../fleet/supply/supplies.ts'
import { label, say } from '../hosts/label.ts'
import { percent, span } from '../text/format.ts'
import { dash } from '../text/part.ts'
import type { GlobalOptions } from './global-options.ts'
import { addHostOption, type Narrowing, onHosts } from './narrow.ts'
import { json, print, table, warn } from './output.ts'
import { complain, silentStorage, withFleet } from './with-fleet.ts'

/** A supply as `--json` gives it; the fields are documented in docs/verbs.md and only ever added to. */
function supplyJson(supply: Supply) {
  const { host, kind, which, used, most, left, isBrief } = supply
  return {
    host,
    kind,
    name: which ?? null,
    used: used === undefined ? null : Math.round(used),
    limit: most === undefined ? null : Math.round(most),
    unit: supplyFacts(kind).unit ?? null,
    usedPercent: most === undefined ? null : Math.round(usedShare(supply) * 1000) / 10,
    runsOutInSeconds: left === undefined ? null : Math.round(left / 1000),
    severity: supplySeverity(supply) ?? null,
    brief: isBrief ?? false,
  }
}

/** `vdd runs-out`: everything of which there is only so much, what ends first on top. */
export function addRunsOutVerb(program: Command, finish: (code: number) => void): void {
  const verb = program
    .command('runs-out')
    .description('Lists what hosts have only so much of, and when none is left: what ends first on top.')
  addHostOption(verb)
    .option('--near', 'only what is near its end')
    .option('--json', 'as JSON')
    .action(async (options: Pick<Narrowing, 'host'> & { json?: boolean; near?: boolean }) =>
      finish(
        await withFleet(program.opts() as GlobalOptions, 'requests', async (fleet) => {
          const snapshot = await withStorage(fleet)
          const isOn = onHosts(options, snapshot)
          const all = runsOut(snapshot, fleet.now()).filter(
            (one) => isOn(one) && (!options.near || supplySeverity(one)),
          )
          if (options.json) print(json(all.map(supplyJson)))
          else if (all.length || !options.near) print(supplyTable(all))
          else warn('vdd: nothing is near its end')
          return Math.max(complain(snapshot), silentStorage(snapshot))
        }),
      ),
    )
}

/** Milliseconds that file systems are waited for. */
const patience = 12_000

/** File systems are asked beside all else. */
export async function withStorage(fleet: Fleet): Promise<Snapshot> {
  const isRead = ({ storage, hosts }: Snapshot) =>
    hosts.every(({ name, trouble }) => trouble || storage.some(({ host }) => host === name)) || undefined
  await fleet.until(isRead, AbortSignal.timeout(patience)).catch(() => undefined)
  return fleet.snapshot()
}

function supplyTable(all: readonly Supply[]): string {
  const rows = all.map((supply) => {
    const { host, kind, used, most, left } = supply
    const { amount } = supplyFacts(kind)
    const isKnown = used !== undefined && most !== undefined
    return [
      label({ bad: '!', warning: '*', none: '' }[supplySeverity(supply) ?? 'none']),
      label(host),
      supplyName(supply),
      isKnown ? percent(usedShare(supply) * 100) : dash,
      isKnown && amount ? say`${amount(used)} of ${amount(most)}` : dash,
      left === undefined ? dash : span(left),
    ]
  })
  return table(['', 'HOST', 'WHAT', 'USED', '', 'NONE LEFT IN'], rows, [3, 5])
}
