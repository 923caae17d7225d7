import { say } from '../../hosts/label.ts'
import type { Alert } from '../alerts/alert.ts'
import { alertOf, type Condition } from '../alerts/conditions.ts'
import { recordOf } from '../kinds.ts'
import { hostConcern } from '../ref.ts'
import { conditionOf, type Snapshot } from '../snapshot.ts'
import type { ClockRecord } from './record.ts'
import { clockText } from './text.ts'

/**
 * Milliseconds, for certain: so far from the console's a clock begins to matter, since logs and replication are compared by it; and from where on Kerberos lets nobody
 * in (krb5.conf(5), clockskew).
 */
const matters = { warning: 1_000, bad: 300_000 } as const

/** What is wrong with the clock of a host. */
export function clockConditions({ reading }: ClockRecord): Condition[] {
  const atLeast = reading ? Math.abs(reading.offset) - reading.uncertainty : 0
  if (!reading || atLeast < matters.warning) return []
  return [
    {
      severity: atLeast < matters.bad ? 'warning' : 'bad',
      what: 'clock',
      text: say`clock ${clockText(reading)}`,
      over: say`its clock is right again`,
      types: ['clock.wrong', 'clock.right'],
      advice: say`what keeps its time? chronyc tracking, ntpq -p, timedatectl; or it is this console's that is wrong`,
    },
  ]
}

/** Clocks that are wrong, of hosts that answer. */
export function clockAlerts(snapshot: Snapshot, now: number): Alert[] {
  return snapshot.clocks.flatMap((clock) => {
    const host = recordOf('host', clock.host, snapshot)
    if (!host || conditionOf(snapshot, host, now) !== 'up') return []
    return clockConditions(clock).map((condition) => alertOf(hostConcern(clock.host), condition))
  })
}
