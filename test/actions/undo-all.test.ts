import { expect, it } from 'vitest'
import { sameAnswers, undoOfAll } from '../../src/actions/undo-all.ts'

const way = (id: string, answers: Record<string, string> = {}, verb = 'weight') => ({
  verb,
  answers,
  ids: [id],
})

it('what stood alike is undone by one action with the same answers', () => {
  expect(undoOfAll([way('fe1', { weight: '4' }), way('fe2', { weight: '4' })])).toEqual({
    verb: 'weight',
    answers: { weight: '4' },
    ids: ['fe1', 'fe2'],
  })
})

it('what stood differently is undone each to how it was', () => {
  expect(undoOfAll([way('fe1', { weight: '4' }), way('fe2', { weight: '2' })])).toEqual({
    verb: 'weight',
    answers: {},
    ids: ['fe1', 'fe2'],
    own: new Map([
      ['fe1', { weight: '4' }],
      ['fe2', { weight: '2' }],
    ]),
  })
})

it.each([
  ['nothing was done', []],
  ['one cannot be undone', [way('fe1'), undefined]],
  ['the first cannot be undone', [undefined, way('fe1')]],
  ['each needs another action', [way('fe1'), way('fe2', {}, 'restore')]],
  ['one was changed twice', [way('fe1', { weight: '4' }), way('fe1', { weight: '2' })]],
])('nothing undoes them where %s', (_, ways) => {
  expect(undoOfAll(ways)).toBeUndefined()
})

it('what was changed twice in the same way is undone once', () => {
  expect(undoOfAll([way('fe1', { weight: '4' }), way('fe1', { weight: '4' })])?.ids).toEqual(['fe1'])
})

it('answers are the same when all of them are', () => {
  expect(sameAnswers({ a: '1', b: '2' }, { b: '2', a: '1' })).toBe(true)
  expect(sameAnswers({ a: '1', b: '2' }, { a: '1', b: '3' })).toBe(false)
  expect(sameAnswers({ a: '1' }, { a: '1', b: '2' })).toBe(false)
})
