import * as z from 'zod'

/** A terminal that told a display server what it is. */
export const toldSchema = z.object({
  /** what channels call it */
  name: z.string(),
  /** where the person's ssh came from; none: they came in another way */
  address: z.string().optional(),
  /** milliseconds since the epoch, by the clock of the display server; whoever told may have written what they like */
  at: z.number(),
  /** whose word it is: looked up */
  user: z.string(),
  /** what it told of itself, as it told it: one JSON object */
  line: z.string(),
})

/**
 * The terminals that told a display server what they are. What they told is long and stays for days: whoever asks says what they have heard already, by its mark, and
 * is then told the mark alone.
 */
export const toldTerminalsSchema = z.object({
  /** differs where anything differs */
  mark: z.string().regex(/^[0-9a-f]{16}$/),
  all: z.array(toldSchema).optional(),
})

export type ToldTerminals = z.output<typeof toldTerminalsSchema>
