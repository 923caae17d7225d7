import type { Change } from '../../../src/actions/action.ts'
import { whomItHits } from '../../../src/actions/hit.ts'
import type { Answers } from '../../../src/actions/question.ts'
import type { Fleet } from '../../../src/fleet/fleet.ts'
import type { Snapshot } from '../../../src/fleet/snapshot.ts'
import { StillFleet } from '../../support/still-fleet.ts'

/** What of an action has two sides: it holds in some worlds, and in others it does not. */
export const properties = [
  'available',
  'settled',
  'undo',
  'hits',
  'warns',
  'insists',
  'riskWith',
  'progress',
  'remark',
  'unseen',
] as const
export type Property = (typeof properties)[number]

/** A world in which an action is asked. */
export interface Case {
  /** what makes it this case */
  readonly what: string
  readonly target: unknown
  readonly snapshot: Snapshot
  /** who knows it; default: one that asks nobody, where drills are allowed */
  readonly fleet?: Fleet
  readonly answers?: Answers
  /** all that the same is done to; default: the target alone */
  readonly together?: readonly unknown[]
  /** when it was begun; default: 0 */
  readonly began?: number
  /** what is said there exactly, where that is to be seen */
  readonly is?: unknown
}

export interface Sides {
  readonly holds: readonly Case[]
  /** `never`: there is no world in which it does not */
  readonly not: readonly Case[] | 'never'
}

/** By the verbs of actions. */
export type Table = Readonly<Record<string, Partial<Readonly<Record<Property, Sides>>>>>

/** What an action says of this there. */
export function said(action: Change<unknown>, property: Property, one: Case): unknown {
  const { target, snapshot, answers = {}, together = [target], began = 0 } = one
  switch (property) {
    case 'available':
      return action.available(target, {
        fleet: one.fleet ?? new StillFleet(snapshot, { drills: true }),
        snapshot,
      })
    case 'settled':
      return action.settled?.(target, answers, snapshot, began)
    case 'riskWith':
      return action.riskWith?.(answers, target, snapshot, together)
    case 'hits':
      return whomItHits(action, together, answers, snapshot)?.texts ?? []
    case 'warns':
    case 'insists':
      return action[property]?.(target, answers, snapshot, together)
    default:
      return action[property]?.(target, answers, snapshot)
  }
}

/** Which side that is. */
export function isHeld(property: Property, value: unknown): boolean {
  if (property === 'available') return value === true
  if (property === 'riskWith') return value === 'destructive'
  return Array.isArray(value) ? value.length > 0 : value !== undefined
}
