import { describe, expect, it } from 'vitest'
import {
  type Attribute,
  freeradius,
  integer,
  text,
  vendorAttribute,
} from '../../../src/services/radius/attributes.ts'
import { decode } from '../../../src/services/radius/packet.ts'
import {
  own,
  parseReplyMessage,
  parseStatistics,
  parseStatisticsError,
} from '../../../src/services/radius/parse.ts'
import { recorded } from './recorded.ts'

const said = (scene: string) => decode(recorded(scene).answer).attributes
const vendor = (attribute: Attribute) => vendorAttribute(freeradius, attribute)

describe('parseStatistics', () => {
  it('reads what FreeRADIUS has counted', () => {
    expect(parseStatistics(said('statistics'))).toEqual({
      requests: 9,
      accepts: 3,
      rejects: 3,
      challenges: 1,
      responses: 7,
      duplicates: 0,
      malformed: 0,
      invalid: 0,
      dropped: 0,
      unknownTypes: 0,
      accounting: { requests: 1, responses: 0, dropped: 0 },
      queues: { authentication: 0, accounting: 0, proxy: 0 },
      startTime: Date.parse('2026-11-26T11:54:40Z'),
      loadTime: Date.parse('2026-11-26T11:54:40Z'),
    })
  })

  it('takes the counters of all clients, not those of one that follow', () => {
    const one = [...said('statistics'), vendor(integer(own['Total-Access-Accepts'], 1_000))]
    expect(parseStatistics(one)?.accepts).toBe(3)
  })

  it('does not need queues, which a server without threads has not', () => {
    const queues = ['Queue-Len-Auth', 'Queue-Len-Acct', 'Queue-Len-Proxy'] as const
    const numbers = new Set<number>(queues.map((name) => own[name]))
    const rest = said('statistics').filter(({ value }) => !numbers.has(value.readUInt8(4)))
    expect(parseStatistics(rest)).toMatchObject({ accepts: 3 })
    expect(parseStatistics(rest)).not.toHaveProperty('queues')
  })

  it.each(['status', 'statistics-client', 'statistics-error'])(
    'is nothing where some is missing: %s',
    (scene) => {
      expect(parseStatistics(said(scene))).toBeUndefined()
    },
  )

  it('is nothing where a counter is no number', () => {
    const odd = vendor(text(own['Total-Access-Accepts'], 'a lot'))
    expect(parseStatistics([odd, ...said('statistics')])).toBeUndefined()
  })

  it('tells why there are none, in words that can be shown', () => {
    expect(parseStatisticsError(said('statistics-error'))).toBe('No such listener')
    expect(parseStatisticsError(said('statistics'))).toBeUndefined()
    expect(parseStatisticsError([vendor(text(own['Stats-Error'], 'no\u001b[2J'))])).toBe('no\\e[2J')
  })
})

describe('parseReplyMessage', () => {
  it('reads the message of an answer, made printable', () => {
    expect(parseReplyMessage(said('login-reject-message'))).toBe('This account is locked')
    expect(parseReplyMessage(said('login-reject'))).toBeUndefined()
    expect(parseReplyMessage([text(18, 'a\nb')])).toBe('a\\nb')
  })
})
