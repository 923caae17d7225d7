import { afterEach, describe, expect, it, vi } from 'vitest'
import { type Ending, endsInOrder, errorReport, onEnding } from '../../src/terminal/ending.ts'

/** What is listened to, of all that ends a program from outside. */
const listened = [
  [process, ['SIGTERM', 'SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGALRM', 'uncaughtException', 'unhandledRejection']],
  [process.stdin, ['end', 'error']],
  [process.stdout, ['error']],
] as const

const listeners = () =>
  listened.flatMap(([target, names]) =>
    names.flatMap((name) =>
      (target as NodeJS.EventEmitter).listeners(name).map((call) => {
        const where = target === process ? '' : target === process.stdin ? 'stdin ' : 'stdout '
        return { event: `${where}${name}`, call }
      }),
    ),
  )

/** What one adds to them: to emit the events would reach those of the test runner too. */
function added(begin: () => void) {
  const before = new Set(listeners().map(({ call }) => call))
  begin()
  return listeners().filter(({ call }) => !before.has(call))
}

let stop: (() => void) | undefined

afterEach(() => {
  stop?.()
  stop = undefined
  vi.useRealTimers()
  vi.restoreAllMocks()
})

function watch(options?: { input: boolean }) {
  const endings: Ending[] = []
  const found = added(() => {
    stop = onEnding((ending) => endings.push(ending), options)
  })
  return { endings, found }
}

describe('an ending from outside', () => {
  it('is told with the status that shells expect', () => {
    const { endings, found } = watch()
    const codes = found.map(({ event, call }) => {
      call(new Error('gone'))
      return [event, endings.at(-1)?.code]
    })
    expect(Object.fromEntries(codes)).toEqual({
      SIGTERM: 143,
      SIGHUP: 129,
      SIGINT: 130,
      SIGQUIT: 131,
      'stdin end': 129,
      'stdin error': 129,
      'stdout error': 129,
      uncaughtException: 70,
      unhandledRejection: 70,
    })
    expect(endings.map(({ message }) => message?.split('\n')[1])).toEqual([
      ...new Array(4).fill(undefined),
      'Error: gone',
      'Error: gone',
      ...new Array(3).fill(undefined),
    ])
  })

  it('is not the end of an input that need not be a terminal', () => {
    expect(watch({ input: false }).found.map(({ event }) => event)).not.toContain('stdin end')
  })

  it('is listened to no more when that is over', () => {
    const before = listeners().length
    watch()
    stop?.()
    expect(listeners().length).toBe(before)
  })

  it('is that the parent has gone', () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    const parent = vi.spyOn(process, 'ppid', 'get').mockReturnValue(4711)
    const { endings } = watch()
    vi.advanceTimersByTime(5000)
    expect(endings).toEqual([])
    parent.mockReturnValue(1)
    vi.advanceTimersByTime(500)
    expect(endings).toEqual([{ code: 129 }])
    stop?.()
    expect(vi.getTimerCount()).toBe(0)
  })

  it('that is in order is not taken for one that hangs', () => {
    const [heard, ...more] = added(endsInOrder)
    expect([heard?.event, more]).toEqual(['SIGALRM', []])
    if (heard) process.off('SIGALRM', heard.call as () => void)
  })
})

describe('the report of an error', () => {
  it('says where it was, and no controls', () => {
    const error = new Error('it is \x1b[31mred\n and ö')
    expect(errorReport(error)).toMatch(
      /^vdd stopped [^\n]*:\nError: it is \?\[31mred\n and \?\n +at .*ending\.test\.ts/,
    )
    expect(errorReport(Object.assign(new Error('bare'), { stack: undefined }))).toMatch(/:\nbare\n$/)
    expect(errorReport('text')).toMatch(/:\ntext\n$/)
  })
})
