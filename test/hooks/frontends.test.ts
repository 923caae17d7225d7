import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { stepLines } from '../../src/actions/step-text.ts'
import type { ConfirmLayer } from '../../src/hooks/layers.ts'
import { type Demo, demo } from '../support/demo.ts'
import { until } from '../support/until.ts'

const ldap = 'TCP 10.0.0.100:389'
const radius = 'UDP 10.0.0.100:1812'

let the: Demo
beforeEach(async () => {
  the = await demo()
  await until('the front ends', () => the.console.snapshot.frontends.some((one) => one.services.length === 2))
  await until('ldirectord', () => the.console.snapshot.balancers.every(({ ldirectord }) => ldirectord))
  the.press('3')
})
afterEach(() => the.end())

const rows = () => the.console.serviceRows()
const services = (name: string) =>
  the.console.snapshot.frontends.find((one) => one.name === name)?.services ?? []
const weights = (name: string) => services(name).map(({ weight }) => weight)

function confirmation(): ConfirmLayer {
  const layer = the.console.layers.at(-1)
  if (layer?.kind !== 'confirm') throw new Error(`no confirmation but ${layer?.kind}`)
  return layer
}

/** Confirms what is shown, and waits for its end. */
async function confirmed(): Promise<void> {
  const { typed } = confirmation()
  if (typed) the.type(typed.wanted)
  the.press(typed ? 'return' : 'y')
  await until('the end of the change', () => !the.console.tasks.length)
  expect(the.console.outcomes).toEqual([])
}

describe('the tree of virtual services', () => {
  beforeEach(() => the.press('T'))

  it('has each service, and below it its real servers', () => {
    expect(rows().map(({ service, real, isLast }) => real?.real ?? (isLast ? '' : service.name))).toEqual([
      ldap,
      '10.0.0.11:389',
      '10.0.0.12:389',
      '10.0.0.13:389',
      radius,
      '10.0.0.11:1812',
      '10.0.0.12:1812',
      '10.0.0.13:1812',
    ])
    expect(rows().filter(({ isLast }) => isLast)).toHaveLength(2)
  })

  it('keeps the service above what the filter leaves, and a service that matches whole', () => {
    the.press('/', ...'fe2', 'return')
    expect(rows().map(({ id }) => id)).toEqual([
      ldap,
      `${ldap} 10.0.0.12:389`,
      radius,
      `${radius} 10.0.0.12:1812`,
    ])
    the.press('escape', '/', ...':1812', 'return')
    expect(rows()).toHaveLength(4)
    the.press('escape', 'f')
    expect(rows()).toEqual([])
  })

  it('takes the keys of a front end for the service below which it stands', async () => {
    the.press('down', 'down', 'd')
    const layer = the.console.layers.at(-1)
    expect(layer).toMatchObject({ kind: 'ask', question: { id: 'and-wait' } })
    the.press('2')
    expect(confirmation().prepared[0]?.steps[0]?.argv.at(-1)).toBe('/etc/ha.d/maintenance/10.0.0.12:389')
    await confirmed()
    expect(services('fe2').map(({ duty }) => duty)).toEqual(['maintenance', 'in service'])
  })

  it('opens the service, or the front end of a real server', () => {
    the.press('return')
    expect(the.console.page).toMatchObject({ screen: 'service', service: ldap })
    expect(the.console.service?.name).toBe(ldap)
    the.press('escape', 'down', 'return')
    expect(the.console.page).toMatchObject({ screen: 'frontend', address: '10.0.0.11' })
  })

  it('adds a real server to the selected service, and u takes it away again', async () => {
    the.press('a')
    the.type('10.0.0.77')
    the.press('return', 'return')
    the.press('ctrl-u', '3', 'return')
    const lines = confirmation().prepared.flatMap(({ steps }) => steps.flatMap(stepLines))
    expect(lines).toContain('  | +  real=10.0.0.77:389 gate 3')
    await confirmed()
    expect(weights('10.0.0.77')).toEqual([3])
    the.press('u')
    expect(confirmation().title).toMatch(/^Undo: add server TCP 10.0.0.100:389, \d\d:\d\d$/)
    expect(confirmation().about[0]).toBe(`Remove 10.0.0.77 in ${ldap}`)
    await confirmed()
    expect(services('10.0.0.77')).toEqual([])
  })
})

describe('undo', () => {
  it('is nothing before anything was done', () => {
    the.press('u')
    expect(the.console.layers).toEqual([])
    expect(the.console.notice?.text).toBe('there is nothing to undo')
  })

  it('restores what was drained, and drains what was restored', async () => {
    the.press('d', '1', '2')
    await confirmed()
    expect(weights('fe1')).toEqual([0, 0])
    the.press('u')
    expect(confirmation().title).toMatch(/^Undo: drain fe1, \d\d:\d\d$/)
    expect(confirmation().about[0]).toBe('Restore fe1; before it was: in service, weight 4')
    await confirmed()
    expect(weights('fe1')).toEqual([4, 4])
    the.press('u')
    expect(confirmation().title).toMatch(/^Undo: restore fe1, /)
    expect(confirmation().about[0]).toBe('Drain fe1; before it was: maintenance, weight 0')
    // It stands until something else was done.
    the.press('escape')
    the.press('u')
    expect(confirmation().title).toMatch(/^Undo: restore fe1, /)
  })

  it('sets the weight that was', async () => {
    the.press('w', '1', 'ctrl-u', '9', 'return')
    await confirmed()
    expect(weights('fe1')).toEqual([9, 9])
    the.press('u')
    await confirmed()
    expect(weights('fe1')).toEqual([4, 4])
  })

  it('removes a clone, and adds what was removed', async () => {
    the.press('c', '1')
    the.type('10.0.0.78')
    the.press('return')
    await confirmed()
    expect(weights('10.0.0.78')).toEqual([4, 4])
    the.press('u')
    expect(confirmation().about[0]).toMatch(/^Remove 10.0.0.78; /)
    await confirmed()
    the.press('u')
    expect(confirmation().prepared.map(({ target }) => (target as { name: string }).name)).toEqual([
      ldap,
      radius,
    ])
    await confirmed()
    expect(weights('10.0.0.78')).toEqual([4, 4])
  })

  it('lets a machine run that was paused', async () => {
    the.press('2', '/', ...'debian-kde-01', 'return')
    the.press('p')
    await confirmed()
    expect(the.console.machine?.state).toBe('paused')
    the.press('u')
    expect(confirmation().about[0]).toMatch(/^Resume debian-kde-01; before it was: running /)
    await confirmed()
    expect(the.console.machine?.state).toBe('running')
  })
})
