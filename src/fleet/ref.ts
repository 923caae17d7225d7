import { type Label, label } from '../hosts/label.ts'

/** The kinds of objects that a cluster has. What is known of one of each is in `Records` (kinds.ts). */
const kindNames = [
  'machine',
  'host',
  'frontend',
  'service',
  'directory',
  'pool',
  'display',
  'terminal',
  'session',
  'node',
  'resource',
  'incident',
  'drill',
] as const

export type Kind = (typeof kindNames)[number]

/** A reference to an object. */
export interface Ref<K extends string = Kind> {
  readonly kind: K
  readonly id: string
}

/** What an alert or an event is about, and where. */
export interface Concern {
  readonly about: Ref
  /** the host on which it was seen */
  readonly host: string
  /** what a person calls it */
  readonly name: Label
}

/** A host, or its directory server. */
export function hostConcern(host: string, kind: 'host' | 'directory' = 'host'): Concern {
  return { about: { kind, id: host }, host, name: label(host) }
}

/** A text that is unique to the object. */
export function refText({ kind, id }: Ref): string {
  return JSON.stringify({ kind, id })
}

/** The inverse of `refText`; undefined: another text, or an unknown kind. */
export function refOf(text: string): Ref | undefined {
  try {
    const { kind: name, id } = JSON.parse(text)
    const kind = kindNames.find((one) => one === name)
    return kind && typeof id === 'string' ? { kind, id } : undefined
  } catch {
    return undefined
  }
}
