import { label, say } from '../../hosts/label.ts'
import { duration } from '../../text/duration.ts'
import type { Alert } from '../alerts/alert.ts'
import { alertOf, type Condition, happening } from '../alerts/conditions.ts'
import type { FleetEvent } from '../event.ts'
import type { EventType } from '../event-types.ts'
import { hostConcern } from '../ref.ts'
import { textEvents } from '../session/events.ts'
import { stoppedAlerts } from '../session/machine.ts'
import { conditionOf, type Snapshot } from '../snapshot.ts'
import { troubleTold } from '../trouble.ts'
import {
  type ChannelRecord,
  channelText,
  type DisplayRecord,
  type DisplayServerRecord,
  displayConcern,
  isChannel,
  isThere,
} from './record.ts'

/** What is wrong with a channel by itself, so that a person has to look at it now. Where its machine is, `machineConditions` tells. */
export function channelConditions(record: ChannelRecord): Condition[] {
  if (record.channel.fate !== 'orphan') return []
  return [
    {
      severity: 'warning',
      what: 'orphan',
      text: say`orphaned on ${label(record.host)}: ${channelText(record)}`,
      over: say`no longer orphaned`,
      types: ['session.orphaned', 'session.held'],
      advice: say`who held it has gone: close it, or its X server runs on`,
    },
  ]
}

/** What is wrong with a display server as one. How its host is, that host tells. */
function serverConditions({ trouble, reading }: DisplayServerRecord, now: number): Condition[] {
  if (trouble)
    return [
      {
        severity: 'warning',
        what: 'displays',
        text: say`displays: ${trouble.reason}`,
        ...troubleTold(trouble, reading !== undefined, now),
      },
    ]
  const { faults = [], left = 0 } = reading ?? {}
  const [first] = faults
  return [
    ...(first
      ? [
          {
            severity: 'warning' as const,
            what: 'channels in part',
            text: say`displays: ${faults.length > 1 ? say`${faults.length} channels` : say`a channel`} cannot be read: ${first.place}: ${first.why}`,
          },
        ]
      : []),
    ...(left
      ? [
          {
            severity: 'warning' as const,
            what: 'displays in part',
            text: say`displays: ${left} more are not read`,
          },
        ]
      : []),
  ]
}

/** Channels of one server that are told of one by one: anybody there can have many. */
const most = 10

/** Display servers that cannot be read although their host answers, and channels that nobody holds. */
export function displayAlerts(snapshot: Snapshot, now: number): Alert[] {
  const ofServers = snapshot.displays.flatMap((server): Alert[] => {
    const host = snapshot.hosts.find(({ name }) => name === server.host)
    if (!host || conditionOf(snapshot, host, now) !== 'up') return []
    const about = hostConcern(server.host)
    const own = serverConditions(server, now).map((condition) => alertOf(about, condition))
    if (server.trouble) return own
    const wrong = server.displays
      .filter(isChannel)
      .flatMap((one) => channelConditions(one).map((condition) => alertOf(displayConcern(one), condition)))
    const more = wrong.length - most
    const rest: Condition = {
      severity: 'warning',
      what: 'more orphans',
      text: say`${more} more channels are orphaned`,
    }
    return [...own, ...wrong.slice(0, most), ...(more > 0 ? [alertOf(about, rest)] : [])]
  })
  return [...ofServers, ...stoppedAlerts(snapshot)]
}

/** Events of one look that are told: anybody there can let much happen. */
const mostEvents = 100

/** What happened between two looks at a display server. */
export function happenedAt(
  before: DisplayServerRecord,
  after: DisplayServerRecord,
  now: number,
): FleetEvent[] {
  const all = [...displayEvents(before.displays, after.displays, now), ...textEvents(before, after, now)]
  const [told, last] = [all.slice(0, mostEvents), all[mostEvents]]
  if (!last) return told
  const text = say`${all.length - mostEvents} more events of displays`
  return [...told, { ...happening(hostConcern(last.host)), severity: 'info', text }]
}

function displayEvents(
  before: readonly DisplayRecord[],
  after: readonly DisplayRecord[],
  now: number,
): FleetEvent[] {
  const channels = (of: readonly DisplayRecord[]) =>
    new Map(of.filter((one) => isChannel(one) && isThere(one)).map((one) => [one.id, one as ChannelRecord]))
  const [was, is] = [channels(before), channels(after)]
  return [
    ...[...was.values()].flatMap((one) => (is.has(one.id) ? [] : ended(one, now))),
    ...[...is.values()].flatMap((one) => changed(was.get(one.id), one)),
  ]
}

function ended(record: ChannelRecord, now: number): FleetEvent[] {
  const { openedAt, trouble, state } = record.channel
  const about = { ...happening(displayConcern(record)), severity: 'info' as const }
  if (openedAt === undefined)
    return [{ ...about, type: 'session.refused', text: say`not opened: ${channelText(record)}` }]
  if (trouble && state !== 'closing')
    return [
      {
        ...about,
        type: 'session.lost',
        text: say`lost after ${duration(now - openedAt)}: ${channelText(record)}: ${trouble}`,
      },
    ]
  const text = say`closed after ${duration(now - openedAt)}: ${channelText(record)}`
  return [{ ...about, type: 'session.closed', text }]
}

function changed(before: ChannelRecord | undefined, after: ChannelRecord): FleetEvent[] {
  const about = happening(displayConcern(after))
  const [was, is] = [before?.channel, after.channel]
  const events: FleetEvent[] = []
  const tell = (
    type: EventType | undefined,
    text: FleetEvent['text'],
    severity: FleetEvent['severity'] = 'info',
  ) => events.push({ ...about, severity, text, ...(type ? { type } : {}) })
  if (was?.openedAt === undefined && is.openedAt !== undefined)
    tell('session.opened', say`opened: ${channelText(after)}`)
  else if (is.resumedAt !== undefined && is.resumedAt !== was?.resumedAt)
    tell('session.resumed', say`resumed: ${channelText(after)}`)
  if (is.looked && !was?.looked)
    tell(
      'session.watched',
      say`${is.looked.by} ${is.looked.controls ? say`has taken over` : say`looks at`} ${channelText(after)}`,
    )
  if (was?.looked && !is.looked)
    tell('session.unwatched', say`${was.looked.by} looks no more at ${channelText(after)}`)
  const [bad, well] = [channelConditions(after), before ? channelConditions(before) : []]
  for (const { text, severity, types } of bad.length > well.length ? bad : [])
    tell(types?.[0], text, severity)
  for (const { over, types } of bad.length < well.length ? well : []) if (over) tell(types?.[1], over)
  return events
}
