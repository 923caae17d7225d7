import { expect, it } from 'vitest'
import { refOf, refText } from '../../src/fleet/ref.ts'

it('a reference comes back from its text, whatever its id is', () => {
  for (const id of ['hv1 default', '", "kind": "host', ''])
    expect(refOf(refText({ kind: 'pool', id }))).toEqual({ kind: 'pool', id })
})

it.each([
  '',
  '{',
  '[]',
  'null',
  '7',
  '{"kind":"desk","id":"a"}',
  '{"kind":"host"}',
  '{"kind":"host","id":7}',
])('no reference is made of %j', (text) => {
  expect(refOf(text)).toBeUndefined()
})
