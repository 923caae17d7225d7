import { type Label, label, say } from '../hosts/label.ts'
import type { BrokerRequest } from './protocol.ts'

export type LookRequest = Extract<BrokerRequest, { ask: 'look' }>

/** Nobody asks or looks any more. */
export function isOver({ what }: LookRequest): boolean {
  return what !== 'asked' && what !== 'agreed'
}

/** What the journal says of it, beside the name of the person. @param isSeen the broker has seen itself that somebody asked */
export function lookText(request: LookRequest, isSeen: boolean): Label {
  const text = textOf(request)
  return isSeen ? text : say`${text}, as their own program says`
}

function textOf({ what, channel, machine, by, controls, endedBy }: LookRequest): Label {
  const who = label(by)
  const where = say`the desktop of ${label(machine)} (${label(channel)})`
  const look = controls ? say`take over ${where}` : say`look at ${where}`
  switch (what) {
    case 'asked':
      return say`was asked by ${who} to let them ${look}`
    case 'agreed':
      return say`agreed to let ${who} ${look}`
    case 'refused':
      return say`did not let ${who} ${look}`
    case 'unanswered':
      return say`did not answer ${who}, who asked to ${look}`
    case 'withdrawn':
      return say`was asked no more by ${who} to let them ${look}`
    case 'ended':
      return say`is alone again at ${where}: ${how(who, endedBy)}`
  }
}

function how(who: Label, endedBy: LookRequest['endedBy']): Label {
  switch (endedBy) {
    case 'person':
      return say`ended that ${who} looks`
    case 'away':
      return say`left the terminal, so ${who} looks no more`
    case 'channel':
      return say`the channel ended, at which ${who} looked`
    case 'server':
      return say`the VNC server ended by which ${who} looked`
    case 'looker':
    case undefined:
      return say`${who} looks no more`
  }
}
