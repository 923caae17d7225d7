import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { keepReady } from '../../src/broker/ready.ts'
import { DeskBook } from '../../src/fleet/journal/desk-book.ts'
import { say } from '../../src/hosts/label.ts'
import { anna, Office } from './support/broker.ts'
import { systemOf } from './support/systems.ts'

let office: Office
beforeEach(() => {
  office = new Office()
})
afterEach(() => office.close())

async function ready(...systems: Parameters<typeof systemOf>[]) {
  const book = new DeskBook(office.file)
  try {
    return await keepReady(
      systems.map((one) => systemOf(...one)),
      await office.fleet(),
      book,
      say`vdd-desk@disp1`,
    )
  } finally {
    book.close()
  }
}

describe('machines that are ready', () => {
  const machines = ['exam-02', 'debian-kde-01', 'reactos-01', 'reactos-02']

  it('are started where too few run and are free, and no more than are missing', async () => {
    const [done] = await ready(['pool', machines, { ready: 3 }])
    expect(done).toMatchObject({
      wanted: 3,
      before: 2,
      now: 3,
      started: [{ machine: expect.stringMatching(/^reactos/) }],
    })
    expect(await ready(['pool', machines, { ready: 3 }])).toMatchObject([{ before: 3, now: 3, started: [] }])
    const journal = (await office.fleet()).journal.latest(10)
    expect(journal.every(({ who }) => who === 'vdd-desk@disp1')).toBe(true)
  })

  it('are not those on which somebody is', async () => {
    office.give('exam-02', anna)
    expect(await ready(['pool', machines, { ready: 2 }])).toMatchObject([{ before: 1, now: 2 }])
  })

  it('are as many as there are', async () => {
    expect(await ready(['pool', ['exam-02', 'no-such'], { ready: 2 }])).toMatchObject([
      { wanted: 2, now: 1, started: [] },
    ])
    expect(await ready(['pool', machines])).toEqual([])
  })
})
