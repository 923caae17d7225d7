import { afterEach, describe, expect, it, vi } from 'vitest'
import { requestOf } from '../../src/broker/requests.ts'
import { parseJson } from '../../src/hosts/json.ts'
import { readChannel } from '../../src/services/display/channel.ts'
import { sightSteps } from '../../src/services/display/parse.ts'
import { readTerminal } from '../../src/services/terminal-facts.ts'

const nested = (depth: number) => `${'[{"a":'.repeat(depth / 2)}1${'}]'.repeat(depth / 2)}`

describe('JSON from elsewhere', () => {
  afterEach(() => {
    vi.restoreAllMocks()
  })

  it('is what it says, as deep as anything that is told', () => {
    expect(parseJson('{"a":[1,"b",null]}')).toEqual({ a: [1, 'b', null] })
    expect(JSON.stringify(parseJson(nested(64)))).toBe(nested(64))
  })

  it('may have any brackets within its strings', () => {
    const text = JSON.stringify(['[{'.repeat(100), `"\\${'['.repeat(100)}`, '\\'])
    expect(parseJson(text)).toEqual(JSON.parse(text))
    expect(parseJson(JSON.stringify(Array.from({ length: 1000 }, () => [{}])))).toHaveLength(1000)
  })

  it('that is deeper is not even begun', () => {
    const parse = vi.spyOn(JSON, 'parse')
    const deep = '['.repeat(1 << 20)
    expect(() => parseJson(nested(66))).toThrow(SyntaxError)
    expect(sightSteps(deep, () => ({ by: 0 }) as never).next().value).toMatchObject({
      wrong: expect.stringMatching(/^it tells/),
    })
    expect(requestOf(Buffer.from('['.repeat(60_000)))).toEqual({ n: -1, wrong: 'not JSON' })
    expect(readChannel(deep)).toBeUndefined()
    expect(readTerminal(deep)).toBeUndefined()
    expect(parse).not.toHaveBeenCalled()
  })
})
