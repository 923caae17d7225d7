import { describe, expect, it } from 'vitest'
import type { Change } from '../../src/actions/action.ts'
import {
  type Answers,
  defaultOf,
  nextQuestion,
  type Question,
  questionsFor,
  withDefaults,
} from '../../src/actions/question.ts'
import { label } from '../../src/hosts/label.ts'
import { snapshot } from '../support/records.ts'

const all = snapshot([])
const question = (id: string, rest: Partial<Question<string>> = {}): Question<string> => ({
  id,
  text: label(`${id}?`),
  value: 'X',
  ...rest,
})
const asking = (...asks: Question<string>[]) => ({ asks }) as unknown as Change<string>

describe('the questions of an action', () => {
  const first = question('first')
  const big = question('big', { when: (target, { first: given }) => target.length > 3 && given === 'yes' })
  const last = question('last', {
    default: (_target, _snapshot, now, { first: given }) => `${given} at ${now}`,
  })
  const fixed = question('fixed', { default: '7' })
  const action = asking(first, big, last, fixed)
  const next = (targets: readonly string[], answers: Answers) => {
    const found = nextQuestion(action, targets, answers, all)
    return found && `${found.question.id} of ${found.target}`
  }

  it('are those that apply', () => {
    const ids = (target: string, answers: Answers) =>
      questionsFor(action, target, answers, all).map(({ id }) => id)
    expect(ids('host', { first: 'yes' })).toEqual(['first', 'big', 'last', 'fixed'])
    expect(ids('host', {})).toEqual(['first', 'last', 'fixed'])
    expect(ids('a', { first: 'yes' })).toEqual(['first', 'last', 'fixed'])
  })

  it('come one after the other, for the first to whom each applies', () => {
    expect(next(['a', 'host'], {})).toBe('first of a')
    expect(next(['a', 'host', 'other'], { first: 'yes' })).toBe('big of host')
    expect(next(['a'], { first: 'yes' })).toBe('last of a')
    expect(next(['a', 'host'], { first: 'no' })).toBe('last of a')
    expect(next(['host'], { first: 'yes', big: '', last: '' })).toBe('fixed of host')
    expect(next(['host'], { first: 'yes', big: '1', last: '1', fixed: '1' })).toBeUndefined()
    expect(next([], {})).toBeUndefined()
  })

  it('have what is proposed where nothing is answered, by what was answered before', () => {
    expect(withDefaults(action, 'a', { first: 'yes' }, all, 5)).toEqual({
      first: 'yes',
      last: 'yes at 5',
      fixed: '7',
    })
    expect(withDefaults(action, 'a', { last: 'x', fixed: '' }, all, 5)).toEqual({ last: 'x', fixed: '' })
    expect(defaultOf(first, 'a', all, 5, {})).toBeUndefined()
    expect(defaultOf(fixed, 'a', all, 5, {})).toBe('7')
  })
})
