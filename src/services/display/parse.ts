import * as z from 'zod'
import { defined } from '../../hosts/defined.ts'
import { parseJson } from '../../hosts/json.ts'
import { type Label, label, say } from '../../hosts/label.ts'
import { limits } from '../../hosts/limits.ts'
import { known } from '../../hosts/numbers.ts'
import { atOnce, type Steps } from '../../hosts/slices.ts'
import type { Channel, Display, DisplayReading, Login, ToldTerminal } from './facts.ts'
import { type ReadTerminals, toldEnvelope, toldSteps } from './read-told.ts'
import { type OtherDisplay, type SeenChannel, type SeenLogin, sightSchema } from './sight.ts'

/** What a display server told, or why that is not understood. */
type Sight =
  | (Pick<DisplayReading, 'displays' | 'faults' | 'left' | 'logins'> & { readonly terminals?: ReadTerminals })
  | { readonly wrong: Label }

/** Turns a time of the display server's clock into one of this console's. */
type Shift = (theirs: number) => number

/** Milliseconds after which it is no longer known whether somebody uses it. */
const unasked = 120_000
/** The last moment that a date can name. */
const lastMoment = 8.64e15
/** An id of a user: 32 bits. */
const lastUser = 2 ** 32 - 1
const lastDisplay = 65_535

/** The same without what is in its lists: each of those is looked at by itself, so that others have their turn. */
const list = z.custom<readonly unknown[]>(Array.isArray)
const envelope = sightSchema.extend({
  channels: list,
  others: list,
  faults: list,
  terminals: toldEnvelope.optional(),
  logins: list.optional(),
})
/** What is in the lists is wrong there. */
class Wrong extends Error {}

/** What is made of each of a list. One at a time: each may be long, and of letters that are slow to look at. */
function* each<T, R>(
  name: string,
  schema: z.ZodType<T>,
  all: readonly unknown[],
  make: (one: T) => R,
): Generator<void, readonly R[]> {
  const read: R[] = []
  for (const [i, one] of all.entries()) {
    yield
    const { data, error } = schema.safeParse(one)
    if (error) throw new Wrong([name, i, ...(error.issues[0]?.path ?? [])].join('.'))
    read.push(make(data))
  }
  return read
}

/** What `vdd channel facts` printed, at once. */
export function parseSight(text: string, clock: (theirs: number) => Shift): Sight {
  return atOnce(sightSteps(text, clock))
}

/**
 * What `vdd channel facts` printed.
 *
 * @param clock from what the display server's clock says now, how its times are those of this console
 * @param known the terminals of which it told before: what is in the same words is not read again
 */
export function* sightSteps(
  text: string,
  clock: (theirs: number) => Shift,
  known: readonly ToldTerminal[] = [],
): Steps<Sight> {
  let told: unknown
  try {
    told = parseJson(text)
  } catch {
    return { wrong: say`it tells of its displays in no form that is known: ${label(text.slice(0, 60))}` }
  }
  const version = (told as { version?: unknown } | null)?.version
  if (version !== 1) {
    const theirs = typeof version === 'object' ? '?' : String(version).slice(0, 20)
    return { wrong: say`its vdd tells of displays in version ${label(theirs)}, and this one reads 1` }
  }
  const { data, error } = envelope.safeParse(told)
  if (!data) return wrongAt(error.issues[0]?.path.join('.') ?? '')
  const { at, faults } = data
  if (at < 0 || at > lastMoment) return { wrong: say`its clock is not to be believed` }
  const { channels, others } = data
  if (channels.length > limits.channels)
    return { wrong: say`it tells of ${channels.length} channels: more than ${limits.channels} are not read` }
  const shift = clock(at)
  const names = new Map(Object.entries(data.fullNames ?? {}).slice(0, limits.channels))
  const { channels: channelList, others: otherList, faults: faultList } = sightSchema.shape
  const loginList = sightSchema.shape.logins.unwrap()
  try {
    const ours = yield* each('channels', channelList.element, channels, (one) =>
      channelDisplay(one, at, shift, names),
    )
    const rest = yield* each('others', otherList.element, others.slice(0, limits.otherDisplays), (one) =>
      otherDisplay(one, at, shift),
    )
    const unread = yield* each(
      'faults',
      faultList.element,
      faults.slice(0, limits.displayFaults),
      ({ place, why }) => ({ place: label(place), why: label(why) }),
    )
    const told = data.logins?.slice(0, limits.logins)
    const logins =
      told && (yield* each('logins', loginList.element, told, (one) => loginOf(one, at, shift, names)))
    const terminals =
      data.terminals && (yield* toldSteps(data.terminals, (theirs) => past(theirs, at, shift) ?? 0, known))
    const all = [...ours, ...rest.flat()]
    return {
      // Two with one key are one: what belongs to an owner has one file a channel, and a display has one number.
      displays: [...new Map(all.toReversed().map((one) => [one.key, one])).values()].reverse(),
      faults: unread,
      left: Math.max(0, others.length - limits.otherDisplays),
      ...defined({ terminals, logins }),
    }
  } catch (error) {
    if (error instanceof Wrong) return wrongAt(error.message)
    throw error
  }
}

function wrongAt(place: string): { readonly wrong: Label } {
  return { wrong: say`what it tells of its displays is wrong at ${label(place)}` }
}

/** A time in the past as this console has it: whoever wrote it may have written what they like. */
function past(theirs: number | undefined, at: number, shift: Shift): number | undefined {
  return theirs === undefined ? undefined : Math.max(0, shift(Math.min(theirs, at)))
}

const silences = {
  machine: 'the machine does not answer: it is off, or the line to it is cut',
  terminal: 'the terminal does not answer: it is off, or the line to it is cut',
} as const

/** By the number of a user, as in `fullNames`. */
type Names = ReadonlyMap<string, string>

function fullNameOf(uid: number, names: Names): Label | undefined {
  const name = names.get(String(uid))
  return name === undefined ? undefined : label(name)
}

function channelDisplay(
  { user, uid, fate, said }: SeenChannel,
  at: number,
  shift: Shift,
  names: Names,
): Display {
  const { id, state, display, server, terminal, machine, session, system, size, fullScreen, keep } = said
  const time = (theirs: number | undefined) => past(theirs, at, shift)
  const { clients, silent, shows = 'session' } = said
  const trouble = said.trouble ?? (silent && silences[silent])
  const channel: Channel = {
    id,
    uid: Math.min(Math.max(uid, 0), lastUser),
    rawUser: user,
    fate,
    state,
    shows,
    terminal: label(terminal.name),
    rawTerminal: terminal,
    isUnseen: terminal.display === undefined,
    machine: { name: label(machine.name), rawName: machine.name, rawAddress: machine.address },
    fullScreen,
    keep,
    wantedAt: time(said.wantedAt) ?? 0,
    ...defined({
      fullName: fullNameOf(uid, names),
      session: session && label(session.name),
      system: system === undefined ? undefined : label(system),
      x11OverTcp: said.x11OverTcp === undefined ? undefined : label(said.x11OverTcp),
      size,
      openedAt: time(said.openedAt),
      resumedAt: time(said.resumedAt),
      clients,
      idle: idleOf(said, at),
      load: loadOf(said, at),
      looked: said.looked && {
        by: label(said.looked.by),
        at: time(said.looked.at) ?? 0,
        controls: said.looked.controls,
      },
      trouble: trouble ? label(trouble) : undefined,
    }),
  }
  return {
    key: `${channel.uid}/${id}`,
    user: label(user),
    channel,
    since: channel.openedAt ?? channel.wantedAt,
    ...defined({ number: display, program: server && label(server.program), pid: server?.pid }),
  }
}

function loginOf(
  { tty, pid, uid, user, from, since, usedAt, machine }: SeenLogin,
  at: number,
  shift: Shift,
  names: Names,
): Login {
  return {
    id: `${tty}-${pid}`,
    tty,
    uid: Math.min(Math.max(uid, 0), lastUser),
    user: label(user),
    rawUser: user,
    since: past(since, at, shift) ?? 0,
    ...defined({
      fullName: fullNameOf(uid, names),
      from: from === undefined ? undefined : label(from),
      idle: usedAt === undefined ? undefined : known(at - Math.min(usedAt, at)),
      machine: machine && { name: label(machine.name), rawName: machine.name, rawAddress: machine.address },
    }),
  }
}

/** How long nobody used it, as was seen when that was asked: since then somebody may have. */
function idleOf({ usedAt, lookedAt }: SeenChannel['said'], at: number): number | undefined {
  if (usedAt === undefined || at - (lookedAt ?? at) > unasked) return undefined
  return known(Math.min(lookedAt ?? at, at) - Math.min(usedAt, at))
}

/** Asked once a minute: what is three minutes old is not how it is now. */
const oldLoad = 180_000

function loadOf({ load }: SeenChannel['said'], at: number): Channel['load'] {
  if (!load || at - load.at > oldLoad) return undefined
  const { cpu, memoryKiB, screen } = load
  const own = screen && { memoryKiB: screen.memoryKiB, ...defined({ cpu: screen.cpu }) }
  return { memoryKiB, ...defined({ cpu, screen: own }) }
}

/** Nothing where it is no display. */
function otherDisplay(
  { display, program, pid, user, startedAt }: OtherDisplay,
  at: number,
  shift: Shift,
): Display[] {
  if (display < 0 || display > lastDisplay) return []
  return [
    {
      key: `:${display}`,
      number: display,
      ...defined({
        program: program === undefined ? undefined : label(program),
        user: user === undefined ? undefined : label(user),
        pid: pid !== undefined && pid > 0 ? pid : undefined,
        since: startedAt !== undefined && startedAt >= 0 ? past(startedAt, at, shift) : undefined,
      }),
    },
  ]
}
