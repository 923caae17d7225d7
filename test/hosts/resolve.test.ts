import { describe, expect, it } from 'vitest'
import { Resolver } from '../../src/hosts/resolve.ts'

/** A name server that answers, or waits until it is told how it goes on. */
function scripted() {
  const asked: string[] = []
  let now = 0
  let answer: (name: string) => Promise<string> = async () => '10.9.0.11'
  const resolver = new Resolver(
    (name) => {
      asked.push(name)
      return answer(name).then((address) => [{ address, family: 4 }])
    },
    () => now,
  )
  return {
    asked,
    address: async (name: string) => (await resolver.addresses(name))[0]?.address,
    pass: (milliseconds: number) => {
      now += milliseconds
    },
    answers: (next: typeof answer) => {
      answer = next
    },
  }
}

describe('the names of hosts', () => {
  it('are asked for once a minute, and addresses never', async () => {
    const { address, asked, pass } = scripted()
    expect(await address('10.1.2.3')).toBe('10.1.2.3')
    expect(await address('fd00::1')).toBe('fd00::1')
    for (let i = 0; i < 5; i++) expect(await address('rs1')).toBe('10.9.0.11')
    pass(59_000)
    await address('rs1')
    expect(asked).toEqual(['rs1'])
    pass(2_000)
    await address('rs1')
    expect(asked).toEqual(['rs1', 'rs1'])
  })

  it('keep their last address while the name server is silent, and take the new one when it answers', async () => {
    const { address, asked, pass, answers } = scripted()
    await address('rs1')
    const silent = Promise.withResolvers<string>()
    answers(() => silent.promise)
    pass(61_000)
    for (let i = 0; i < 3; i++) expect(await address('rs1')).toBe('10.9.0.11')
    expect(asked).toHaveLength(2)
    silent.resolve('10.9.0.99')
    await silent.promise
    await new Promise(setImmediate)
    expect(await address('rs1')).toBe('10.9.0.99')
  })

  it('that were never known fail, and are asked for again', async () => {
    const { address, asked, pass, answers } = scripted()
    answers(() => Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' })))
    await expect(address('rs9')).rejects.toMatchObject({ code: 'ENOTFOUND' })
    answers(async () => '10.9.0.19')
    expect(await address('rs9')).toBe('10.9.0.19')
    answers(() => Promise.reject(new Error('dead')))
    pass(61_000)
    expect(await address('rs9')).toBe('10.9.0.19')
    expect(asked).toHaveLength(3)
  })
})
