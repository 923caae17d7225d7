import * as z from 'zod'
import { defined } from '../../hosts/defined.ts'
import { label } from '../../hosts/label.ts'
import { limits } from '../../hosts/limits.ts'
import type { Steps } from '../../hosts/slices.ts'
import { readTerminal } from '../terminal-facts.ts'
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

/**
 * What a display server told of its terminals.
 *
 * @param past a time in the past of its clock as this console has it
 * @param known those of which it told before
 * @returns what is in no such form is left out: each is the word of somebody else
 */
export function* toldSteps(
  { mark, all }: z.output<typeof toldEnvelope>,
  past: (theirs: number) => number,
  known: readonly ToldTerminal[],
): Steps<ReadTerminals> {
  if (!all) return { mark }
  const before = new Map(known.map(({ rawLine, facts }) => [rawLine, facts]))
  const read: ToldTerminal[] = []
  for (const one of all.slice(0, limits.terminals)) {
    yield
    const { data } = toldSchema.safeParse(one)
    if (!data) continue
    const { name, address, at, user, line } = data
    yield
    const facts = before.get(line) ?? readTerminal(line)
    if (!facts) continue
    read.push({
      name: label(name),
      at: past(at),
      user: label(user),
      rawLine: line,
      facts,
      ...defined({ address: address === undefined ? undefined : label(address) }),
    })
  }
  return { mark, all: read }
}
