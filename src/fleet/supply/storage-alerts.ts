import { say } from '../../hosts/label.ts'
import type { Alert } from '../alerts/alert.ts'
import { recordOf } from '../kinds.ts'
import { hostConcern } from '../ref.ts'
import { conditionOf, type Snapshot } from '../snapshot.ts'
import { troubleText } from '../trouble.ts'

/** Alerts for file systems that cannot be read although their host answers. */
export function storageAlerts(snapshot: Snapshot, now: number): Alert[] {
  return snapshot.storage.flatMap(({ host, at, left, trouble }): Alert[] => {
    const record = recordOf('host', host, snapshot)
    if (!record || conditionOf(snapshot, record, now) !== 'up') return []
    const about = { ...hostConcern(host), severity: 'warning' } as const
    const text = say`file systems: ${trouble ? troubleText(trouble, at !== undefined, now) : say`${left ?? 0} more are not watched`}`
    if (trouble) return [{ ...about, what: 'storage', text, advice: trouble.advice }]
    return left ? [{ ...about, what: 'storage in part', text, advice: say`` }] : []
  })
}
