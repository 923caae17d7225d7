import { describe, expect, it } from 'vitest'
import { textsFor } from '../../../src/services/display/keeper/texts.ts'
import { TimeLimits } from '../../../src/services/display/keeper/time-limits.ts'

const minutes = (count: number) => count * 60_000

describe('the time of a session', () => {
  it('has no end where none is set', () => {
    expect(new TimeLimits({}).look({ idle: minutes(10_000), age: minutes(10_000) })).toBeUndefined()
  })

  it('of rest is over two minutes after a warning, which is given once', () => {
    const limits = new TimeLimits({ idle: minutes(30) })
    expect(limits.look({ idle: minutes(27.9), age: minutes(60) })).toBeUndefined()
    expect(limits.look({ idle: minutes(28), age: minutes(60) })).toEqual({ warn: 'idle', left: minutes(2) })
    expect(limits.look({ idle: minutes(29), age: minutes(61) })).toBeUndefined()
    expect(limits.look({ idle: minutes(30), age: minutes(62) })).toEqual({ end: 'idle' })
  })

  it('of rest begins again with a key, and so does the warning', () => {
    const limits = new TimeLimits({ idle: minutes(30) })
    limits.look({ idle: minutes(29), age: minutes(60) })
    expect(limits.look({ idle: 0, age: minutes(61) })).toBeUndefined()
    expect(limits.look({ idle: minutes(28.5), age: minutes(90) })).toEqual({
      warn: 'idle',
      left: minutes(1.5),
    })
  })

  it('altogether is over where nobody can tell whether it rests', () => {
    const limits = new TimeLimits({ idle: minutes(5), total: minutes(60) })
    expect(limits.look({ idle: undefined, age: minutes(30) })).toBeUndefined()
    expect(limits.look({ idle: undefined, age: minutes(60) })).toEqual({ end: 'total' })
  })

  it('altogether is over whatever the person does, ten minutes after a warning', () => {
    const limits = new TimeLimits({ total: minutes(120), idle: minutes(30) })
    expect(limits.look({ idle: 0, age: minutes(110) })).toEqual({ warn: 'total', left: minutes(10) })
    expect(limits.look({ idle: 0, age: minutes(115) })).toBeUndefined()
    expect(limits.look({ idle: 0, age: minutes(120) })).toEqual({ end: 'total' })
  })

  it('that is short has a short warning', () => {
    const limits = new TimeLimits({ idle: minutes(5) })
    expect(limits.look({ idle: minutes(3.9), age: minutes(9) })).toBeUndefined()
    expect(limits.look({ idle: minutes(4), age: minutes(9) })).toEqual({ warn: 'idle', left: minutes(1) })
  })
})

describe('what a channel says to its person', () => {
  it.each([
    [{ LANG: 'it_IT.UTF-8' }, 'Premi un tasto'],
    [{ LANG: 'it_IT.UTF-8', LC_ALL: 'C' }, 'Press any key'],
    [{ LANG: 'en_GB.UTF-8', LC_MESSAGES: 'it_CH' }, 'Premi un tasto'],
    [{}, 'Press any key'],
  ])('is in their language: %j', (env, text) => {
    expect(textsFor(env).pressKey).toBe(text)
  })

  it('has letters that core fonts have', () => {
    for (const env of [{ LANG: 'it' }, {}]) {
      const { from, pressKey, system, warning } = textsFor(env)
      const all = [from(system), pressKey, ...warning.idle(2), ...warning.total(10)]
      for (const text of all) expect(text).toMatch(/^[ -~\u00a0-\u00ff]+$/)
    }
  })
})
