import { describe, expect, it } from 'vitest'
import type { Change } from '../../src/actions/action.ts'
import { actions } from '../../src/actions/table.ts'
import { clusterSides, withOwners } from './sides/clusters.ts'
import { displaySides } from './sides/displays.ts'
import { drillSides } from './sides/drills.ts'
import { frontendSides } from './sides/frontends.ts'
import { hostSides } from './sides/hosts.ts'
import { machineSides } from './sides/machines.ts'
import { memberSides } from './sides/members.ts'
import { withPeople } from './sides/people.ts'
import { sessionSides } from './sides/sessions.ts'
import { isHeld, properties, type Sides, said, type Table } from './sides/side.ts'

// Of each action both sides of what it says: where it holds, and where it does not.

const table: Table = {
  ...withOwners(withPeople(machineSides)),
  ...hostSides,
  ...frontendSides,
  ...memberSides,
  ...sessionSides,
  ...displaySides,
  ...clusterSides,
  ...drillSides,
}

const changes = actions.filter(
  (action): action is Extract<typeof action, { kind: 'change' }> => action.kind === 'change',
) as unknown as readonly Change<unknown>[]

/** What an action has, by its name, and the worlds for it. */
const all = changes.flatMap((action) =>
  properties
    .filter((property) => action[property] !== undefined)
    .map((property) => ({
      action,
      property,
      name: `${action.verb}: ${property}`,
      sides: table[action.verb]?.[property],
    })),
)

/** What lacks a side, or has one of what is not there. */
function lacking(
  wanted: readonly { readonly name: string; readonly sides: Sides | undefined }[],
  given: Table,
): string[] {
  const names = new Set(wanted.map(({ name }) => name))
  const rows = Object.entries(given).flatMap(([verb, of]) => Object.keys(of).map((key) => `${verb}: ${key}`))
  return [
    ...wanted.flatMap(({ name, sides }) => [
      ...(sides?.holds.length ? [] : [`${name} holds`]),
      ...(sides?.not.length ? [] : [`${name} does not hold`]),
    ]),
    ...rows.filter((name) => !names.has(name)).map((name) => `${name} is of no action`),
  ]
}

describe('every action', () => {
  it('has a world for both sides of all that it says', () => {
    expect(all.length).toBeGreaterThan(70)
    expect(lacking(all, table)).toEqual([])
  })

  it('would be told of where a side is missing', () => {
    const wanted = [
      { name: 'a: undo', sides: { holds: [], not: 'never' } },
      { name: 'b: warns', sides: undefined },
    ] as const
    expect(lacking(wanted, { a: { undo: wanted[0].sides, remark: wanted[0].sides } })).toEqual([
      'a: undo holds',
      'b: warns holds',
      'b: warns does not hold',
      'a: remark is of no action',
    ])
  })
})

describe.each(all.flatMap((one) => (one.sides ? [{ ...one, sides: one.sides }] : [])))(
  '$name',
  ({ action, property, sides }) => {
    it.each(sides.holds)('holds $what', (one) => {
      const value = said(action, property, one)
      expect(isHeld(property, value), String(value)).toBe(true)
      if ('is' in one) expect(value).toEqual(one.is)
    })

    it.each(sides.not === 'never' ? [] : sides.not)('does not hold $what', (one) => {
      const value = said(action, property, one)
      expect(isHeld(property, value), String(value)).toBe(false)
      if ('is' in one) expect(value).toEqual(one.is)
    })
  },
)
