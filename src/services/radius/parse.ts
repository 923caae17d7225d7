import { type Label, label } from '../../hosts/label.ts'
import { type Attribute, freeradius, types, vendorAttributes } from './attributes.ts'
import type { RadiusStatistics } from './facts.ts'

/** FreeRADIUS' own attributes: dictionary.freeradius of 3.2.1, whose names they have without `FreeRADIUS-`. */
export const own = {
  'Statistics-Type': 127,
  'Total-Access-Requests': 128,
  'Total-Access-Accepts': 129,
  'Total-Access-Rejects': 130,
  'Total-Access-Challenges': 131,
  'Total-Auth-Responses': 132,
  'Total-Auth-Duplicate-Requests': 133,
  'Total-Auth-Malformed-Requests': 134,
  'Total-Auth-Invalid-Requests': 135,
  'Total-Auth-Dropped-Requests': 136,
  'Total-Auth-Unknown-Types': 137,
  'Total-Accounting-Requests': 148,
  'Total-Accounting-Responses': 149,
  'Total-Acct-Dropped-Requests': 153,
  'Queue-Len-Proxy': 163,
  'Queue-Len-Auth': 164,
  'Queue-Len-Acct': 165,
  'Stats-Start-Time': 176,
  'Stats-HUP-Time': 177,
  'Stats-Error': 187,
} as const

/** All groups of counters: bits 0 to 4 of Statistics-Type. */
export const allStatistics = 0x1f

/** What a `type = status` listener answers to Statistics-Type; `undefined`: there is not all of it. */
export function parseStatistics(attributes: readonly Attribute[]): RadiusStatistics | undefined {
  const found = vendorAttributes(attributes, freeradius)
  let isWhole = true
  const has = (name: keyof typeof own) => found.some(({ type }) => type === own[name])
  // The first: counters of one client follow under the same names.
  const number = (name: keyof typeof own) => {
    const value = found.find(({ type }) => type === own[name])?.value
    if (value?.length === 4) return value.readUInt32BE()
    isWhole = false
    return 0
  }
  const statistics = {
    requests: number('Total-Access-Requests'),
    accepts: number('Total-Access-Accepts'),
    rejects: number('Total-Access-Rejects'),
    challenges: number('Total-Access-Challenges'),
    responses: number('Total-Auth-Responses'),
    duplicates: number('Total-Auth-Duplicate-Requests'),
    malformed: number('Total-Auth-Malformed-Requests'),
    invalid: number('Total-Auth-Invalid-Requests'),
    dropped: number('Total-Auth-Dropped-Requests'),
    unknownTypes: number('Total-Auth-Unknown-Types'),
    accounting: {
      requests: number('Total-Accounting-Requests'),
      responses: number('Total-Accounting-Responses'),
      dropped: number('Total-Acct-Dropped-Requests'),
    },
    startTime: number('Stats-Start-Time') * 1000,
    loadTime: number('Stats-HUP-Time') * 1000,
    // A server without threads has no queues.
    ...(has('Queue-Len-Auth') && {
      queues: {
        authentication: number('Queue-Len-Auth'),
        accounting: number('Queue-Len-Acct'),
        proxy: number('Queue-Len-Proxy'),
      },
    }),
  }
  return isWhole ? statistics : undefined
}

/** Why there are no statistics, in the server's words: Stats-Error. */
export function parseStatisticsError(attributes: readonly Attribute[]): Label | undefined {
  const error = vendorAttributes(attributes, freeradius).find(({ type }) => type === own['Stats-Error'])
  return error && label(error.value.toString())
}

/** The first Reply-Message, which is for a person to read. */
export function parseReplyMessage(attributes: readonly Attribute[]): Label | undefined {
  const message = attributes.find(({ type }) => type === types.replyMessage)
  return message && label(message.value.toString())
}
