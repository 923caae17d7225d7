import { adjusted, knownProfile, type Profile, safest, type Wishes } from './profile.ts'
import { fromTerminfo } from './terminfo.ts'

export type Choice =
  | { readonly profile: Profile; readonly unknown: boolean }
  /** no full screen can be shown there, and why */
  | { readonly refused: string }

/** The profile of the terminal that TERM names: known by name, else from terminfo, else the least that every one has. */
export function chooseProfile(term: string | undefined, wishes: Wishes): Choice {
  if (!term || term === 'dumb')
    return { refused: `TERM is "${term ?? ''}": this terminal has no full screen` }
  if (withOtherControls.test(term)) return foreign(term)
  const known = knownProfile(term)
  if (known) return { profile: adjusted(known, wishes), unknown: false }
  const found = fromTerminfo(term)
  if (found.kind === 'foreign') return foreign(term)
  if (found.kind === 'profile') return { profile: adjusted(found.profile, wishes), unknown: false }
  return { profile: adjusted({ ...safest, name: term }, wishes), unknown: true }
}

/** Terminals from before ECMA-48, which terminfo tells of only where their package is installed. */
const withOtherControls =
  /^(vt5[02](?!\d)|wyse?\d|wy\d|tvi|televideo|adm\d|hp\d|ibm3|h19|hazeltine|d2\d\d|qvt|regent)/

function foreign(term: string): Choice {
  return {
    refused: `TERM is ${JSON.stringify(term)}: this terminal does not understand the controls of a VT100`,
  }
}
