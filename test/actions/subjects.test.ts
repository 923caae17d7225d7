import { expect, it } from 'vitest'
import { meantBy, objectsOf, refTo, subjectName, typedName } from '../../src/actions/subjects.ts'
import { host, machine, snapshot } from '../support/records.ts'

const odd = { ...machine({ name: 'a\\b' }), rawName: 'a\u0007b' }
const balancer = host('lb1', { roles: ['balancer'] })
const shown = snapshot([odd], [host('a'), balancer])

it('a balancer is a host that has the role of one', () => {
  expect(objectsOf('balancer', shown)).toEqual([balancer])
  expect(objectsOf('host', shown)).toHaveLength(2)
  expect(subjectName('balancer')).toBe('balancer')
  expect(refTo('balancer', balancer)).toEqual({ kind: 'host', id: 'lb1' })
  expect(refTo('machine', odd)).toEqual({ kind: 'machine', id: odd.uuid })
})

it('a machine is typed as libvirt has its name, and found by that, by its UUID, and by its name with its host', () => {
  expect(typedName('machine', odd)).toBe('a\u0007b')
  for (const word of ['a\u0007b', odd.uuid, 'a\u0007b@a', odd.name])
    expect(meantBy('machine', word, shown)).toEqual([odd])
  expect(meantBy('machine', 'a', shown)).toEqual([])
})
