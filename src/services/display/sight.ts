import * as z from 'zod'
import { channelSchema } from './channel.ts'
import { toldTerminalsSchema } from './told.ts'

/**
 * What is left of a channel. `alive`: its keeper runs. `orphan`: its keeper has gone and its X server runs. `dead`: both have gone, and only what was
 * written of it is left.
 */
const fates = ['alive', 'orphan', 'dead'] as const

/** By what a text session is told what to do: the line of its terminal, and a process that no later one has. */
export const loginId = /^((?:pts\/|tty)\w{1,12})-(\d{1,10})$/

/** A person at a terminal without X: a login on the display server, or what the desk shows on one. */
const loginSchema = z.object({
  /** the line of the terminal: `pts/3`, `tty1` */
  tty: z.string().regex(/^(pts\/|tty)\w{1,12}$/),
  /** with which it ends: the shell, or the ssh of the desk */
  pid: z.int().positive(),
  user: z.string(),
  uid: z.int(),
  /** where they come from, as the system wrote it down; none: from a terminal of the machine itself */
  from: z.string().optional(),
  since: z.number(),
  /** when a key was pressed last */
  usedAt: z.number().optional(),
  /** on which machine they are, by the desk; none: on the display server */
  machine: z.object({ name: z.string(), address: z.string() }).optional(),
})

/** What a display server tells of itself: what `vdd channel facts` prints, as one JSON object on one line. */
export const sightSchema = z.object({
  version: z.literal(1),
  /** milliseconds since the epoch, by the clock of the display server */
  at: z.number(),
  /** channels of vdd; what one says of itself was written by its owner, who may say what they like of it, the rest was looked up */
  channels: z.array(
    z.object({
      /** whose files and process it is: looked up */
      user: z.string(),
      uid: z.int(),
      fate: z.enum(fates),
      said: channelSchema,
    }),
  ),
  /** the other X displays: those of login screens, of the persons' terminals, and what others started */
  others: z.array(
    z.object({
      display: z.int(),
      /** `Xorg`, `Xephyr`, `Xvfb`; none: there is a socket and no process that is known to listen */
      program: z.string().optional(),
      pid: z.int().optional(),
      user: z.string().optional(),
      startedAt: z.number().optional(),
    }),
  ),
  /** channels of which nothing could be read, or not all: who, and why */
  faults: z.array(z.object({ place: z.string(), why: z.string() })),
  /** none: it is of before terminals told of themselves */
  terminals: toldTerminalsSchema.optional(),
  /** none: it is of before text sessions were told */
  logins: z.array(loginSchema).optional(),
  /** what the people of channels and text sessions are called in full, by their numbers, as the system has it; none: it is of before they were told */
  fullNames: z.record(z.string(), z.string()).optional(),
})

export type DisplaySight = z.output<typeof sightSchema>
export type SeenChannel = DisplaySight['channels'][number]
export type OtherDisplay = DisplaySight['others'][number]
export type SeenLogin = z.output<typeof loginSchema>
