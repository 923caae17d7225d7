import { describe, expect, it } from 'vitest'
import { permitted, refusedByMode } from '../../src/actions/action.ts'
import { actions, actionsOf } from '../../src/actions/table.ts'
import { commands } from '../../src/console/commands.ts'
import { keyTable } from '../../src/console/key-table.ts'
import { tableIds } from '../../src/console/table-kinds.ts'
import { isOn } from '../../src/console/whereabouts.ts'
import { shownKinds } from '../../src/views/kinds.ts'
import { channels } from '../support/displays.ts'
import { host, machine, snapshot } from '../support/records.ts'
import { seen } from '../support/sight.ts'
import { StillFleet } from '../support/still-fleet.ts'

const repeated = (all: readonly string[]) => all.filter((one, i) => all.indexOf(one) !== i)

describe('the table of actions', () => {
  it.each(actions.map((action) => [action.verb, action] as const))('tells all of "%s"', (_verb, action) => {
    expect(['safe', 'disruptive', 'destructive']).toContain(action.risk)
    expect(action.title).toMatch(/^[A-Zv].{2,}$/)
    expect(action.help).toMatch(/^[A-Z^].{15,}\.$/)
    expect(action.verb).toMatch(/^[a-z]+$/)
    expect([
      'machine',
      'host',
      'frontend',
      'service',
      'balancer',
      'session',
      'display',
      'node',
      'resource',
    ]).toContain(action.subject)
    if (action.kind === 'change') {
      expect(action.risk).not.toBe('safe')
      expect(action.patience).toBeGreaterThan(0)
      expect(repeated(action.asks.map(({ id }) => id))).toEqual([])
      for (const { id, text, value } of action.asks) {
        expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/)
        expect(text).not.toBe('')
        expect(value).not.toBe('')
      }
    }
  })

  it.each(
    actions.flatMap((action) =>
      action.kind === 'change'
        ? action.asks.map((question) => [action.verb, question.id, question] as const)
        : [],
    ),
  )('takes for "%s" each %s that it offers', (_verb, _id, question) => {
    const shown = snapshot([machine()])
    const [on] = shown.hosts
    const [display] = channels(seen())
    const target = {
      ...machine(),
      ...on,
      name: 'TCP 10.9.0.100:389',
      services: [],
      reals: [],
      display,
    } as never
    for (const answers of [{}, { disk: '1', how: 'weight' }].map((one) => ({
      ...one,
      address: '10.9.0.13',
    }))) {
      const choices = question.choices?.(target, shown, 10_000, answers, [target]) ?? []
      for (const { value, title, disabled } of choices) {
        expect([value, title]).toEqual([expect.stringMatching(/./), expect.stringMatching(/./)])
        if (disabled === undefined)
          expect(question.wrong?.(value, target, shown, 10_000, answers, [target])).toBeUndefined()
      }
      expect(new Set(choices.map(({ value }) => value)).size).toBe(choices.length)
      const words = question.value.split('|')
      if (words.length > 1 && choices.length && !/[A-Z]/.test(question.value))
        expect(choices.map(({ value }) => value).sort()).toEqual(words.sort())
    }
  })

  /** Numbers at their limits, names, addresses, and what is typed by mistake. */
  const typed =
    '|0|1|512|513|65535|65536|100000|1.5|-1|1x|x1| 1|2G|x|a b|a/b|.a|-a|ä|10.9.0.13|10.9.0.13:390|fd00::13|yes|no|none|a|b|default|lan'.split(
      '|',
    )

  it.each([
    ['migrate', 'to', 'b'],
    ['set', 'vcpus', '1|512| 1'],
    ['set', 'memory', '2G'],
    [
      'create',
      'name',
      '0|1|512|513|65535|65536|100000|1.5|1x|x1|2G|x|a b|ä|10.9.0.13|yes|no|none|a|b|default|lan',
    ],
    ['create', 'vcpus', '1|512| 1'],
    ['create', 'memory', '2G'],
    ['create', 'disk', '0|1|512|513|65535|65536'],
    ['create', 'pool', 'default'],
    ['create', 'network', 'none|lan'],
    ['drain', 'how', undefined],
    ['drain', 'and-wait', 'yes|no'],
    ['restore', 'weight', '0|1|512|513|65535'],
    ['weight', 'weight', '0|1|512|513|65535'],
    ['clone', 'address', '10.9.0.13'],
    ['close', 'insist', 'yes|no'],
    ['resize', 'to', undefined],
    ['message', 'text', typed.slice(1).join('|')],
    ['add', 'address', '10.9.0.13|10.9.0.13:390'],
    ['add', 'forward', undefined],
    ['add', 'weight', '0|1|512|513|65535'],
  ])('takes of all that may be typed for "%s" %s only %s', (verb, id, taken) => {
    const shown = snapshot([machine()])
    const target = {
      ...host('a'),
      ...machine(),
      name: 'TCP 10.9.0.100:389',
      services: [],
      reals: [],
    } as never
    const change = actions.find((one) => one.verb === verb)
    const question = change?.kind === 'change' ? change.asks.find((one) => one.id === id) : undefined
    const rest = [target, shown, 10_000, { address: '10.9.0.13' }, [target]] as const
    const found = typed.filter(
      (one) => !(question?.wrong?.(one, ...rest) ?? question?.refuses?.(one, ...rest)),
    )
    expect(found).toEqual(taken?.split('|') ?? [])
  })

  it('has no verb twice, and no change that of a command of the console', () => {
    expect(repeated(actions.map(({ verb }) => verb))).toEqual([])
    // To show something is also a command, for whatever has a name.
    const changes = actions.filter(({ kind }) => kind === 'change').map(({ verb }) => verb)
    expect(repeated([...changes, ...commands.map(({ id }) => id)])).toEqual([])
  })

  it('has no key twice on a screen, also not among the commands of the console', () => {
    for (const screen of [...tableIds, ...shownKinds, 'charts', 'checks', 'help', 'xml'] as const) {
      // Enter is one key: the command opens what is selected, which for a machine is the action.
      const own = commands.filter(({ id, on }) => id !== 'enter' && (on?.includes(screen) ?? true))
      const here = actions.filter((action) => isOn(action, screen))
      const keys = [...own.flatMap((one) => one.keys), ...here.flatMap(({ key }) => key ?? [])]
      expect({ screen, twice: repeated(keys) }).toEqual({ screen, twice: [] })
    }
  })

  it('has no key that a terminal keeps for itself, or that cannot be typed', () => {
    const keys: string[] = [
      ...commands.flatMap(({ keys }) => [...keys]),
      ...actions.flatMap(({ key }) => key ?? []),
    ]
    for (const kept of ['ctrl-s', 'ctrl-q', 'ctrl-m', 'ctrl-j', 'ctrl-i', 'ctrl-h', 'ctrl-\\'])
      expect(keys).not.toContain(kept)
    for (const key of keys)
      expect(key).toMatch(
        /^([!-~ ]|ctrl-[a-z]|up|down|left|right|pageup|pagedown|home|end|tab|backtab|return|escape|backspace)$/,
      )
  })

  it('lets nothing that destroys have a small letter, which is typed by mistake', () => {
    for (const { risk, key } of actions) if (risk === 'destructive') expect(key ?? 'X').toMatch(/^[A-Z]$/)
  })

  it('is the source of the key table', () => {
    const [
      ofMachine,
      ofHost,
      ofFrontend,
      ofService,
      ofBalancer,
      ofSession,
      ofDisplay,
      ofResource,
      ofNode,
      own,
    ] = keyTable()
    expect(ofMachine?.keys.map(({ title }) => title)).toEqual(actionsOf.machine.map(({ title }) => title))
    expect(ofHost?.keys.map(({ title }) => title)).toEqual(actionsOf.host.map(({ title }) => title))
    expect(ofFrontend?.keys.map(({ title }) => title)).toEqual(actionsOf.frontend.map(({ title }) => title))
    expect(ofService?.keys.map(({ title }) => title)).toEqual(actionsOf.service.map(({ title }) => title))
    expect(ofBalancer?.keys.map(({ title }) => title)).toEqual(actionsOf.balancer.map(({ title }) => title))
    expect(ofSession?.keys.map(({ title }) => title)).toEqual(actionsOf.session.map(({ title }) => title))
    expect(ofDisplay?.keys.map(({ title }) => title)).toEqual(actionsOf.display.map(({ title }) => title))
    expect(ofResource?.keys.map(({ title }) => title)).toEqual(actionsOf.resource.map(({ title }) => title))
    expect(ofNode?.keys.map(({ title }) => title)).toEqual(actionsOf.node.map(({ title }) => title))
    expect(own?.keys).toHaveLength(commands.length)
    expect(ofMachine?.keys).toContainEqual(
      expect.objectContaining({ key: 'K', title: 'Force off', mark: '!!' }),
    )
    expect(ofMachine?.keys).toContainEqual(expect.objectContaining({ key: ':undefine', mark: '!!' }))
    expect(ofMachine?.keys).toContainEqual(expect.objectContaining({ key: 'm', mark: '! ' }))
    expect(ofMachine?.keys).toContainEqual(expect.objectContaining({ key: 'Enter', mark: '  ' }))
  })

  it('finds an action by its verb', () => {
    expect(actionsOf.machine.find((one) => one.verb === 'migrate')?.title).toBe('Migrate')
    expect(actionsOf.machine.find((one) => one.verb === 'nothing')).toBeUndefined()
  })
})

describe('read-only mode', () => {
  const shown = snapshot([machine()])

  it('takes away every action that changes something, whatever the state', () => {
    const fleet = new StillFleet(shown, { readOnly: true })
    const states = ['running', 'shut off', 'paused', 'crashed', 'migrating'] as const
    for (const action of actionsOf.machine)
      for (const state of states) {
        const can = permitted(action, machine({ state }), { fleet, snapshot: snapshot([machine({ state })]) })
        if (action.risk === 'safe') expect(can).toBe(true)
        else expect(can).toBe('this console is read-only')
      }
    for (const action of actionsOf.host)
      expect(permitted(action, host('a'), { fleet, snapshot: shown })).toBe('this console is read-only')
  })

  it('leaves showing the details and the XML, and nothing more', () => {
    const fleet = new StillFleet(shown, { readOnly: true })
    const left = actions.filter((action) => !refusedByMode(action, fleet)).map(({ verb }) => verb)
    expect(left.sort()).toEqual(['show', 'xml'])
  })

  it('is not in force by itself', () => {
    const fleet = new StillFleet(shown)
    for (const action of actions) expect(refusedByMode(action, fleet)).toBeUndefined()
  })
})

describe('what can be done with a machine', () => {
  /** The verbs that can be used on it, or for the others the reasons. */
  function can(of: Parameters<typeof machine>[0], hosts = [host('a'), host('b')]) {
    const target = machine(of)
    const shown = snapshot([target], hosts)
    const fleet = new StillFleet(shown)
    return Object.fromEntries(
      actionsOf.machine.map((action) => [action.verb, permitted(action, target, { fleet, snapshot: shown })]),
    )
  }
  const possible = (all: Record<string, unknown>) =>
    Object.keys(all)
      .filter((verb) => all[verb] === true)
      .sort()

  it('follows from its state', () => {
    expect(possible(can({ state: 'running' }))).toEqual(
      [
        'autostart',
        'console',
        'migrate',
        'off',
        'pause',
        'reboot',
        'reset',
        'set',
        'show',
        'shutdown',
        'xml',
      ].sort(),
    )
    expect(possible(can({ state: 'shut off' }))).toEqual([
      'autostart',
      'set',
      'show',
      'start',
      'undefine',
      'xml',
    ])
    expect(possible(can({ state: 'crashed' }))).toEqual([
      'autostart',
      'set',
      'show',
      'start',
      'undefine',
      'xml',
    ])
    expect(can({ state: 'paused' })).toMatchObject({ resume: true, pause: 'it is paused', off: true })
    expect(can({ state: 'running' })).toMatchObject({
      start: 'it is running',
      resume: 'it is running, not paused',
    })
  })

  it('is no more than to abort it while it migrates, and the reason is that', () => {
    const migrating = can({ state: 'migrating', migration: { from: 'a', to: 'b' } })
    expect(possible(migrating)).toEqual(['abort', 'show', 'xml'])
    expect(migrating).toMatchObject({ start: 'it is migrating to b', off: 'it is migrating to b' })
  })

  it('is nothing while its host does not answer, and the reason is why', () => {
    const trouble = {
      kind: 'unreachable',
      reason: host('a').name as never,
      advice: '' as never,
      since: 1,
    } as const
    expect(possible(can({}, [host('a', { reachable: false, trouble })]))).toEqual(['show', 'xml'])
    expect(can({}, [host('a', { reachable: false, trouble })])).toMatchObject({
      start: 'a does not answer: a',
    })
    expect(can({}, [host('a', { reachable: false })])).toMatchObject({ start: 'a does not answer' })
  })

  it('leaves a definition out where there is none', () => {
    expect(can({ persistent: false })).toMatchObject({
      autostart: 'it is transient: it has no definition',
      set: 'it is transient: it has no definition',
    })
  })

  it('is nothing when it has gone', () => {
    const shown = snapshot([])
    const fleet = new StillFleet(shown)
    for (const action of actionsOf.machine.filter(({ kind }) => kind === 'change'))
      expect(permitted(action, machine(), { fleet, snapshot: shown })).toBe('web1 is gone')
  })

  it('judges the machine as it is, not as it was when it was selected', () => {
    const shown = snapshot([machine({ state: 'shut off' })])
    const fleet = new StillFleet(shown)
    const start = actionsOf.machine.find((one) => one.verb === 'start')
    expect(start && permitted(start, machine({ state: 'running' }), { fleet, snapshot: shown })).toBe(true)
  })
})
