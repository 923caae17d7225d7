import * as z from 'zod'
import { parseJson } from '../../hosts/json.ts'

/** A process, by two numbers that no other process has: its id may be given again, but not with the same start. */
const process = z.strictObject({
  pid: z.int().positive(),
  /** ticks of the clock between the start of the machine and of the process: field 22 of /proc/PID/stat, proc_pid_stat(5) */
  started: z.int().nonnegative(),
})

export type ProcessMark = z.output<typeof process>

/** Letters of a name that a person may choose or read. */
const word = z.string().min(1).max(200)
/** Letters of what does not go well with a channel. */
export const longestTrouble = 1000
/** milliseconds since the epoch */
const time = z.number().nonnegative().max(8.64e15)

/** What a channel shows of its machine: a session there, or the machine's own screen, as its hypervisor has it. */
export const channelShows = ['session', 'screen'] as const
export type ChannelShows = (typeof channelShows)[number]

/** How far a channel is. `closing`: its session was asked to end. */
const channelStates = ['opening', 'open', 'closing'] as const

/** Percent of one processor, and resident KiB. */
const spent = z.object({
  cpu: z.number().nonnegative().max(1_000_000).optional(),
  memoryKiB: z.number().nonnegative().max(1e12),
})

/**
 * What the keeper of a channel writes down of it (`BASE/UID/ID.json`), for whoever looks: one X display of a display server that shows the session
 * of one machine on one terminal, or that machine's own screen without such a display. No secret is in it.
 */
export const channelSchema = z.object({
  /** by what a person and the journal name it: 6 letters and digits */
  id: z.string().regex(/^[a-z2-7]{6}$/),
  state: z.enum(channelStates),
  /** none: a session */
  shows: z.enum(channelShows).optional(),
  /** the process that holds it open */
  keeper: process,
  /** the X server; none: it has not started yet, or the screen of a machine is shown, which needs none */
  server: process.extend({ program: z.enum(['Xephyr', 'Xvnc']) }).optional(),
  /** N of its X display `:N` */
  display: z.int().nonnegative().max(65_535).optional(),
  terminal: z.object({
    /** `term3`; what the person's surroundings tell of where they sit */
    name: word,
    /** the X display of the terminal on which it is shown; none: nobody looks at it now (a kept channel) */
    display: word.optional(),
  }),
  machine: z.object({ name: word, address: word }),
  /** the session manager on the machine; none: it is not chosen yet, or there is none to choose */
  session: z.object({ id: word, name: word }).optional(),
  /** what the catalogue calls it */
  system: word.optional(),
  /** pixels */
  size: z.object({ width: z.int().positive(), height: z.int().positive() }).optional(),
  fullScreen: z.boolean(),
  /** it outlives its terminal */
  keep: z.boolean(),
  /** X11 goes over the network in the clear, to this display; none: in ssh */
  x11OverTcp: word.optional(),
  /** since when it was wanted, and since when the session is there */
  wantedAt: time,
  openedAt: time.optional(),
  /** X clients of its session */
  clients: z.int().nonnegative().optional(),
  /** when a key or the pointer was last used; never later than `lookedAt`, when that was asked */
  usedAt: time.optional(),
  lookedAt: time.optional(),
  /** what all processes of its owner on the machine cost, when that was asked, and its X server here besides */
  load: spent.extend({ at: time, screen: spent.optional() }).optional(),
  /** when it was brought to the terminal where it is, if it was opened elsewhere or before */
  resumedAt: time.optional(),
  /** the last message that was shown on it: when, and when a key took it away */
  message: z.object({ at: time, seenAt: time.optional() }).optional(),
  /** who looks at it now, as their account on the display server is called; since when, and whether they have keys and pointer as well */
  looked: z.object({ by: word, at: time, controls: z.boolean() }).optional(),
  /** which of its two ends does not answer now: what is typed stands still, and goes on if that answers in time */
  silent: z.enum(['machine', 'terminal']).optional(),
  /** what else does not go well with it, as a sentence */
  trouble: z.string().max(longestTrouble).optional(),
})

export type ChannelState = z.output<typeof channelSchema>

/** A state that was written down; undefined: it is none, or of another version. */
export function readChannel(text: string): ChannelState | undefined {
  try {
    return channelSchema.safeParse(parseJson(text)).data
  } catch {
    return undefined
  }
}
