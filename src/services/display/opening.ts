import * as z from 'zod'
import { channelSchema, channelShows } from './channel.ts'

const word = z.string().min(1).max(200)

/** How large the X display is: the whole screen of the terminal, or so many pixels. */
const sizeSchema = z.union([
  z.literal('full'),
  z.object({ width: z.int().min(200).max(16_384), height: z.int().min(150).max(16_384) }),
])

/** What a channel is wanted for: the first line that its keeper reads. The terminal is what its environment says: DISPLAY and XAUTHORITY. */
export const wishSchema = z.strictObject({
  machine: z.strictObject({
    name: word,
    /** where ssh finds it; default: by its name, as ssh would */
    address: word.optional(),
    user: word.optional(),
    port: z.int().min(1).max(65_535).optional(),
  }),
  /** `screen`: the machine's own, of which its hypervisor knows; nobody logs in to it from here */
  shows: z.enum(channelShows).default('session'),
  /** the id of a session manager, as its `.desktop` file on the machine is called; none: the keeper asks */
  session: word.optional(),
  /** of these the person may choose; none: of all that the machine has */
  sessions: z.array(word).max(100).optional(),
  /** as the catalogue calls it: the broker is told of the session, for the accounting */
  system: word.optional(),
  /** milliseconds that the session may rest, and last */
  limits: z
    .strictObject({ idle: z.int().positive().optional(), total: z.int().positive().optional() })
    .optional(),
  size: sizeSchema.default('full'),
  keep: z.boolean().default(false),
  /** X11 goes over the network in the clear, to this address of the display server; none: in ssh */
  x11OverTcp: z.ipv4().optional(),
  /** what the terminal is called; default: found from the environment */
  terminal: word.optional(),
})

export type Wish = z.output<typeof wishSchema>
export type WishedSize = z.output<typeof sizeSchema>

/** Why there is no channel. The desk has a sentence for each in the person's language; `reason` and `advice` are for the journal and the operator. */
export const failures = [
  /** no X display to show it on */
  'no-display',
  /** the terminal's X server refused: its cookie is wrong or missing */
  'display-refused',
  /** Xephyr, Xvnc or a viewer is not installed on the display server */
  'no-server',
  /** it did not start, or has ended */
  'server-failed',
  /** the machine was not reached */
  'unreachable',
  /** its host key is unknown or another one */
  'hostkey',
  /** it lets nobody in: no key, or the password was wrong three times */
  'auth',
  /** sshd there allows no X11 forwarding, or xauth is missing there */
  'no-x11',
  /** the machine has no session manager, or not the one that was wished */
  'no-session',
  /** it ended within seconds: `reason` has its last words */
  'session-ended',
  /** the machine has no screen that can be shown */
  'no-screen',
  /** its screen asks for a password of its own, or shows nobody anything */
  'screen-locked',
  /** it is not, or no longer, kept for this person */
  'not-for-you',
  /** no room or no right to write in the home there, or for the files of the channel here */
  'no-room',
  /** the wish was taken back */
  'cancelled',
  'other',
] as const
export type FailureKind = (typeof failures)[number]

/** A session manager of a machine: a `.desktop` file in /usr/share/xsessions. */
const sessionSchema = z.object({
  id: word,
  name: word,
  /** names in other languages, by their codes: `it` */
  names: z.record(z.string().max(20), word).optional(),
})
export type SessionChoice = z.output<typeof sessionSchema>

/** What the keeper says, one JSON object a line, until the channel is open or has failed; then it closes its standard output and lives on or ends. */
export const saidSchema = z.union([
  /** how far it is */
  z.object({ step: z.enum(['server', 'machine', 'session']) }),
  /** `attempt`: 1 for the first time */
  z.object({
    asks: z.literal('password'),
    attempt: z.int(),
    user: z.string(),
    /** why the person's ticket of Kerberos did not do; none: there is none */
    ticket: z.enum(['expired', 'refused']).optional(),
  }),
  z.object({ asks: z.literal('session'), choices: z.array(sessionSchema) }),
  z.object({ open: channelSchema }),
  z.object({
    failed: z.object({
      kind: z.enum(failures),
      reason: z.string(),
      advice: z.string(),
      /** the channel's id, by which an operator finds it in the journal */
      reference: z.string(),
    }),
  }),
])
export type Said = z.output<typeof saidSchema>

/** What answers a question. The end of its input, before the channel is open, takes the wish back. */
export const answerSchema = z.union([
  z.strictObject({ password: z.string().max(1000) }),
  z.strictObject({ session: word }),
])
export type Answer = z.output<typeof answerSchema>

/** What a channel that is open can be told, on its control socket: one JSON object on one line, answered by one. */
export const orderSchema = z.discriminatedUnion('do', [
  /** asks the session to end; `insist`: ends it */
  z.strictObject({ do: z.literal('close'), insist: z.boolean().default(false) }),
  /** brings it to the front of its terminal, with the keyboard */
  z.strictObject({ do: z.literal('raise') }),
  /** puts it behind all other windows of its terminal: the desk is in front again */
  z.strictObject({ do: z.literal('lower') }),
  /** shows a kept channel anew on the terminal where it was last: its viewer was lost, or hangs */
  z.strictObject({ do: z.literal('reconnect') }),
  /** takes a kept channel from its terminal; it goes on, and `view` shows it again */
  z.strictObject({ do: z.literal('hide') }),
  /** locks the session, by what there is for that on its machine */
  z.strictObject({ do: z.literal('lock') }),
  /** shows a message in front of all its windows, until a key is pressed */
  z.strictObject({ do: z.literal('say'), from: word, text: z.string().min(1).max(1000) }),
  /**
   * Asks the person whether somebody may look. What is said and heard after the answer is between the viewer of whoever asks and the display (RFB, RFC 6143),
   * until one of both ends it.
   */
  z.strictObject({ do: z.literal('look'), by: word, controls: z.boolean() }),
  z.strictObject({ do: z.literal('resize'), size: sizeSchema }),
  /** shows a kept channel on the terminal of this X display; the viewer that it has is ended */
  z.strictObject({
    do: z.literal('view'),
    display: word,
    /** hexadecimal: the cookie of that display */
    cookie: z
      .string()
      .regex(/^[0-9a-f]{2,512}$/)
      .optional(),
    terminal: word,
  }),
])
export type Order = z.output<typeof orderSchema>

/** `refused`: why not. */
export const obeyedSchema = z.union([z.object({ done: z.literal(true) }), z.object({ refused: z.string() })])
export type Obeyed = z.output<typeof obeyedSchema>

/** What becomes of a question, and of what was agreed to. */
export const lookSteps = ['asked', 'agreed', 'refused', 'unanswered', 'withdrawn', 'ended'] as const
/** Who ended it: the person, whoever looked, that the person left the terminal, that the channel ended, or that the VNC server did. */
export const lookEnds = ['person', 'looker', 'away', 'channel', 'server'] as const
