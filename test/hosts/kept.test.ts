import { describe, expect, it } from 'vitest'
import { Answer } from '../../src/hosts/conversation.ts'
import { Kept, sameList } from '../../src/hosts/kept.ts'
import { LastRead } from '../../src/hosts/last-read.ts'

describe('what was made', () => {
  it('is the same object while its parts are the same', () => {
    const kept = new Kept<object>()
    const [part, other] = [{}, {}]
    const one = kept.of('a', [part, 1], () => ({}))
    expect(kept.of('a', [part, 1], () => ({}))).toBe(one)
    expect(kept.of('b', [part, 1], () => ({}))).not.toBe(one)
    expect(kept.of('a', [other, 1], () => ({}))).not.toBe(one)
    expect(kept.of('a', [other, 1, undefined], () => ({}))).not.toBe(one)
  })

  it('is forgotten when nobody has it any more', () => {
    const kept = new Kept<object>()
    const one = kept.of('a', [], () => ({}))
    const two = kept.of('b', [], () => ({}))
    kept.only(['b'])
    expect(kept.of('a', [], () => ({}))).not.toBe(one)
    expect(kept.of('b', [], () => ({}))).toBe(two)
  })
})

it('sameList gives the list before only for the same objects in the same order', () => {
  const [a, b] = [{}, {}]
  const before = [a, b]
  expect(sameList(before, [a, b])).toBe(before)
  for (const after of [[b, a], [a], [a, b, a], [a, {}]]) expect(sameList(before, after)).toBe(after)
})

it('LastRead reads an answer only when it is another one', () => {
  const read: string[] = []
  const last = new LastRead((text) => {
    read.push(text)
    return { text }
  })
  const answers = ['a', 'a', 'b', 'a'].map((text) => last.of(new Answer(Buffer.from(text), '')))
  expect(read).toEqual(['a', 'b', 'a'])
  expect(answers[1]).toBe(answers[0])
  expect(answers.map(({ text }) => text)).toEqual(['a', 'a', 'b', 'a'])
})
