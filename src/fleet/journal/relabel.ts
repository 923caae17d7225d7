import { type Label, label } from '../../hosts/label.ts'

/** A label stays as it is, with its backslashes; only what a label cannot contain is made visible. */
export function relabel(text: string): Label {
  const parts = text.split('\\').map((part) => label(part))
  return parts.join('\\') as Label
}
