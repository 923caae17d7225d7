import { expect, it } from 'vitest'
import type { Askable } from '../../../src/fleet/directory/ask.ts'
import { FullNames } from '../../../src/fleet/display/full-names.ts'
import type { DisplayReading } from '../../../src/services/display/facts.ts'
import type { LdapConnection } from '../../../src/services/ldap/facts.ts'
import { displaysOf } from '../../support/displays.ts'
import { seen } from '../../support/sight.ts'

let asked = 0
let now = 0
/** A slapd that knows anna, whose number is 1003 there; `false`: it refuses. */
function slapd(knows = true): Askable {
  const values = new Map([
    ['uid', ['anna']],
    ['uidnumber', ['1003']],
    ['cn', ['Anna Rossi']],
  ])
  const connection: LdapConnection = {
    closed: false,
    search: async () => {
      asked++
      if (!knows) throw new Error('no')
      return [{ dn: 'uid=anna', values }]
    },
    close: () => {},
  }
  return { name: 'ldap1', ldap: async () => ({ open: async () => connection, questions: { base: 'dc=x' } }) }
}

const reading: DisplayReading = {
  host: 'd1',
  at: 0,
  displays: displaysOf([seen(), seen({ id: 'bbbbbb', display: 13 }, { user: 'bruno', uid: 1004 })]),
  faults: [],
  left: 0,
}
const namesIn = (names: FullNames) => names.in(reading).displays.map(({ channel }) => channel?.fullName)

it('people are called as the directory knows them, where the display server does not; each is asked of once an hour', async () => {
  asked = 0
  const names = new FullNames([slapd()], () => now)
  await names.learn(reading)
  expect([namesIn(names), asked]).toEqual([['Anna Rossi', undefined], 1])
  expect(names.learn(reading)).toBeUndefined()
  now += 3_600_000
  await names.learn(reading)
  expect([namesIn(names), asked]).toEqual([['Anna Rossi', undefined], 2])
})

it('a directory that does not tell is asked again a minute later', async () => {
  asked = 0
  const names = new FullNames([slapd(false)], () => now)
  await names.learn(reading)
  expect(names.learn(reading)).toBeUndefined()
  expect(namesIn(names)).toEqual([undefined, undefined])
  now += 60_000
  await names.learn(reading)
  expect(asked).toBe(2)
})

it('nothing is asked where there is no directory', () => {
  expect(new FullNames([], () => now).learn(reading)).toBeUndefined()
})
