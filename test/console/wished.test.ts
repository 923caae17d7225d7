import { expect, it } from 'vitest'
import { Console } from '../../src/console/console.ts'
import { wishedColumns } from '../../src/console/wished.ts'
import { say } from '../../src/hosts/label.ts'
import { machine, snapshot } from '../support/records.ts'
import { StillFleet } from '../support/still-fleet.ts'
import { worldOf } from '../support/world.ts'

const open = (views: ConstructorParameters<typeof StillFleet>[1] = {}) =>
  new Console(new StillFleet(snapshot([machine()]), views), say`ada@console`)

it('the columns that the configuration wishes are shown, and had again after others', () => {
  const console = open({ views: { machines: { columns: ['name', 'CPU'] } } })
  const shown = () => console.columns('machine').map(({ id }) => id)
  expect(shown()).toEqual(['name', 'cpu'])
  for (const key of ['2', ':', ...'columns host', 'return']) console.press(key)
  expect(shown()).toEqual(['host'])
  for (const key of [':', ...'columns reset', 'return']) console.press(key)
  expect(shown()).toEqual(['name', 'cpu'])
})

it('what is wished of no list, or is no column, is said, and the rest counts', () => {
  const views = { machine: { columns: ['name'] }, hosts: { columns: ['nmae'] }, pools: { columns: ['used'] } }
  const { choices, wrong } = wishedColumns(views, worldOf(snapshot([])))
  expect([...choices]).toEqual([['pools', { only: ['used'] }]])
  expect(wrong).toEqual([
    'views.machine: no list has this name. Did you mean machines?',
    expect.stringMatching(/^views\.hosts\.columns: no column nmae/),
  ])
  expect(open({ views }).notice?.text).toBe(wrong[0])
})
