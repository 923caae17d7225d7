import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { dialogOf } from '../../src/components/Dialog.tsx'
import type { ConfirmLayer, Layer } from '../../src/console/layers.ts'
import { say } from '../../src/hosts/label.ts'
import { lineText } from '../../src/text/page.ts'
import { type Demo, demo } from '../support/demo.ts'
import { uuid } from '../support/facts.ts'
import { until } from '../support/until.ts'

let the: Demo
beforeEach(async () => {
  the = await demo()
  the.press('2')
})
afterEach(() => the.end())

const top = (): Layer | undefined => the.console.layers.at(-1)
const selected = () => the.console.machine?.name
const named = (name: string) => the.console.snapshot.machines.find((m) => m.name === name)

/** Selects a machine as a person does who knows its name. */
function find(name: string) {
  the.press('2', '/', 'ctrl-u')
  the.type(name)
  the.press('return')
  expect(selected()).toBe(name)
}

/** Two machines that run, and whose guest listens. */
function running(): [string, string] {
  const [one = '', other = ''] = the.console.snapshot.machines
    .filter((m) => m.state === 'running' && !m.name.startsWith('reactos'))
    .map((m) => m.name)
  return [one, other]
}

function confirmation(): ConfirmLayer {
  const layer = top()
  if (layer?.kind !== 'confirm') throw new Error(`no confirmation but ${layer?.kind}`)
  return layer
}

const stepsOf = ({ prepared }: ConfirmLayer) => prepared.flatMap(({ steps }) => steps)

describe('what is written to the journal', () => {
  it('is told once, where much is written at once', async () => {
    let told = 0
    the.console.subscribe(() => told++)
    for (let i = 0; i < 100; i++)
      the.fleet.journal.add({ at: i, kind: 'seen', severity: 'info', host: 'hv1', text: say`line ${i}` })
    await until('the lines', () => told > 0)
    // The demo goes on beside it.
    expect(told).toBeLessThan(10)
  })
})

describe('the selection', () => {
  it('follows the machine when the rows are turned round', () => {
    the.press('down', 'down', 'down')
    const name = selected()
    the.press('O')
    expect(selected()).toBe(name)
    expect(the.console.tables.place('machines').selected).toBe(the.names().length - 4)
  })

  it('follows the machine when another comes before it', async () => {
    the.press('down', 'down')
    const name = selected()
    the.world.hypervisors.add({ uuid: uuid(1), name: 'aaa', host: 'hv1' })
    await until('the new machine', () => the.names()[0] === 'aaa')
    expect(selected()).toBe(name)
    expect(the.console.tables.place('machines').selected).toBe(3)
  })

  it('stays at its place when the machine goes', async () => {
    the.press('down', 'down')
    const [, , gone, next] = the.names()
    the.world.hypervisors.forget(named(gone ?? '')?.uuid ?? '')
    await until('it to be gone', () => !the.names().includes(gone as never))
    expect(selected()).toBe(next)
  })

  it('moves by rows, screens and to the ends, and not beyond', () => {
    const all = the.names()
    the.press('up')
    expect(selected()).toBe(all[0])
    the.press('G')
    expect(selected()).toBe(all.at(-1))
    the.press('down', 'pagedown')
    expect(selected()).toBe(all.at(-1))
    the.press('home', 'j', 'j', 'k')
    expect(selected()).toBe(all[1])
    the.console.resize({ columns: 80, rows: 12 })
    the.press('home', 'pagedown')
    expect(selected()).toBe(all[8])
  })
})

describe('the filter', () => {
  it('takes what was typed ahead in one burst', () => {
    for (const key of ['/', ...'kde-02', 'return', 'return']) the.press(key)
    expect(the.names()).toEqual(['debian-kde-02'])
    expect(the.console.page).toMatchObject({ screen: 'machine', id: named('debian-kde-02')?.uuid })
  })

  it('is taken back by Escape, and kept by Enter', () => {
    the.press('/', ...'kde', 'return')
    expect(the.names()).toHaveLength(3)
    the.press('/', ...'-01')
    expect(the.names()).toEqual(['debian-kde-01'])
    the.press('escape')
    expect(the.names()).toHaveLength(3)
    expect(the.console.tables.of('machines').filter).toBe('kde')
  })

  it('takes letters that are keys elsewhere as text, and arrows as keys', () => {
    the.press('/', ...'qKd', 'ctrl-u', ...'kde', 'down')
    expect(selected()).toBe('debian-kde-02')
    expect(top()).toMatchObject({ kind: 'filter', line: { text: 'kde' } })
  })

  it('is left by taking back more than was typed', () => {
    the.press('/', 'a', 'backspace', 'backspace')
    expect(top()).toBeUndefined()
  })
})

describe('Escape', () => {
  it('takes filter and marks away first, and then goes back', () => {
    the.press('/', ...'kde', 'return', ' ', 'f')
    the.press('escape')
    expect(the.console.tables.of('machines')).toMatchObject({
      filter: '',
      faultsOnly: false,
      marked: new Set(),
    })
    expect(the.console.page.screen).toBe('machines')
    the.press('escape')
    expect(the.console.page.screen).toBe('overview')
    the.press('escape')
    expect(the.console.page.screen).toBe('overview')
  })

  it('goes back from a machine to where one came from', () => {
    the.press('down', 'return')
    expect(the.console.page.screen).toBe('machine')
    const name = selected()
    the.press('escape')
    expect(the.console.page.screen).toBe('machines')
    expect(selected()).toBe(name)
  })

  it('closes a dialog, and nothing is done', () => {
    find(running()[0])
    the.press('d', 'escape')
    expect(the.console.layers).toEqual([])
    expect(the.console.tasks).toEqual([])
    expect(the.fleet.journal.latest(100).filter(({ kind }) => kind === 'did')).toEqual([])
  })

  it('closes all questions of an action at once', () => {
    find(running()[0])
    the.press('m', 'return')
    the.press('escape')
    expect(the.console.layers).toEqual([])
  })
})

describe('a change', () => {
  it('shows the commands and the object, and is cancelled by Enter, which is what is pressed by mistake', () => {
    const [name] = running()
    find(name)
    the.press('d')
    expect(confirmation()).toMatchObject({
      title: `Shut down ${name}?`,
      focus: 'cancel',
      about: expect.arrayContaining([expect.stringMatching(new RegExp(`^${name} on hv\\d, running`))]),
    })
    expect(stepsOf(confirmation())).toMatchObject([
      { argv: expect.arrayContaining(['shutdown', named(name)?.uuid]) },
    ])
    the.press('return')
    expect(the.console.layers).toEqual([])
    expect(the.console.tasks).toEqual([])
    expect(the.console.notice).toMatchObject({ text: 'cancelled; nothing was done', severity: 'info' })
  })

  it('is done by y, tells how long it took, and stands in the journal', async () => {
    const [name] = running()
    find(name)
    the.press('p', 'y')
    expect(the.console.tasks).toMatchObject([{ title: 'Pause', name }])
    await until('the pause', () => the.console.notice?.text.includes('done in'))
    expect(named(name)?.state).toBe('paused')
    expect(the.console.tasks).toEqual([])
    const did = the.fleet.journal.latest(100).filter(({ kind }) => kind === 'did')
    expect(did.map(({ text, who, name }) => [text, who, name])).toEqual([
      [expect.stringMatching(/^pause: done in/), 'ada@console', name],
      ['pause: begun', 'ada@console', name],
    ])
  })

  it('is refused at once, with the reason, where it cannot be', () => {
    const name = running()[0]
    find(name)
    the.press('s')
    expect(the.console.notice).toEqual({ text: `Start: ${name}: it is running`, severity: 'bad' })
    expect(the.console.layers).toEqual([])
  })

  it('moves the choice of its dialog by Tab and the arrows', () => {
    find(running()[0])
    the.press('d', 'tab')
    expect(confirmation().focus).toBe('go')
    the.press('left')
    expect(confirmation().focus).toBe('cancel')
  })

  it('says that the machine has gone while its dialog stood open', async () => {
    const [name] = running()
    find(name)
    the.press('d')
    the.world.hypervisors.forget(named(name)?.uuid ?? '')
    await until('it to be gone', () => !named(name))
    expect(confirmation().title).toBe(`Shut down ${name}?`)
    the.press('y')
    await until('the outcome', () => the.console.outcomes.length === 1)
    the.press('!')
    expect(top()).toMatchObject({ title: `Shut down ${name}: not begun`, lines: [`${name} is gone`] })
    the.press('escape')
    expect(the.console.layers).toEqual([])
  })

  it('that destroys wants the name typed, and nothing else will do', async () => {
    const [name] = running()
    find(name)
    the.press('K', 'y', 'return')
    expect(confirmation()).toMatchObject({ typed: { wanted: name }, wrong: `that is not ${name}` })
    expect(the.console.tasks).toEqual([])
    the.press('ctrl-u')
    expect(confirmation()).not.toHaveProperty('wrong')
    the.type(name)
    the.press('return')
    await until('it to be off', () => named(name)?.state === 'shut off')
  })

  it('that destroys a machine with an odd name asks for the very text that is shown', async () => {
    the.world.hypervisors.add({
      uuid: uuid(1),
      name: 'a\\b\u001b',
      host: 'hv1',
      life: { state: 1, reason: 1 },
    })
    await until('the new machine', () => the.names().includes('a\\\\b\\e'))
    the.press('home')
    expect(selected()).toBe('a\\\\b\\e')
    the.press('K')
    const lines = dialogOf(the.console, 80)?.lines.map((parts) => parts.map(String).join('')) ?? []
    expect(lines.join('\n')).toContain('Type a\\\\b\\e to do it')
    the.type('a\\\\b\\e')
    the.press('return')
    await until('it to be off', () => named('a\\\\b\\e')?.state === 'shut off')
  })

  it('that destroys is cancelled by Enter alone', () => {
    find(running()[0])
    the.press('K', 'return')
    expect(the.console.layers).toEqual([])
    expect(the.console.tasks).toEqual([])
  })
})

describe('marked machines', () => {
  const mark = (...names: string[]) => {
    the.console.tables.set('machines', {
      marked: new Set(names.map((name) => named(name)?.uuid ?? '')),
    })
  }

  it('are marked row by row, and all at once', () => {
    the.press('home', ' ', ' ')
    expect(
      the.console
        .targets('machine')
        .map((m) => m.name)
        .sort(),
    ).toEqual(the.names().slice(0, 2).sort())
    the.press('home', ' ')
    expect(the.console.targets('machine').map((m) => m.name)).toEqual([the.names()[1]])
    the.press('*')
    expect(the.console.tables.of('machines').marked.size).toBe(0)
    the.press('/', ...'kde', 'return', '*')
    expect(the.console.targets('machine')).toHaveLength(3)
  })

  it('are named and counted in the dialog, and all are acted on', async () => {
    const [one, other] = running()
    mark(one, other)
    the.press('p')
    expect(confirmation().title).toBe('Pause 2 machines?')
    expect(confirmation().rows.map((row) => row.slice(0, 2))).toEqual(
      [one, other].map((name) => [name, named(name)?.host]),
    )
    // Its columns stand below each other, and each command says whose it is.
    const lines = (dialogOf(the.console, 132)?.lines ?? []).map(lineText)
    const columns = lines.filter((line) => / hv\d /.test(line)).map((line) => line.indexOf('hv'))
    expect(columns).toHaveLength(2)
    expect(columns[0]).toBe(columns[1])
    expect(lines.some((line) => line.endsWith(`  # ${other}`))).toBe(true)
    expect(stepsOf(confirmation())).toHaveLength(2)
    the.press('y')
    await until('both to be paused', () => the.console.notice?.text === 'Pause: 2 done')
    expect([named(one)?.state, named(other)?.state]).toEqual(['paused', 'paused'])
    expect(the.console.tables.of('machines').marked.size).toBe(0)
  })

  it('of which some cannot are named with the reason, and left out', () => {
    const [one] = running()
    const off = the.console.snapshot.machines.find((m) => m.state === 'shut off')?.name ?? ''
    const other = running()[1]
    mark(one, off, other)
    the.press('d')
    expect(confirmation()).toMatchObject({
      title: 'Shut down 2 machines?',
      refused: [`${off}: it is shut off`],
    })
    expect(stepsOf(confirmation())).toHaveLength(2)
  })

  it('that none can are told in one line', () => {
    const off = the.console.snapshot.machines.filter((m) => m.state === 'shut off').map((m) => m.name)
    expect(off.length).toBeGreaterThan(1)
    mark(...off)
    the.press('d')
    expect(the.console.notice?.text).toBe(`Shut down: none of the ${off.length} marked can: it is shut off`)
  })

  it('to be destroyed want their number typed', () => {
    mark(...running())
    the.press('K')
    expect(confirmation()).toMatchObject({ title: 'Force off 2 machines?', typed: { wanted: '2' } })
  })
})

describe('a migration', () => {
  it('asks where to and about the disks, shows how far it is, and ends on the target', async () => {
    const name = the.console.snapshot.machines.find((m) => m.state === 'running' && m.hasDisks)?.name ?? ''
    const from = named(name)?.host
    find(name)
    the.press('m')
    const where = top()
    if (where?.kind !== 'ask') throw new Error('no question')
    expect(where.choices?.map(({ value }) => value)).not.toContain(from)
    const to = where.choices?.[where.at]?.value
    the.press('return')
    expect(top()).toMatchObject({ kind: 'ask', question: { id: 'storage' } })
    the.press('return')
    expect(stepsOf(confirmation())[0]?.argv.at(-1)).toBe(`qemu+ssh://${to}/system`)
    the.press('y')
    await until('progress', () => (the.console.tasks[0]?.progress.percent ?? 0) > 10)
    expect(named(name)).toMatchObject({ state: 'migrating', host: from, migration: { to } })
    await until('the end', () => the.console.notice?.text.includes('done in'))
    expect(named(name)).toMatchObject({ host: to, state: 'running' })
  })

  it('can be aborted, and the machine runs on where it was', async () => {
    const name =
      the.console.snapshot.machines.find((m) => m.state === 'running' && m.hasDisks === false)?.name ?? ''
    const from = named(name)?.host
    find(name)
    the.press('m', 'return', 'y')
    await until('it to migrate', () => named(name)?.state === 'migrating')
    the.press('A', 'y')
    const lines = () => the.fleet.journal.latest(20).filter(({ text }) => text.startsWith('migrate: '))
    await until('its end', () => lines().length === 2)
    // Who aborts it knows that it did not come to its end: nothing is left to be read.
    expect(lines()[0]?.text).toMatch(/^migrate: ended, since abort was begun; now /)
    expect(the.console.outcomes).toEqual([])
    await until('it to be back', () => named(name)?.state === 'running')
    expect(named(name)?.host).toBe(from)
  })

  it('asks before one leaves while it is under way', async () => {
    let left = false
    the.console.quit = () => {
      left = true
    }
    const name =
      the.console.snapshot.machines.find((m) => m.state === 'running' && m.hasDisks === false)?.name ?? ''
    find(name)
    the.press('m', 'return', 'y', 'q')
    expect(top()).toEqual({ kind: 'leave' })
    the.press('n')
    expect(left).toBe(false)
    the.press('q', 'y')
    expect(left).toBe(true)
  })
})

describe('a guest that does not listen', () => {
  it('is offered to be forced off, which again wants the name typed', () => {
    const target = the.console.snapshot.machines.find((m) => m.state === 'running')
    the.console.push({
      kind: 'outcome',
      title: 'Shut down' as never,
      lines: [],
      next: { verb: 'off', answers: {}, ids: [target?.uuid ?? ''] },
    })
    the.press('y')
    expect(confirmation()).toMatchObject({
      title: `Force off ${target?.name}?`,
      typed: { wanted: target?.name },
    })
  })
})

describe('a new machine', () => {
  it('is asked for step by step, and wrong answers are said', () => {
    the.press('n', ...'debian-kde-01', 'return')
    expect(top()).toMatchObject({ kind: 'ask', wrong: 'there is a machine of this name' })
    the.press('ctrl-u', ...'kiosk-1', 'return')
    expect(top()).toMatchObject({ question: { id: 'os' } })
    for (const id of ['os', 'vcpus', 'memory', 'disk', 'pool', 'network']) {
      expect(top()).toMatchObject({ kind: 'ask', question: { id } })
      the.press('return')
    }
    expect(stepsOf(confirmation())).toHaveLength(2)
    expect(stepsOf(confirmation())[1]?.input).toContain('<name>kiosk-1</name>')
  })

  it('is seen when it is made', async () => {
    the.press('n', ...'kiosk-1', ...Array(7).fill('return'), 'y')
    await until('the machine', () => named('kiosk-1'))
    await until('the notice', () => the.console.notice?.text.includes('done in'))
  })
})

describe('a console that is read-only', () => {
  it('says so, and asks nothing', async () => {
    await the.end()
    the = await demo({ readOnly: true })
    the.press('2')
    for (const key of ['s', 'd', 'K', 'm', 'p', 'r', 'b', 'a', 'e', 'n', 'D']) {
      the.press(key)
      expect(the.console.notice).toMatchObject({
        text: expect.stringMatching(/: this console is read-only$/),
        severity: 'bad',
      })
      expect(the.console.layers).toEqual([])
    }
    the.press('c')
    expect(the.console.notice?.text).toMatch(/this console is read-only$/)
    the.press('return')
    expect(the.console.page.screen).toBe('machine')
  })
})

describe('the screens', () => {
  it('show the definition of a machine as soon as it is read', async () => {
    find(running()[0])
    the.press('x')
    expect(the.console.page).toMatchObject({ screen: 'xml' })
    const definition = () => the.console.definitions.get(the.console.page.id ?? '')
    await until('the XML', () => definition()?.lines[0]?.startsWith('<domain'))
    expect(definition()?.meaning?.name).toBe(running()[0])
  })

  it('lead from a host of the Overview to its machines', () => {
    the.press('1', 'end', 'up', 'up', 'up', 'up', 'up', 'up', 'up', 'return')
    expect(the.console.page.screen).toBe('machines')
    expect(the.console.tables.of('machines')).toMatchObject({ host: 'hv3', filter: '' })
    expect(the.console.rows('machine').every((m) => m.host === 'hv3')).toBe(true)
  })

  it('show all again with Esc, and open those of a host in spite of what was left out before', () => {
    the.press('2', 'f', '1', 'end', 'up', 'up', 'up', 'up', 'up', 'up', 'up', 'return')
    expect(the.console.tables.of('machines')).toMatchObject({ host: 'hv3', faultsOnly: false })
    the.press('escape')
    expect(the.console.page.screen).toBe('machines')
    expect(the.console.tables.of('machines').host).toBe('')
  })

  it('act on what is selected where what was marked has gone', () => {
    the.press('2')
    the.console.tables.set('machines', { marked: new Set(['gone']) })
    expect(the.console.targets('machine')).toEqual([the.console.machine])
  })

  it('lead from an event to all of it', async () => {
    find(running()[0])
    the.press('p', 'y')
    await until('the pause', () => the.console.notice?.text.includes('done in'))
    the.press('4', 'return')
    expect(the.console.page.screen).toBe('event')
    expect(the.console.hits.event).toBe(the.console.entries[0])
    the.press('escape')
    expect(the.console.page.screen).toBe('events')
  })

  it('help from everywhere, and scroll no further back than their beginning', () => {
    the.press('?', 'down', 'down', 'up', 'up', 'up')
    expect(the.console.page).toMatchObject({ screen: 'help', top: 0 })
    the.press('K')
    expect(the.console.layers).toEqual([])
  })
})

describe('an acknowledgement', () => {
  it('is taken back by an empty note', () => {
    the.press('1')
    expect(the.console.alert).toBeDefined()
    the.press('t', ...'mine', 'return')
    const mine = () => the.fleet.alerts().find(({ acknowledged }) => acknowledged)
    expect(mine()?.acknowledged?.note).toBe('mine')
    const { name } = mine() ?? {}
    while (the.console.alert?.name !== name) the.press('down')
    the.press('t', 'ctrl-u', 'return')
    expect(mine()).toBeUndefined()
    expect(the.console.notice?.text).toBe(`${name}: acknowledgement withdrawn`)
  })
})
