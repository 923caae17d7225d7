import { type ChannelRecord, type DisplayRecord, isChannel } from '../../fleet/display/record.ts'
import { type Label, label, say } from '../../hosts/label.ts'
import { duration } from '../../text/duration.ts'
import { type Field, fieldLines } from '../../text/page.ts'
import { type Part, textOf } from '../../text/part.ts'
import type { Moment } from '../world.ts'
import { displayAdvice, displayNote, displayState, isOld, runsOn, sizeText, stateFields } from './facts.ts'

/** All that is known of a display. */
export function displayLines(one: DisplayRecord, moment: Moment, width: number): Part[][] {
  const { snapshot, now } = moment
  const { name, host, user, program, pid, since } = one
  const server = snapshot.displays.find((other) => other.host === host)
  const seen = server?.reading && duration(now - server.reading.at)
  return fieldLines(
    [
      ['Display', name],
      ['Server', label(host)],
      ['Seen', seen && (isOld(one, snapshot) ? say`STALE, ${seen} ago` : say`${seen} ago`)],
      ...stateFields(textOf(displayState(one, moment)), displayNote(one, moment)),
      ['Next', displayAdvice(one, moment)],
      ['Program', program && (pid === undefined ? program : say`${program}, process ${pid}`)],
      ...(isChannel(one)
        ? channelFields(one, moment)
        : ([
            ['User', user],
            ['Since', ago(since, now)],
          ] as const)),
    ],
    width,
  )
}

function channelFields(one: ChannelRecord, { snapshot, now }: Moment): Field[] {
  const { user, channel } = one
  const { id, uid, terminal, machine, system, session, keep, wantedAt, openedAt, idle, clients } = channel
  const isScreen = channel.shows === 'screen'
  return [
    ['Channel', label(id)],
    ['User', say`${user ?? label(channel.rawUser)} (${uid})`],
    ['Terminal', terminal],
    ['Machine', machine.name],
    ['Runs on', runsOn(one, snapshot)],
    ['Address', label(machine.rawAddress)],
    ['System', system],
    isScreen ? ['Shows', say`the machine's own screen`] : ['Session', session ?? say`not chosen yet`],
    ['Size', sizeText({ channel })],
    ['X11', inClear(channel)],
    ['Kept', keep ? say`yes: it outlives its terminal` : undefined],
    ['Opened', ago(openedAt, now) ?? say`not yet, wanted ${duration(now - wantedAt)} ago`],
    ['Resumed', ago(channel.resumedAt, now)],
    ['Idle', idle === undefined ? say`not known` : duration(idle)],
    ['Clients', clients === undefined ? undefined : say`${clients}`],
  ]
}

/** What is as it ever is needs no line. */
function inClear({ x11OverTcp }: ChannelRecord['channel']): Label | undefined {
  return x11OverTcp && say`goes over the network in the clear, to ${x11OverTcp}: configured`
}

function ago(at: number | undefined, now: number): Label | undefined {
  return at === undefined ? undefined : say`${duration(now - at)} ago`
}
