import * as z from 'zod'
import { parseJson } from '../hosts/json.ts'
import { label } from '../hosts/label.ts'

/** Letters of one line of a terminal; 16 parts of each kind, all at their longest, need fewer. */
export const longestLine = 65_536

/** Letters of a name that are shown: no part has a longer one, and letters may be slow to look at. */
const shown = 200

/** Names of hardware are as free as any text. */
const word = z
  .string()
  .max(1300)
  .transform((text) => label(text.trim().slice(0, shown)))
const natural = z.int().nonnegative()
const most = 16
const parts = z.array(word).max(most).readonly()

/** What a terminal is made of, as `vdd terminal facts --json` and the script for machines without Node tell it: one JSON object on one line. */
export const terminalSchema = z.object({
  version: z.literal(1),
  /** what it calls itself */
  name: word,
  model: word.optional(),
  system: word.optional(),
  processor: word.optional(),
  memoryKiB: natural.optional(),
  disks: parts,
  graphics: parts,
  sound: parts,
  screens: z
    .array(z.object({ name: word.optional(), width: natural.optional(), height: natural.optional() }))
    .max(most)
    .readonly(),
  links: z
    .array(z.object({ name: word, isUp: z.boolean(), isWireless: z.boolean(), mbps: natural.optional() }))
    .max(most)
    .readonly(),
})

export type TerminalFacts = z.output<typeof terminalSchema>

/** What a terminal told of itself; undefined: it is something else, of another version, or too long. */
export function readTerminal(text: string): TerminalFacts | undefined {
  if (text.length > longestLine) return undefined
  try {
    return terminalSchema.safeParse(parseJson(text)).data
  } catch {
    return undefined
  }
}
