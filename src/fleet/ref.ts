import { type Label, label } from '../hosts/label.ts'

/** The kinds of objects that a cluster has. What is known of one of each is in `Records` (kinds.ts). */
const kindNames = ['machine', 'host', 'frontend', 'service', 'directory', 'pool'] as const

export type Kind = (typeof kindNames)[number]

/** An object, by what it is found again. */
export interface Ref<K extends string = Kind> {
  readonly kind: K
  readonly id: string
}

/** What something is told of, and where. */
export interface Concern {
  readonly about: Ref
  /** the host on which it was seen */
  readonly host: string
  /** what a person calls it */
  readonly name: Label
}

/** A host, or what it is as a directory server. */
export function hostConcern(host: string, kind: 'host' | 'directory' = 'host'): Concern {
  return { about: { kind, id: host }, host, name: label(host) }
}

/** The same text for the same object, and only for that. */
export function refText({ kind, id }: Ref): string {
  return JSON.stringify({ kind, id })
}

/** What `refText` told; undefined: it is no such text, or of a kind that is not known here. */
export function refOf(text: string): Ref | undefined {
  try {
    const { kind: name, id } = JSON.parse(text)
    const kind = kindNames.find((one) => one === name)
    return kind && typeof id === 'string' ? { kind, id } : undefined
  } catch {
    return undefined
  }
}
