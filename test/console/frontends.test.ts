import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { stepLines } from '../../src/actions/step-text.ts'
import type { ConfirmLayer } from '../../src/console/layers.ts'
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

const rows = () => the.console.rows('service')
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

  it('is sorted by its columns: the services, and below each its real servers', () => {
    const order = () => rows().map(({ service, real }) => real?.real ?? service.name)
    const first = order()
    the.console.tables.sort('services', 'name')
    the.press('O')
    expect(order()).toEqual([
      radius,
      ...[13, 12, 11].map((n) => `10.0.0.${n}:1812`),
      ldap,
      ...[13, 12, 11].map((n) => `10.0.0.${n}:389`),
    ])
    expect(
      rows()
        .filter(({ isLast }) => isLast)
        .map(({ real }) => real?.name),
    ).toEqual(['fe1', 'fe1'])
    the.console.tables.sort('services', 'tree')
    expect(order()).toEqual(first)
  })

  it('is marked: real servers of one service for that, of several for what is asked', () => {
    the.press('down', ' ', ' ', 'd')
    expect(the.console.layers.at(-1)).toMatchObject({ kind: 'ask', question: { id: 'and-wait' } })
    the.press('2')
    expect(confirmation().title).toBe(`Drain 2 front ends in ${ldap}?`)
    expect(confirmation().prepared.map(({ answers }) => answers.service)).toEqual([ldap, ldap])
    the.press('escape', 'end', ' ', 'd')
    expect(marked()).toEqual(['fe1', 'fe2', 'fe3'])
    expect(the.console.layers.at(-1)).toMatchObject({ kind: 'ask', question: { id: 'service' } })
    // A service takes what is done with services.
    the.press('escape', 'escape', 'home', ' ')
    expect(the.console.targets('service').map(({ name }) => name)).toEqual([ldap])
  })

  it('opens the service, or the front end of a real server', () => {
    the.press('return')
    expect(the.console.page).toMatchObject({ screen: 'service', id: ldap })
    expect(the.console.service?.name).toBe(ldap)
    the.press('escape', 'down', 'return')
    expect(the.console.page).toMatchObject({ screen: 'frontend', id: '10.0.0.11' })
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
    expect(confirmation().about[0]).toBe(`Remove 10.0.0.77 in ${ldap}; before it was: 3 real servers`)
    await confirmed()
    expect(services('10.0.0.77')).toEqual([])
  })
})

const named = (name: string) => {
  const found = the.console.snapshot.frontends.find((one) => one.name === name)
  if (!found) throw new Error(`no ${name}`)
  return found
}
const names = () => the.console.rows('frontend').map(({ name }) => name)
const marked = () => the.console.targets('frontend').map(({ name }) => name)

describe('marked front ends', () => {
  it('are marked row by row, and all at once', () => {
    the.press('home', ' ', ' ')
    expect(marked()).toEqual(['fe1', 'fe2'])
    the.press('home', ' ')
    expect(marked()).toEqual(['fe2'])
    the.press('*')
    expect(the.console.tables.of('frontends').marked.size).toBe(0)
    the.press('/', ...'fe1', 'return', '*')
    expect(marked()).toEqual(['fe1'])
    // Without a mark it is the selected one.
    the.press('escape', 'end')
    expect(marked()).toEqual(['fe3'])
  })

  it('stand on their own screen only, and not for machines', () => {
    the.press(' ', ' ', '2')
    expect(the.console.targets('machine')).toHaveLength(1)
    the.press('3', 'end', 'return')
    expect(marked()).toEqual(['fe3'])
  })

  it('are asked for a service of any of them, and one that lacks it is left out', () => {
    const [one, other] = [named('fe1'), named('fe2')]
    const [first] = one.services
    // The first has one service alone: it would not be asked which.
    const alone = { ...one, services: first ? [first] : [] }
    the.console.act('drain', [alone, other])
    const layer = the.console.layers.at(-1)
    if (layer?.kind !== 'ask') throw new Error('no question')
    expect(layer.choices?.map(({ value, note }) => [value, note])).toEqual([
      ['all', undefined],
      [ldap, '2 of 2 in service'],
      [radius, 'in service, weight 4'],
    ])
  })

  it('are drained with one plan for all, restored together, and undone together', async () => {
    the.press('home', ' ', ' ', 'd', '1', '2')
    expect(confirmation().title).toBe('Drain 2 front ends?')
    expect(confirmation().rows.map((row) => row.slice(0, 3))).toEqual([
      ['fe1', '10.0.0.11', 'in service, weight 4'],
      ['fe2', '10.0.0.12', 'in service, weight 4'],
    ])
    expect(confirmation().prepared.flatMap(({ steps }) => steps.map(({ argv }) => argv.at(-1)))).toEqual([
      '/etc/ha.d/maintenance/10.0.0.11',
      '/etc/ha.d/maintenance/10.0.0.11',
      '/etc/ha.d/maintenance/10.0.0.12',
      '/etc/ha.d/maintenance/10.0.0.12',
    ])
    expect(confirmation().typed).toBeUndefined()
    expect(confirmation().about).toContain(`only 10.0.0.13:389 in ${ldap} is left then`)
    await confirmed()
    expect([weights('fe1'), weights('fe2')]).toEqual([
      [0, 0],
      [0, 0],
    ])
    expect(the.console.tables.of('frontends').marked.size).toBe(0)
    the.press('u')
    expect(confirmation().title).toMatch(/^Undo: drain 2 front ends, /)
    await confirmed()
    expect([weights('fe1'), weights('fe2')]).toEqual([
      [4, 4],
      [4, 4],
    ])
  })

  it('are listed with how they stand in the service that is meant', async () => {
    the.press('home', 'd', '2', '2')
    await confirmed()
    the.press('home', ' ', ' ', 'w', '1', 'ctrl-u', '7', 'return')
    const connections = (name: string, of: readonly string[]) =>
      services(name).reduce((sum, { virtual, active }) => sum + (of.includes(virtual) ? active : 0), 0)
    expect(confirmation().rows).toEqual([
      [
        'fe1',
        '10.0.0.11',
        '389: maintenance, weight 0; 1812: in service, weight 4',
        `${connections('fe1', [ldap, radius])} active`,
      ],
      ['fe2', '10.0.0.12', 'in service, weight 4', `${connections('fe2', [ldap, radius])} active`],
    ])
    the.press('escape', 'w', '3', 'ctrl-u', '7', 'return')
    expect(confirmation().rows.map(([, , state, active]) => [state, active])).toEqual(
      ['fe1', 'fe2'].map((name) => ['in service, weight 4', `${connections(name, [radius])} active`]),
    )
  })

  it('that were not alike before are undone each to how it was', async () => {
    the.press('home', 'w', '1', 'ctrl-u', '3', 'return')
    await confirmed()
    the.press('home', ' ', ' ', 'w', '1', 'ctrl-u', '7', 'return')
    await confirmed()
    the.press('u')
    expect(confirmation().title).toMatch(/^Undo: weight 2 front ends, /)
    expect(confirmation().about[0]).toBe('Weight 2 front ends')
    await confirmed()
    expect([weights('fe1'), weights('fe2')]).toEqual([
      [3, 3],
      [4, 4],
    ])
  })

  it('that nothing puts back at once are named, with how each was', async () => {
    // Of one whose services have two weights nobody says which it is to get back.
    the.press('home', 'w', '2', 'ctrl-u', '3', 'return')
    await confirmed()
    the.press('home', ' ', ' ', 'w', '1', 'ctrl-u', '7', 'return')
    await confirmed()
    the.press('u')
    expect(the.console.notice?.text).toMatch(
      /^weight 2 front ends, \d\d:\d\d, cannot be undone at once: nothing puts back fe1$/,
    )
  })

  it('are counted together for who is left: then their number is typed', () => {
    the.press('*', 'd', '1', '2')
    expect(confirmation()).toMatchObject({
      title: 'Drain 3 front ends?',
      typed: { wanted: '3' },
      about: [
        expect.stringMatching(/^\d+ open connections go on to their end$/),
        'nobody else takes new connections then',
      ],
    })
    the.press('escape', 'w', '1', 'ctrl-u', '0', 'return')
    expect(confirmation()).toMatchObject({ title: 'Weight 3 front ends?', typed: { wanted: '3' } })
    the.press('escape', 'w', '1', 'ctrl-u', '7', 'return')
    expect(confirmation().typed).toBeUndefined()
  })

  it('of which some cannot are named with the reason, and left out', async () => {
    the.press('home', 'd', '1', '2')
    await confirmed()
    the.press('*', 'r', '1')
    expect(confirmation()).toMatchObject({
      title: 'Restore fe1?',
      refused: ['fe2: it is in service', 'fe3: it is in service'],
    })
  })

  it('are not cloned at once', () => {
    the.press('*', 'c')
    expect(the.console.notice?.text).toBe('Clone: one at a time, 3 are marked')
    expect(the.console.layers).toEqual([])
  })
})

describe('sorted front ends', () => {
  it('are sorted by the columns in turn, and turned round', () => {
    expect(names()).toEqual(['fe1', 'fe2', 'fe3'])
    the.press('O')
    expect(names()).toEqual(['fe3', 'fe2', 'fe1'])
    the.press('o')
    expect(the.console.tables.of('frontends')).toMatchObject({ sort: 'role', descending: false })
    expect(the.console.tables.of('machines')).toMatchObject({ sort: 'name', descending: false })
  })

  it('have what is out on top by their state, and the selection stays on its front end', async () => {
    the.press('home', 'down')
    the.press('d', '1', '2')
    await confirmed()
    the.console.tables.sort('frontends', 'state')
    expect(names()).toEqual(['fe2', 'fe1', 'fe3'])
    expect(the.console.frontend?.name).toBe('fe2')
    expect(the.console.tables.place('frontends').selected).toBe(0)
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
