import type { ChannelRecord } from '../../fleet/display/record.ts'
import { lastSeenAt, shownOn, type TerminalRecord } from '../../fleet/terminal/record.ts'
import { type Label, label, say } from '../../hosts/label.ts'
import { duration } from '../../text/duration.ts'
import { dateTime, memory } from '../../text/format.ts'
import { type Field, fieldLines } from '../../text/page.ts'
import { type Part, some } from '../../text/part.ts'
import { hardwareFacts } from '../host/hardware.ts'
import type { Moment } from '../world.ts'
import { isOld, shortagesOf } from './facts.ts'

/** All that is known of a terminal. */
export function terminalLines(terminal: TerminalRecord, { snapshot, now }: Moment, width: number): Part[][] {
  const { name, hosts, address, channels, told } = terminal
  const stale = isOld(terminal, snapshot) ? say`STALE, ` : say``
  const seen = shownOn(terminal).length ? say`now` : say`${duration(now - lastSeenAt(terminal, now))} ago`
  return fieldLines(
    [
      ['Terminal', name],
      ['Address', address],
      ['Server', label(hosts.join(', '))],
      ['Seen', say`${stale}${seen}`],
      ...several(
        'Desktops',
        channels.map((one) => desktopText(one, now)),
      ),
      ['', undefined],
      ...(told
        ? hardwareFields(told.facts)
        : ([['Told', say`nothing: it is not known what it is`]] as const)),
      ...several('Too small', shortagesOf(terminal)),
      ...(told
        ? ([['Told', say`${dateTime(told.at)}, ${duration(now - told.at)} ago, by ${told.user}`]] as const)
        : []),
    ],
    width,
  )
}

function several(title: string, texts: readonly Label[]): Field[] {
  return texts.map((text, i) => [i ? '' : title, text])
}

/** `anna: debian-kde-01, Plasma, :10 on ds1, since 5 min` */
function desktopText({ user, name, host, channel }: ChannelRecord, now: number): Label {
  const { machine, session, openedAt, isUnseen, fate } = channel
  const what = some([
    machine.name,
    session,
    say`${name} on ${label(host)}`,
    openedAt !== undefined && say`since ${duration(now - openedAt)}`,
    isUnseen && say`waits for its user`,
    fate === 'orphan' && say`orphaned`,
  ])
  return say`${user ?? label(channel.rawUser)}: ${what}`
}

function hardwareFields(facts: NonNullable<TerminalRecord['told']>['facts']): Field[] {
  const { memoryKiB } = facts
  return [
    ['Own name', facts.name],
    ['Memory', memoryKiB === undefined ? undefined : memory(memoryKiB)],
    ...hardwareFacts(facts),
  ]
}
