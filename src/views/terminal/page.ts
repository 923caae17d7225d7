import type { ChannelRecord } from '../../fleet/display/record.ts'
import { callText, type SessionRecord, type TextSession } from '../../fleet/session/record.ts'
import { isUsed, lastSeenAt, type TerminalRecord } from '../../fleet/terminal/record.ts'
import { defined } from '../../hosts/defined.ts'
import { type Label, label, say } from '../../hosts/label.ts'
import { duration } from '../../text/duration.ts'
import { dateTime, memory } from '../../text/format.ts'
import { type Field, fieldLines } from '../../text/page.ts'
import { type Part, some } from '../../text/part.ts'
import { hardwareFacts } from '../host/hardware.ts'
import { cpuText } from '../session/facts.ts'
import type { Moment } from '../world.ts'
import { isOld, shortagesOf, whyUntold } from './facts.ts'

/** All that is known of a terminal. */
export function terminalLines(terminal: TerminalRecord, { snapshot, now }: Moment, width: number): Part[][] {
  const { name, hosts, address, channels, texts, told } = terminal
  const stale = isOld(terminal, snapshot) ? say`STALE, ` : say``
  const seen = isUsed(terminal) ? say`now` : say`${duration(now - lastSeenAt(terminal, now))} ago`
  return fieldLines(
    [
      ['Terminal', name],
      ['Address', address],
      ['Server', label(hosts.join(', '))],
      ['Seen', say`${stale}${seen}`],
      ...several('Sessions', [
        ...channels.map((one) => desktopLine(one, now)),
        ...texts.map((one) => textLine(one, now)),
      ]),
      ['', undefined],
      ...(told ? hardwareFields(told.facts) : ([['Told', whyUntold(terminal)]] as const)),
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

/** `anna: debian-kde-01, Plasma, :10 on ds1, since 5 min, 12% CPU, 410M` */
function desktopLine({ user, name, host, channel }: ChannelRecord, now: number): Label {
  const { machine, session, openedAt, isUnseen, fate } = channel
  const what = some([
    machine.name,
    session,
    say`${name} on ${label(host)}`,
    openedAt !== undefined && say`since ${duration(now - openedAt)}`,
    isUnseen && say`waits for its user`,
    fate === 'orphan' && say`orphaned`,
    ...loadTexts(channel),
  ])
  return say`${callText({ user: user ?? label(channel.rawUser), ...defined({ fullName: channel.fullName }) })}: ${what}`
}

/** `vito: debian-kde-01, text, tty2 on ds1, since 1 h 23 min` */
function textLine(session: TextSession, now: number): Label {
  const { machine, login, host, since, load } = session
  const where = say`${label(login.tty)} on ${label(host)}`
  const what = [machine.name, say`text`, where, say`since ${duration(now - since)}`, ...loadTexts({ load })]
  return say`${callText(session)}: ${some(what)}`
}

function loadTexts({ load }: { readonly load?: SessionRecord['load'] | undefined }): (Label | undefined)[] {
  return [load?.cpu === undefined ? undefined : say`${cpuText(load.cpu)} CPU`, load && memory(load.memoryKiB)]
}

function hardwareFields(facts: NonNullable<TerminalRecord['told']>['facts']): Field[] {
  const { memoryKiB } = facts
  return [
    ['Own name', facts.name],
    ['Memory', memoryKiB === undefined ? undefined : memory(memoryKiB)],
    ...hardwareFacts(facts),
  ]
}
