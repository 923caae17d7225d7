import { describe, expect, it } from 'vitest'
import { type PastChange, pastChanges } from '../../src/actions/last-changes.ts'
import { exit, type Failure } from '../../src/cli/exit.ts'
import { whichChange } from '../../src/cli/undo.ts'
import type { ChangeNote, Entry } from '../../src/fleet/journal/journal.ts'
import { type Label, label, say } from '../../src/hosts/label.ts'

const ada = say`ada@console`
const undo = (verb: string, ...ids: string[]) => ({ undo: { verb, answers: {}, ids } })

/** Two lines of the journal, newest first: how a change ended, and that it was begun. */
function lines(
  id: number,
  text: string,
  given: Partial<ChangeNote>,
  ended = true,
  who: Label = ada,
): Entry[] {
  const common = {
    kind: 'did',
    severity: 'info',
    host: label('a'),
    name: label('web1'),
    who,
    at: id,
  } as const
  const change = { batch: `batch ${id}`, verb: 'pause', target: 'uuid 1', ...given }
  const begun = { ...common, id, text: label(`${text}: begun`), before: say`running on a` }
  return [
    ...(ended
      ? [{ ...common, id: id + 1, text: label(`${text}: done`), change: { ...change, isEnded: true } }]
      : []),
    {
      ...begun,
      change: {
        ...change,
        isEnded: false,
        ...(ended ? undo('resume', 'uuid 1') : {}),
        ...(ended ? {} : given),
      },
    },
  ]
}

const paused = lines(5, 'pause', undo('resume', 'uuid 1'))
const failed = lines(7, 'pause', {})

describe('the changes of the journal', () => {
  it('are none of the entries that tell of no change', () => {
    const seen: Entry = { id: 9, at: 9, kind: 'seen', severity: 'info', host: label('a'), text: say`crashed` }
    expect(pastChanges([seen, ...paused])).toHaveLength(1)
  })

  it.each([
    [3, 'pause web1, web2, web3'],
    [4, 'pause 4 of them'],
  ])('name up to three in the order in which they were done, and count more: %i', (count, name) => {
    const together = Array.from({ length: count }, (_, i) =>
      lines(2 * i + 1, 'pause', { batch: 'x', target: `uuid ${i + 1}` }).map((one) => ({
        ...one,
        name: label(`web${i + 1}`),
        before: say`running on a`,
      })),
    )
    expect(pastChanges(together.reverse().flat())).toMatchObject([{ name, before: undefined }])
  })

  it('tell what was before by the line of the end, which says what changed', () => {
    const [ended, begun] = lines(1, 'vcpus, memory', {}) as [Entry, Entry]
    const told = { ...ended, before: say`running on a, 2 vCPUs` }
    expect(pastChanges([told, begun])[0]?.before).toBe('running on a, 2 vCPUs')
    expect(pastChanges([begun])[0]?.before).toBe('running on a')
  })

  it('are one for each that was confirmed, newest first, with what would undo it', () => {
    const all = pastChanges([...failed, ...paused])
    expect(all.map(({ id, ids, name }) => [id, ids, name])).toEqual([
      [7, [8, 7], 'pause web1'],
      [5, [6, 5], 'pause web1'],
    ])
    expect(all[1]).toMatchObject({
      before: 'running on a',
      undo: { verb: 'resume', answers: {}, ids: ['uuid 1'] },
    })
  })

  it('have nothing to undo where nothing was done, although it was begun', () => {
    expect(pastChanges(failed)[0]?.undo).toBeUndefined()
  })

  it('of several are undone as far as something was done', () => {
    const some = [
      ...lines(3, 'migrate', { batch: 'x', target: 'uuid 2', isNothing: true }),
      ...lines(1, 'migrate', { batch: 'x', ...undo('migrate', 'uuid 1') }),
    ]
    expect(pastChanges(some)).toMatchObject([{ isNothing: false, undo: { ids: ['uuid 1'] } }])
  })

  it('can be undone while they run', () => {
    const running = lines(9, 'pause', undo('resume', 'uuid 1'), false)
    expect(pastChanges(running)[0]).toMatchObject({ ids: [9], undo: { verb: 'resume' } })
  })

  it('of several at once are one, where one and the same undoes them', () => {
    const both = (verb: string) => [
      ...lines(3, 'pause', { batch: 'x', target: 'uuid 2', ...undo(verb, 'uuid 2') }),
      ...lines(1, 'pause', { batch: 'x', ...undo('resume', 'uuid 1') }),
    ]
    expect(pastChanges(both('resume'))).toMatchObject([
      { id: 1, ids: [4, 3, 2, 1], undo: { verb: 'resume', ids: ['uuid 2', 'uuid 1'] } },
    ])
    expect(pastChanges(both('start'))[0]?.undo).toBeUndefined()
  })

  it('of several that stood differently are undone each to how it was', () => {
    const back = (id: string, weight: string) => ({
      undo: { verb: 'weight', answers: { weight }, ids: [id] },
    })
    const both = (second: string) => [
      ...lines(3, 'weight', { batch: 'x', target: '10.0.0.2', ...back(second, '4') }),
      ...lines(1, 'weight', { batch: 'x', target: '10.0.0.1', ...back('10.0.0.1', '3') }),
    ]
    expect(pastChanges(both('10.0.0.2'))[0]?.undo).toEqual({
      verb: 'weight',
      answers: {},
      ids: ['10.0.0.2', '10.0.0.1'],
      own: new Map([
        ['10.0.0.2', { weight: '4' }],
        ['10.0.0.1', { weight: '3' }],
      ]),
    })
    expect(pastChanges(both('10.0.0.1'))[0]?.undo).toBeUndefined()
  })
})

describe('vdd undo', () => {
  const failure = (entries: readonly Entry[], id?: number) => {
    try {
      return whichChange(entries, id, ada)
    } catch (error) {
      const { code, lines } = error as Failure
      return { code, lines }
    }
  }

  it('takes the last change of this person', () => {
    const other = lines(9, 'reset', undo('start', 'uuid 9'), true, say`bob@console`)
    expect((failure([...other, ...paused]) as PastChange).id).toBe(5)
    expect(failure(other)).toEqual({
      code: exit.notFound,
      lines: ['the journal knows no change by ada@console'],
    })
  })

  it('undoes no older change in the place of the last one, but names it', () => {
    expect(failure([...failed, ...paused])).toMatchObject({
      code: exit.refused,
      lines: [
        expect.stringMatching(/^the last change, pause web1, .*, cannot be undone$/),
        expect.stringMatching(/^before it: pause web1, .*; "vdd undo 5" undoes that$/),
      ],
    })
  })

  it('passes over what did nothing, as if it had not been', () => {
    const nothing = lines(9, 'migrate', { isNothing: true })
    expect((failure([...nothing, ...paused]) as PastChange).id).toBe(5)
    expect(failure(nothing)).toMatchObject({ code: exit.notFound })
    expect(failure([...nothing, ...failed])).toMatchObject({
      lines: [expect.stringMatching(/^the last change, pause web1, /)],
    })
  })

  it('takes any change by one of its events', () => {
    expect((failure([...failed, ...paused], 6) as PastChange).id).toBe(5)
    expect(failure(paused, 99)).toMatchObject({ code: exit.notFound })
  })
})
