import { wallTime } from '../hosts/clock.ts'
import { label, say } from '../hosts/label.ts'
import { happening } from './alerts/conditions.ts'
import type { Journal } from './journal/journal.ts'
import type { Leftovers } from './leftovers.ts'
import type { Member } from './member.ts'
import { hostConcern } from './ref.ts'

interface Clearing {
  readonly leftovers: Leftovers | undefined
  readonly journal: Journal
  readonly ending: AbortSignal
  readonly now: () => number
  member(host: string): Member | undefined
}

/** Takes away what one that was killed has left on hosts, drafts with passwords in them; a host that does not answer is tried at the next start. */
export async function clearOrphans(fleet: Clearing): Promise<void> {
  for (const { leftover, forget } of fleet.leftovers?.orphans() ?? []) {
    const { host, argv } = leftover
    const output = await fleet
      .member(host)
      ?.host.run(argv, { timeout: 10_000, signal: fleet.ending })
      .catch(() => undefined)
    if (output?.code !== 0) continue
    forget()
    const text = say`removed what a killed vdd had left: ${label(argv.at(-1) ?? '')}`
    fleet.journal.add({
      at: wallTime(fleet.now()),
      kind: 'did',
      severity: 'info',
      type: 'action.ended',
      ...happening(hostConcern(host)),
      text,
    })
  }
}
