import type { Argv } from '../hosts/host.ts'
import { type Label, label, labelLines, say } from '../hosts/label.ts'
import { quote } from '../hosts/quote.ts'
import type { Step } from '../services/step.ts'

/** A step as the operator reads it: the host, and the command without the words that only fix its language. */
export function stepText(step: Step): Label {
  if (step.inWords) return say`${label(step.host)}: ${step.inWords}`
  return say`${label(step.host)}$ ${commandText(step.argv)}`
}

/** A step with its input, line by line: the XML of a definition. */
export function stepLines(step: Step): Label[] {
  const input = step.shown ?? (step.input ? labelLines(step.input.trimEnd()) : [])
  return [stepText(step), ...input.map((line) => say`  | ${line}`)]
}

export function commandText(argv: Argv): Label {
  const words = [...argv]
  if (words[0] === 'env') words.splice(0, 1 + words.slice(1).findIndex((word) => !word.includes('=')))
  return label(quote(words))
}
