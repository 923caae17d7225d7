import { type Label, label, say } from '../hosts/label.ts'
import { wrap } from '../text/fit.ts'
import type { Part } from '../text/part.ts'
import type { Definition } from '../views/machine/definition.ts'

type Lines = readonly (readonly Part[])[]

interface Folded {
  readonly width: number
  readonly lines: Lines
}

/** As they were folded last: the clock makes a frame each second, and a definition stays what it is. */
const kept = new WeakMap<Definition, Folded>()

/** The XML of a machine as its host has it; undefined: it is being read. */
export function xmlLines(definition: Definition | undefined, width: number): Lines {
  if (!definition) return [[say`reading the definition`]]
  const last = kept.get(definition)
  if (last?.width === width) return last.lines
  const lines = definition.lines.flatMap((text) => folded(text, width))
  kept.set(definition, { width, lines })
  return lines
}

/** What is too long for a line goes on below it, as deep as it began. */
function folded(text: Label, width: number): Part[][] {
  const depth = text.length - text.trimStart().length
  const indent = label(' '.repeat(depth))
  return wrap(text.trimStart() as Label, Math.max(20, width - depth)).map((line) => [say`${indent}${line}`])
}
