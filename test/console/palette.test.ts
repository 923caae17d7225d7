import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Layer } from '../../src/console/layers.ts'
import { completions, paletteWords } from '../../src/console/palette.ts'
import { say } from '../../src/hosts/label.ts'
import { machineSorts } from '../../src/views/machine/sorts.ts'
import { type Demo, demo } from '../support/demo.ts'
import { uuid } from '../support/facts.ts'
import { until } from '../support/until.ts'

let the: Demo
beforeAll(async () => {
  the = await demo()
})
afterAll(() => the.end())
beforeEach(() => {
  const { console } = the
  console.layers = []
  console.history = []
  console.pages.go('machines')
  console.tables.set('machines', { sort: 'name', descending: false, filter: '', marked: new Set() })
})

const top = (): Layer | undefined => the.console.layers.at(-1)
const typed = () => {
  const layer = top()
  return layer?.kind === 'palette' ? layer.line.text : undefined
}
const command = (text: string) => {
  the.press(':')
  the.type(text)
  the.press('return')
}

describe('the palette', () => {
  it('knows every action, also those without a key, and the screens', () => {
    expect(paletteWords()).toEqual(
      expect.arrayContaining(['undefine', 'reset', 'migrate', 'create', 'overview', 'sort', 'quit', 'help']),
    )
    expect(paletteWords()).not.toContain('palette')
  })

  it('proposes the very word first, then what begins so, then what has it within', () => {
    const { console } = the
    for (const word of paletteWords()) expect(completions(console, word)[0]).toBe(word)
    expect(completions(console, 'set')).toEqual(['set', 'reset'])
    expect(completions(console, 'so')).toEqual(['sort', 'console', 'resources'])
    expect(completions(console, 'off kde')).toEqual(['debian-kde-01', 'debian-kde-02', 'debian-kde-03'])
    expect(completions(console, 'sort a')).toEqual(['auto', 'name', 'state', 'display'])
    // What only resembles it comes where there is nothing else.
    expect(completions(console, 'srt')).toContain('sort')
    expect(completions(console, 'sort ')).toEqual(Object.keys(machineSorts))
  })

  it('completes a command by Tab, as far as it is one', () => {
    the.press(':', 'm', 'i', 'tab')
    expect(typed()).toBe('migrate ')
    the.press('ctrl-u', 's', 'h', 'tab')
    expect(typed()).toBe('sh')
    the.press('o', 'tab')
    expect(typed()).toBe('show ')
    the.press('ctrl-u', ...'set', 'tab')
    expect(typed()).toBe('set ')
    the.press('ctrl-u', ...'ight', 'tab')
    expect(typed()).toBe('weight ')
    the.press('ctrl-u', 'x', 'y', 'tab')
    expect(typed()).toBe('xy')
  })

  it('completes the name of a machine, and the column to sort by', () => {
    const { console } = the
    expect(completions(console, 'off deb')).toEqual(['debian-kde-01', 'debian-kde-02', 'debian-kde-03'])
    expect(completions(console, 'sort m')).toEqual(['memory', 'name'])
    expect(completions(console, 'quit x')).toEqual([])
    the.press(':')
    the.type('off deb')
    the.press('tab')
    expect(typed()).toBe('off debian-kde-0')
  })

  it('does what was typed', () => {
    command('events')
    expect(the.console.page.screen).toBe('events')
    command('machines')
    expect(the.console.page.screen).toBe('machines')
    command('sort cpu')
    expect(the.console.tables.of('machines').sort).toBe('cpu')
    expect(the.console.layers).toEqual([])
  })

  it('goes to a list by what somebody types who does not know its name', () => {
    command('who')
    expect(the.console.page.screen).toBe('sessions')
    command('vm')
    expect(the.console.page.screen).toBe('machines')
    command('people nina')
    expect([the.console.page.screen, the.console.filter]).toEqual(['sessions', 'nina'])
    command('users anna')
    expect(the.console.page.screen).toBe('session')
  })

  it('sorts from the top: the columns are proposed, and the first row is selected', () => {
    const { console } = the
    the.press('end')
    command('sort')
    expect(typed()).toBe('sort ')
    the.press('c', 'tab', 'return')
    expect(console.tables.of('machines')).toMatchObject({ sort: 'cpu', descending: true })
    expect(console.tables.place('machines').selected).toBe(0)
    console.pages.go('frontends')
    expect(completions(console, 'sort a')[0]).toBe('active')
    command('sort act')
    expect(console.tables.of('frontends')).toMatchObject({ sort: 'active', descending: true })
    expect(console.tables.of('machines').sort).toBe('cpu')
  })

  it('sorts by a heading as by the id of its column, and back to the first order of the list', () => {
    const { console } = the
    const hosts = () => console.rows('host').map(({ name }) => name)
    command('hosts')
    const first = hosts()
    command('sort memory used/all')
    expect(console.tables.of('hosts')).toMatchObject({ sort: 'memory', descending: true })
    command('sort RUNNING')
    expect(console.tables.of('hosts')).toMatchObject({ sort: 'machines', descending: true })
    command('sort used')
    expect(console.tables.of('hosts').sort).toBe('memory')
    expect(hosts()).not.toEqual(first)
    command('sort configured')
    expect(hosts()).toEqual(first)
    the.press('O')
    expect(hosts()).toEqual(first.toReversed())
    // The keys come by it, too.
    command('sort roles')
    the.press('o')
    expect(hosts()).toEqual(first)
    command('sort seen')
    expect(top()).toMatchObject({ wrong: 'it cannot be sorted by SEEN' })
    the.press('escape')
    command('sort memroy used/all')
    expect(top()).toMatchObject({ wrong: 'no column memroy used/all. Did you mean memory used/all?' })
    expect(completions(console, 'sort run')[0]).toBe('machines')
  })

  it('shows the columns that are named, on each list by itself, and as at first again', () => {
    const { console } = the
    const shown = () => console.columns('machine').map(({ id }) => id)
    const all = shown()
    command('columns host, name')
    expect(shown()).toEqual(['host', 'name'])
    command('columns +cpu')
    expect(shown()).toEqual(['host', 'name', 'cpu'])
    expect(console.columns('host').length).toBeGreaterThan(3)
    the.press('escape')
    expect(shown()).toEqual(['host', 'name', 'cpu'])
    command('machines')
    command('columns reset')
    expect(shown()).toEqual(all)
    command('columns cup')
    expect(top()).toMatchObject({ kind: 'palette', wrong: 'no column cup. Did you mean cpu or up?' })
    the.press('escape')
    command('columns')
    expect(typed()).toBe('columns ')
    the.press(...'name, me', 'tab')
    expect(typed()).toBe('columns name, memory')
    the.press(...' -v', 'tab')
    expect(typed()).toBe('columns name, memory -vcpus')
    the.press('escape')
    console.pages.go('events')
    command('columns name')
    expect(console.notice?.text).toBe('Columns: on 2 Machines, 3 Front ends, :incidents, :drills')
  })

  it('lets a column be mended that is none, or more than one', () => {
    command('sort colour')
    expect(top()).toMatchObject({ kind: 'palette', wrong: 'no column colour', line: { text: 'sort colour' } })
    the.press('escape')
    command('sort constructor')
    expect(top()).toMatchObject({ wrong: 'no column constructor' })
    the.press('escape')
    command('sort d')
    expect(top()).toMatchObject({ wrong: 'which: disk, display' })
  })

  it('takes the beginning of a command for it', () => {
    command('over')
    expect(the.console.page.screen).toBe('overview')
  })

  it('says what it does not know, and lets it be mended', () => {
    command('explode')
    expect(top()).toMatchObject({ kind: 'palette', wrong: 'no command explode', line: { text: 'explode' } })
    the.press('escape')
    expect(the.console.layers).toEqual([])
  })

  it('says of a word behind a command which takes none that it takes none', () => {
    command('overview kde')
    expect(top()).toMatchObject({ kind: 'palette', wrong: 'overview takes nothing behind it' })
    the.press('escape')
    command('events')
    expect(the.console.page.screen).toBe('events')
  })

  it.each([
    ['hosts hv2', { screen: 'host', id: 'hv2' }],
    ['host hv2', { screen: 'host', id: 'hv2' }],
    ['pools default@hv2', { screen: 'pool', id: 'hv2 default' }],
    ['fe fe2', { screen: 'frontend', id: '10.0.0.12' }],
    ['services 1812', { screen: 'service', id: 'UDP 10.0.0.100:1812' }],
    ['directory ldap1', { screen: 'directory', id: 'ldap1' }],
    ['show hv2', { screen: 'host', id: 'hv2' }],
    ['show fe2', { screen: 'frontend', id: '10.0.0.12' }],
    ['show ldap1', { screen: 'directory', id: 'ldap1' }],
  ])(':%s opens the one that is named, whatever its kind', async (text, page) => {
    await until('the services', () => the.console.snapshot.services.length === 2)
    await until('the pools', () => the.console.snapshot.pools.size === 3)
    command(text)
    expect(the.console.page).toMatchObject(page)
    the.press('escape')
    expect(the.console.table).toBeDefined()
  })

  it('opens a machine that is named by a part of its name, with all that is known of it', async () => {
    command('vm exam-01')
    const machine = the.console.snapshot.machines.find(({ rawName }) => rawName === 'exam-01')
    expect(the.console.page).toMatchObject({ screen: 'machine', id: machine?.uuid })
    await until('its definition', () => the.console.definitions.size === 1)
  })

  it('lists those of a kind that are meant, where they are several, and says what was meant where there is none', async () => {
    command('machines kde')
    expect(the.console.page.screen).toBe('machines')
    expect(the.console.filter).toBe('kde')
    const about = { kind: 'seen', severity: 'info', host: 'hv1' } as const
    the.fleet.journal.add({ at: Date.now(), ...about, text: say`exam-01: paused` })
    command('events exam')
    expect([the.console.page.screen, the.console.filter]).toEqual(['events', 'exam'])
    command('hosts hv9')
    expect(top()).toMatchObject({ wrong: 'no host hv9. Did you mean hv1, hv2 or hv3?' })
    expect(completions(the.console, 'hosts hv')).toEqual(['hv1', 'hv2', 'hv3'])
    the.press('escape')
    await until('the pools', () => the.console.snapshot.pools.size === 3)
    command('show default')
    expect([the.console.page.screen, the.console.filter]).toEqual(['pools', 'default'])
    command('show hv9')
    expect(top()).toMatchObject({ wrong: 'nothing is called hv9. Did you mean hv1, hv2 or hv3?' })
    expect(completions(the.console, 'show hv')).toEqual(['hv1', 'hv2', 'hv3'])
  })

  it('acts on the machine that is named, wherever the selection is', () => {
    const off = the.console.snapshot.machines.find((m) => m.state === 'running')
    command(`off ${off?.name}`)
    expect(top()).toMatchObject({
      kind: 'confirm',
      title: `Force off ${off?.name}?`,
      typed: { wanted: off?.name },
    })
  })

  it('says that there is no such machine, or that it is not for this screen', () => {
    command('off nosuch')
    expect(the.console.notice).toEqual({ text: 'no machine nosuch', severity: 'bad' })
    the.console.pages.go('overview')
    command('sort cpu')
    expect(the.console.notice).toMatchObject({
      text: 'Sort: on 2 Machines, 3 Front ends, :incidents, :drills',
    })
    command('faults')
    expect(the.console.notice).toMatchObject({
      text: 'Faults only: on 2 Machines, 3 Front ends, 4 Events',
    })
  })

  it('proposes what was probably meant: a command, a machine, a column', () => {
    command('stop')
    expect(top()).toMatchObject({ wrong: 'no command stop. Did you mean shutdown or off?' })
    the.press('escape')
    command('migrte')
    expect(top()).toMatchObject({ wrong: 'no command migrte. Did you mean migrate?' })
    the.press('escape')
    command('off exam-1')
    expect(the.console.notice).toMatchObject({ text: 'no machine exam-1. Did you mean exam-01?' })
    command('reload lb9')
    expect(the.console.notice).toMatchObject({ text: 'no balancer lb9. Did you mean lb1 or lb2?' })
    command('sort nmae')
    expect(top()).toMatchObject({ wrong: 'no column nmae. Did you mean name?' })
  })

  it('proposes a name as it is typed, and shows it as any other text: a backslash becomes two, and not four', async () => {
    const odd = the.world.hypervisors.add({ uuid: uuid(7), name: 'odd\\one', host: 'hv1' })
    await until('it', () => the.console.snapshot.machines.some(({ rawName }) => rawName === 'odd\\one'))
    expect(completions(the.console, 'start od')).toEqual(['odd\\one'])
    the.press(':')
    the.type('start od')
    the.press('tab')
    expect(typed()).toBe('start odd\\one')
    the.press('return')
    expect(top()).toMatchObject({ kind: 'confirm', title: 'Start odd\\\\one?' })
    the.press('escape')
    // Also as it stands on the screen.
    command('start odd\\\\one')
    expect(top()?.kind).toBe('confirm')
    the.press('escape')
    command('start odd\\on')
    expect(the.console.notice?.text).toBe('no machine odd\\\\on. Did you mean odd\\\\one?')
    the.world.hypervisors.forget(odd.uuid)
  })

  it('recalls what was typed before, newest first, each once', () => {
    command('sort cpu')
    command('sort name')
    command('sort cpu')
    the.press(':', 'up')
    expect(typed()).toBe('sort cpu')
    the.press('up')
    expect(typed()).toBe('sort name')
    the.press('up', 'up', 'down')
    expect(typed()).toBe('sort cpu')
    the.press('down')
    expect(typed()).toBe('')
  })

  it('closes when nothing is typed', () => {
    the.press(':', 'return')
    expect(the.console.layers).toEqual([])
    the.press(':', 'a', 'backspace', 'backspace')
    expect(the.console.layers).toEqual([])
  })

  it('shows hostile text as text', () => {
    command('\u202eevil')
    expect(top()).toMatchObject({ wrong: 'no command \\u{202e}evil' })
  })
})
