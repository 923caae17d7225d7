import { type Label, label, say } from '../hosts/label.ts'
import { wrap } from '../text/fit.ts'
import type { Part } from '../text/part.ts'
import type { Definition } from '../views/machine/definition.ts'

/** The definition of a machine as its host has it; undefined: it is being read. */
export function xmlLines(definition: Definition | undefined, width: number): readonly (readonly Part[])[] {
  return (definition?.lines ?? [say`reading the definition`]).flatMap((text) => folded(text, width))
}

/** What is too long for a line goes on below it, as deep as it began. */
function folded(text: Label, width: number): Part[][] {
  const depth = text.length - text.trimStart().length
  const indent = label(' '.repeat(depth))
  return wrap(text.trimStart() as Label, Math.max(20, width - depth)).map((line) => [say`${indent}${line}`])
}
