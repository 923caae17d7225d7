import * as z from 'zod'
import { toldEndings } from '../fleet/journal/sessions.ts'
import { channelShows } from '../services/display/channel.ts'
import { failures, lookEnds, lookSteps } from '../services/display/opening.ts'
import { screenProtocols } from '../services/screen-protocol.ts'

/**
 * What the desk and its broker say to each other: a JSON object a line, at most `longestLine` bytes. Each request is answered by replies with its
 * number, one request after the other; the last reply is marked `last`. Who asks is never said here: the broker is told by sudo (`SUDO_UID`, sudo(8)).
 * A request that waits for a machine may take minutes: what is to be told meanwhile is told to another broker. One ends with its input; a machine
 * that was given is kept for ten minutes for the person, until its channel is told of.
 */
export const longestLine = 65_536

/** A name on one line, without signs that would move a cursor. */
const word = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^\p{Cc}\p{Zl}\p{Zp}]*$/u)
const number = z.int().min(0).max(1_000_000)

export const requestSchema = z.discriminatedUnion('ask', [
  /** what may I choose from */
  z.strictObject({ n: number, ask: z.literal('systems') }),
  /** a machine of this system that runs; it is started if need be */
  z.strictObject({ n: number, ask: z.literal('machine'), system: word }),
  /**
   * The screen of a machine that I was given, of a system that shows that. What is said and heard after the reply is between the person's viewer
   * and the machine's hypervisor (RFB, RFC 6143; or several connections of SPICE in one of HTTP/2), until one of both ends it: nothing else can be
   * asked of this broker.
   */
  z.strictObject({
    n: number,
    ask: z.literal('screen'),
    system: word,
    machine: word,
    /** for what I have a viewer */
    speaks: z.array(z.enum(screenProtocols)).max(screenProtocols.length).default(['vnc']),
  }),
  /**
   * My channel is open, is still there, has ended: for the accounting, and so that nobody else is given its machine. `alive` is told every few
   * minutes; of what was not heard for half an hour the end is not known (`silent`), and what says `alive` after that begins anew. What is told twice is written once.
   */
  z.strictObject({
    n: number,
    ask: z.literal('account'),
    what: z.enum(['start', 'alive', 'end']),
    /** the channel's id */
    channel: z.string().regex(/^[a-z2-7]{6}$/),
    system: word.optional(),
    machine: word,
    session: word,
    terminal: word,
    /** how it ended; only with `end` */
    how: z.enum(toldEndings).optional(),
    /** so many seconds ago it was last seen; only with `end`, by who finds what is left of a channel that could not tell it itself */
    ago: z.int().min(0).max(1_000_000_000).optional(),
  }),
  /** Somebody asks to look at my channel, and what became of it. Refused where the site does not let anybody look. */
  z.strictObject({
    n: number,
    ask: z.literal('look'),
    what: z.enum(lookSteps),
    channel: z.string().regex(/^[a-z2-7]{6}$/),
    machine: word,
    /** the account of whoever asks, as this machine calls it */
    by: word,
    /** with keys and pointer */
    controls: z.boolean(),
    /** only with `ended` */
    endedBy: z.enum(lookEnds).optional(),
  }),
  /** My channel did not open, and this is what I was told: an operator finds it in the journal by the channel's id. */
  z.strictObject({
    n: number,
    ask: z.literal('failed'),
    channel: z.string().regex(/^[a-z2-7]{6}$/),
    machine: word,
    kind: z.enum(failures),
    reason: z.string().max(1000),
  }),
])
export type BrokerRequest = z.output<typeof requestSchema>

/** A text in the languages that the catalogue has; one of them at least. */
const texts = z.object({ it: z.string().optional(), en: z.string().optional() })

const systemSchema = z.object({
  name: word,
  title: texts,
  description: texts.optional(),
  /** none: a session */
  shows: z.enum(channelShows).optional(),
  /** ids of the session managers offered; none: all that the machine has */
  sessions: z.array(word).optional(),
  keep: z.boolean(),
  /** an address of the display server: X11 goes there in the clear; none: in ssh */
  x11OverTcp: z.ipv4().optional(),
  /** milliseconds that its session may rest, and last */
  limits: z.object({ idle: z.int().positive().optional(), total: z.int().positive().optional() }).optional(),
  /** `ready`: a machine of it runs; `starts`: one has to be started; `none`: none can be had now; `unknown`: its hosts do not answer */
  state: z.enum(['ready', 'starts', 'none', 'unknown']),
})
export type DeskSystem = z.output<typeof systemSchema>

/** Why something cannot be had. The desk has a sentence for each in the person's language. */
export const refusals = [
  /** the request is none: too long, not JSON, no such question */
  'malformed',
  /** too many requests in a short time */
  'too-many',
  /** there is no such system, or it is not for this person: which of both is not told */
  'not-for-you',
  /** every machine of it is taken, or has no room to start */
  'none-free',
  /** it was started and did not come up */
  'not-started',
  /** the machine has no screen that can be shown */
  'no-screen',
  /** its hosts do not answer */
  'unreachable',
  /** the configuration is wrong */
  'broken',
] as const
export type Refusal = (typeof refusals)[number]

export const replySchema = z.union([
  z.object({ n: number, last: z.literal(true), systems: z.array(systemSchema) }),
  /** on the way: `starting` the machine, `waiting` for its sshd */
  z.object({ n: number, step: z.enum(['choosing', 'starting', 'waiting']), machine: word.optional() }),
  z.object({
    n: number,
    last: z.literal(true),
    machine: z.object({ name: word, address: word, port: z.int().optional() }),
  }),
  z.object({ n: number, last: z.literal(true), done: z.literal(true) }),
  /** its bytes follow */
  z.object({
    n: number,
    last: z.literal(true),
    screen: z.enum(screenProtocols),
    /** of RDP: the SHA-256 of the certificate that its server has to show */
    certificate: z
      .string()
      .regex(/^[0-9a-f:]{95}$/)
      .optional(),
  }),
  z.object({
    /** -1: to a line that has no number */
    n: z.int(),
    last: z.literal(true),
    no: z.enum(refusals),
    /** by which an operator finds it in the journal */
    reference: z.string(),
    /** what stands there; said to nobody but an operator */
    why: z.string().optional(),
  }),
])
export type BrokerReply = z.output<typeof replySchema>
