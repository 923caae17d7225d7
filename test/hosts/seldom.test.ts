import { beforeEach, describe, expect, it } from 'vitest'
import { Seldom } from '../../src/hosts/seldom.ts'

let now: number
let asked: number[]
let seldom: Seldom<number>

beforeEach(() => {
  now = 1_000_000
  asked = []
  seldom = new Seldom(() => now)
})

const question = async () => {
  asked.push(now - 1_000_000)
  return asked.length
}

/** Looks each second, until so many seconds after the first. */
async function lookUntil(seconds: number): Promise<void> {
  for (; now <= 1_000_000 + seconds * 1000; now += 1000) await seldom.ask(question)
}

describe('what is asked seldom', () => {
  it('is asked at each of the first looks, since rates take two, and then at every third', async () => {
    await lookUntil(10)
    expect(asked).toEqual([0, 1000, 4000, 7000, 10_000])
  })

  it('stands meanwhile with the moment at which it was told', async () => {
    await lookUntil(3)
    expect(await seldom.ask(question)).toEqual({ value: 3, at: 1_004_000 })
    now += 1000
    expect(await seldom.ask(question)).toEqual({ value: 3, at: 1_004_000 })
  })

  it('is asked anew where there was no answer, or what was known does not hold any more', async () => {
    await lookUntil(2)
    now += 1000
    const silence = new Error('silent')
    await expect(seldom.ask(() => Promise.reject(silence))).rejects.toBe(silence)
    expect((await seldom.ask(question)).value).toBe(3)
    seldom.forget()
    expect((await seldom.ask(question)).value).toBe(4)
  })
})
