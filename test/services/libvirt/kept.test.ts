import { describe, expect, it } from 'vitest'
import { Kept, sameList } from '../../../src/services/libvirt/kept.ts'

describe('what was made', () => {
  it('is the same object while its parts are the same', () => {
    const kept = new Kept<object>()
    const [part, other] = [{}, {}]
    const one = kept.keep('a', {}, part, 1)
    expect(kept.get('a', part, 1)).toBe(one)
    expect(kept.get('b', part, 1)).toBeUndefined()
    expect(kept.get('a', other, 1)).toBeUndefined()
    // Each of six counts.
    const parts = [1, 2, 3, 4, 5, 6]
    kept.keep('six', one, ...parts)
    expect(kept.get('six', ...parts)).toBe(one)
    for (const i of parts.keys()) expect(kept.get('six', ...parts.with(i, 0))).toBeUndefined()
  })

  it('is forgotten when nobody has it any more', () => {
    const kept = new Kept<object>()
    kept.keep('a', {})
    const two = kept.keep('b', {})
    kept.only([{ uuid: 'b' }])
    expect(kept.get('a')).toBeUndefined()
    expect(kept.get('b')).toBe(two)
  })
})

it('sameList gives the list before only for the same objects in the same order', () => {
  const [a, b] = [{}, {}]
  const before = [a, b]
  expect(sameList(before, [a, b])).toBe(before)
  for (const after of [[b, a], [a], [a, b, a], [a, {}]]) expect(sameList(before, after)).toBe(after)
})
