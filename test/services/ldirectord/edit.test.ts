import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseConfig } from '../../../src/services/ldirectord/config.ts'
import { withoutReal, withReal } from '../../../src/services/ldirectord/edit.ts'
import { ldirectord } from '../../support/fixture.ts'

const recorded = ldirectord('ldirectord.cf')
const ldap = 'TCP 10.9.0.100:389'

function block(text: string, id = ldap) {
  const found = parseConfig(text).virtuals.find((one) => one.id === id)
  if (!found) throw new Error(`no ${id}`)
  return found
}

/** The lines that only one of them has. */
function changed(before: string, after: string): string[] {
  const [old, now] = [before.split('\n'), after.split('\n')]
  return [
    ...old.filter((line) => !now.includes(line)).map((line) => `-${line}`),
    ...now.filter((line) => !old.includes(line)).map((line) => `+${line}`),
  ]
}

const added = { id: '10.9.0.13:389', forward: 'gate', weight: 3 } as const

describe('a real server that is added', () => {
  it('stands below the last of its service, written as that is', () => {
    const after = withReal(recorded, block(recorded), added)
    expect(changed(recorded, after)).toEqual(['+\treal=10.9.0.13:389 gate 3'])
    expect(after.split('\n')[11]).toBe('\treal=10.9.0.13:389 gate 3')
    expect(block(after).reals.map(({ id }) => id)).toEqual([
      '10.9.0.11:389',
      '10.9.0.12:389',
      '10.9.0.13:389',
    ])
  })

  it('takes the checks of the line that it is made like, and the end of its lines', () => {
    const text = recorded
      .replace('10.9.0.11:389 gate 4', '10.9.0.11:389 gate 4 "dc=a", "dc=b"')
      .replaceAll('\n', '\r\n')
    const after = withReal(text, block(text), added, '10.9.0.11:389')
    expect(changed(text, after)).toEqual(['+\treal=10.9.0.13:389 gate 3 "dc=a", "dc=b"\r'])
    expect(changed(text, withReal(text, block(text), added))).toEqual(['+\treal=10.9.0.13:389 gate 3\r'])
  })

  it('stands below the name of a service that has none yet', () => {
    const text = 'virtual=10.9.0.100:389\n    protocol=tcp\n'
    expect(withReal(text, block(text), added)).toBe(
      'virtual=10.9.0.100:389\n\treal=10.9.0.13:389 gate 3\n    protocol=tcp\n',
    )
  })
})

describe('a real server that is removed', () => {
  it('takes its line with it, in its own service', () => {
    expect(changed(recorded, withoutReal(recorded, block(recorded), '10.9.0.11:389'))).toEqual([
      '-\treal=10.9.0.11:389 gate 4',
    ])
  })

  it('leaves the others of a range, a line each', () => {
    const text = 'virtual=10.9.0.100:389\n\treal=10.9.0.11->10.9.0.13:389 masq 2 "x", "y" \n\tprotocol=tcp\n'
    expect(withoutReal(text, block(text), '10.9.0.12:389')).toBe(
      'virtual=10.9.0.100:389\n\treal=10.9.0.11:389 masq 2 "x", "y" \n\treal=10.9.0.13:389 masq 2 "x", "y" \n\tprotocol=tcp\n',
    )
  })

  it('that is not there changes nothing', () => {
    expect(withoutReal(recorded, block(recorded), '10.9.0.99:389')).toBe(recorded)
  })
})

it('adding and removing is the same text again, for any address, way and weight', () => {
  const real = fc.record({
    id: fc.ipV4().map((address) => `${address}:389`),
    forward: fc.constantFrom('gate', 'masq', 'ipip'),
    weight: fc.nat(65_535),
  })
  fc.assert(
    fc.property(real, fc.constantFrom(undefined, '10.9.0.11:389'), (one, model) => {
      fc.pre(!recorded.includes(one.id))
      const after = withReal(recorded, block(recorded), one as never, model)
      expect(block(after).reals.at(-1)).toMatchObject({ id: one.id, weight: one.weight })
      expect(withoutReal(after, block(after), one.id)).toBe(recorded)
    }),
  )
})
