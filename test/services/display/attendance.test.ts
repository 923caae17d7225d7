import { expect, it } from 'vitest'
import type { ChannelState } from '../../../src/services/display/channel.ts'
import { attend } from '../../../src/services/display/keeper/attendance.ts'
import type { ChannelBook } from '../../../src/services/display/keeper/book.ts'
import type { OpenChannel } from '../../../src/services/display/keeper/open-channel.ts'
import { textsFor } from '../../../src/services/display/keeper/texts.ts'
import type { Limits } from '../../../src/services/display/keeper/time-limits.ts'

it('writes down who does not answer, and that all do again', async () => {
  const over = new AbortController()
  const told: Partial<ChannelState>[] = []
  let state = { trouble: 'it was asked to end, and did not' } as ChannelState
  const silences = [undefined, 'machine', 'machine', 'terminal', undefined] as const
  let looks = 0
  await attend(
    {
      channel: { activity: async () => undefined } as OpenChannel,
      book: {
        get state() {
          return state
        },
        tell: async (news: Partial<ChannelState>) => {
          told.push(news)
          state = { ...state, ...news }
        },
      } as ChannelBook,
      limits: {},
      texts: textsFor({}),
      silent: async () => {
        if (looks === silences.length - 1) over.abort()
        return silences[looks++]
      },
      now: () => 0,
      every: { look: 0, report: 0 },
    },
    over.signal,
  )
  expect(told).toEqual([{ silent: 'machine' }, { silent: 'terminal' }, { silent: undefined }])
  expect(state.trouble).toBe('it was asked to end, and did not')
})

it('ends a session whose X server a program keeps from answering, when its time is over', async () => {
  const over = new AbortController()
  const closed: boolean[] = []
  const channel: Pick<OpenChannel, 'activity' | 'say' | 'close'> = {
    activity: async () => undefined,
    say: async () => ({ done: true }),
    close: async (insist) => {
      closed.push(insist)
      over.abort()
      return { done: true }
    },
  }
  const book: Pick<ChannelBook, 'state' | 'tell'> = { state: {} as ChannelState, tell: async () => {} }
  let time = 0
  const now = () => {
    time += 60_000
    // Should it not end the session, this ends.
    if (time > 1_000_000) over.abort()
    return time
  }
  await attend(
    {
      channel: channel as OpenChannel,
      book: book as ChannelBook,
      limits: { total: 60_000 },
      texts: textsFor({}),
      silent: async () => undefined,
      now,
    },
    over.signal,
  )
  expect(closed).toEqual([false])
})

/** Attends for so many minutes, a look each; what is asked of the channel, and what is told to the account at which minute. */
async function attended(
  minutes: number,
  { limits = {}, hears = () => true }: { limits?: Limits; hears?: (minute: number) => boolean },
) {
  const over = new AbortController()
  const closed: boolean[] = []
  const accounts: string[] = []
  let minute = 0
  const channel: Pick<OpenChannel, 'activity' | 'say' | 'close'> = {
    activity: async () => {
      if (++minute >= minutes) over.abort()
      return undefined
    },
    say: async () => ({ done: true }),
    close: async (insist) => {
      closed.push(insist)
      if (insist) over.abort()
      return insist ? { done: true } : { refused: 'it may ask its user whether to save' }
    },
  }
  const book: Pick<ChannelBook, 'state' | 'tell'> = { state: {} as ChannelState, tell: async () => {} }
  await attend(
    {
      channel: channel as OpenChannel,
      book: book as ChannelBook,
      limits,
      texts: textsFor({}),
      silent: async () => undefined,
      account: async (what) => {
        accounts.push(`${minute} ${what}`)
        return hears(minute)
      },
      now: () => minute * 60_000,
      every: { look: 0, report: 5 * 60_000 },
    },
    over.signal,
  )
  return { closed, accounts }
}

it('ends a session that does not want to, when its time is over', async () => {
  expect((await attended(20, { limits: { total: 60_000 } })).closed).toEqual([false, true])
})

it('tells the account every few minutes that a session is there, and that it began until that is heard', async () => {
  expect((await attended(12, {})).accounts).toEqual(['1 start', '6 alive', '11 alive'])
  const { accounts } = await attended(17, { hears: (minute) => minute > 6 })
  expect(accounts).toEqual(['1 start', '6 start', '11 start', '16 alive'])
})
