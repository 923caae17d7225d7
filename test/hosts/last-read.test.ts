import { expect, it } from 'vitest'
import { Answer } from '../../src/hosts/conversation.ts'
import { LastRead } from '../../src/hosts/last-read.ts'

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

it('LastRead needs the memory of an answer no more once it is read', () => {
  const last = new LastRead((text) => text)
  const bytes = Buffer.from('a')
  expect(last.of(new Answer(bytes, ''))).toBe('a')
  bytes.write('b')
  expect(last.of(new Answer(bytes, ''))).toBe('b')
})
