import * as z from 'zod'
import { defined } from '../../hosts/defined.ts'
import { label } from '../../hosts/label.ts'
import { limits } from '../../hosts/limits.ts'
import type { Steps } from '../../hosts/slices.ts'
import type { ToldTerminal } from './facts.ts'
import { toldSchema, toldTerminalsSchema } from './told.ts'

/** What is told of terminals, without what is in its list: each of those is looked at by itself. */
export const toldEnvelope = toldTerminalsSchema.extend({
  all: z.custom<readonly unknown[]>(Array.isArray).optional(),
})

/** What was read: `all` is none where nothing differs from what was known. */
export interface ReadTerminals {
  readonly mark: string
  readonly all?: readonly ToldTerminal[]
}

/** So many at a time: each may be long. */
const portion = 20

/**
 * What a display server told of its terminals.
 *
 * @param past a time in the past of its clock as this console has it
 * @returns what is in no such form is left out: each is the word of somebody else
 */
export function* toldSteps(
  { mark, all }: z.output<typeof toldEnvelope>,
  past: (theirs: number) => number,
): Steps<ReadTerminals> {
  if (!all) return { mark }
  const read: ToldTerminal[] = []
  for (const [i, one] of all.slice(0, limits.terminals).entries()) {
    if (i % portion === portion - 1) yield
    const { data } = toldSchema.safeParse(one)
    if (!data) continue
    const { name, address, at, user, line } = data
    read.push({
      name: label(name),
      at: past(at),
      user: label(user),
      rawLine: line,
      ...defined({ address: address === undefined ? undefined : label(address) }),
    })
  }
  return { mark, all: read }
}
