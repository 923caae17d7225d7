import { describe, expect, it } from 'vitest'
import type { DeskSystem } from '../../src/broker/protocol.ts'
import { closesWithin, numbersOf, rowsOf } from '../../src/desk/rows.ts'
import { alive, atHome, channel, Driven, opening, systems, withOpen } from './support/desk.ts'

describe('at home', () => {
  it('asks for the systems, and shows them in the order of the catalogue', () => {
    const desk = new Driven().happen({ is: 'begin' })
    expect(desk.wanted()).toEqual([{ do: 'systems' }])
    expect(rowsOf(desk.desk)).toEqual([])
    desk.happen({ is: 'systems', systems })
    expect(rowsOf(desk.desk).map((one) => one.row === 'system' && one.system.name)).toEqual([
      'debian',
      'fedora',
      'lab',
    ])
  })

  it('leaves each system its number, whatever is open', () => {
    const desk = atHome()
    expect(numbersOf(rowsOf(desk.desk))).toEqual([1, 2, 3])
    desk.see(alive(channel('abcdef', { system: 'fedora' }), channel('bbbbbb')))
    expect(numbersOf(rowsOf(desk.desk))).toEqual([4, 5, 1, 2, 3])
    desk.happen({ is: 'no-systems', fault: { kind: 'unreachable', reference: 'k7' } })
    expect(numbersOf(rowsOf(desk.desk))).toEqual([4, 5, 1, 2, 3, 6])
    expect(desk.happen({ is: 'choose', number: 5 }).desk.page).toEqual({ at: 'open', channel: 'bbbbbb' })
    desk.happen({ is: 'back' }, { is: 'choose', number: 2 })
    expect(desk.desk.page).toMatchObject({ at: 'again', system: 'fedora' })
  })

  it('puts open desktops first, and selects one of them', () => {
    const desk = new Driven({}, { last: { system: 'lab', sessions: {} } }).see(alive(channel('abcdef')))
    desk.happen({ is: 'systems', systems })
    expect(rowsOf(desk.desk).map(({ row }) => row)).toEqual(['channel', 'system', 'system', 'system'])
    expect(desk.selected).toMatchObject({ row: 'channel' })
  })

  it('selects the system of the last time', () => {
    const desk = new Driven({}, { last: { system: 'fedora', sessions: {} } })
    desk.happen({ is: 'begin' }, { is: 'systems', systems })
    expect(desk.selected).toMatchObject({ row: 'system', system: { name: 'fedora' } })
  })

  it('selects an open desktop before the system of the last time', () => {
    const desk = withOpen().choose('back').happen({ is: 'back' }, { is: 'back' })
    expect(desk.desk.last.system).toBe('fedora')
    expect(desk.selected).toMatchObject({ row: 'channel' })
  })

  it('keeps the row selected on which the person stands, when desktops come and go above it', () => {
    const desk = atHome()
      .happen({ is: 'down' })
      .see(alive(channel('abcdef'), channel('bbbbbb')))
    expect(desk.selected).toMatchObject({ row: 'system', system: { name: 'fedora' } })
    desk.see(alive(channel('bbbbbb')))
    expect(desk.selected).toMatchObject({ row: 'system', system: { name: 'fedora' } })
  })

  it('says why the systems could not be told, and asks again when wanted', () => {
    const desk = new Driven().happen(
      { is: 'begin' },
      { is: 'no-systems', fault: { kind: 'broken', reference: 'k7' } },
    )
    desk.wanted()
    desk.choose('retry')
    expect(desk.wanted()).toEqual([{ do: 'systems' }])
    expect(desk.desk.fault).toBeUndefined()
  })

  it('asks for the systems anew when somebody moves after a while, and not while nobody is there', () => {
    const desk = atHome().wait(31_000)
    expect(desk.wanted()).toEqual([])
    desk.happen({ is: 'down' }, { is: 'down' })
    expect(desk.wanted()).toEqual([{ do: 'systems' }])
    desk.choose('system', 2).wait(31_000).wanted()
    desk.happen({ is: 'back' })
    expect(desk.wanted()).toEqual([{ do: 'cancel', talk: 1 }, { do: 'systems' }])
  })

  it('asks whether to leave, and stays by Esc', () => {
    const desk = atHome().happen({ is: 'back' })
    expect(desk.at).toBe('leave')
    desk.happen({ is: 'back' })
    expect(desk.at).toBe('home')
    desk.happen({ is: 'back' }, { is: 'enter' })
    expect(desk.wanted()).toEqual([{ do: 'leave' }])
  })

  it('selects nothing that is not there', () => {
    const desk = atHome().happen({ is: 'up' }, { is: 'up' })
    expect(desk.desk.selected).toBe(0)
    for (let i = 0; i < 9; i++) desk.happen({ is: 'down' })
    expect(desk.desk.selected).toBe(2)
    desk.happen({ is: 'choose', number: 8 })
    expect(desk.at).toBe('home')
    desk.happen({ is: 'systems', systems: systems.slice(0, 1) })
    expect(desk.desk.selected).toBe(0)
  })

  it('changes the language on every page', () => {
    const desk = atHome().happen({ is: 'language' })
    expect(desk.desk.language).toBe('en')
    expect(opening().happen({ is: 'language' }).desk.language).toBe('en')
  })
})

describe('which desktop', () => {
  it('is asked where the catalogue offers several, the last one first selected', () => {
    const desk = atHome({}, { last: { sessions: { debian: 'xfce' } } }).choose('system', 0)
    expect(desk.at).toBe('session')
    expect(desk.selected).toMatchObject({ session: { id: 'xfce', name: 'Xfce' }, isLast: true })
    desk.happen({ is: 'enter' })
    expect(desk.wanted()).toEqual([{ do: 'machine', talk: 1, system: 'debian' }])
    desk.happen({ is: 'machine', talk: 1, said: { machine: { name: 'd1', address: '192.0.2.1', port: 22 } } })
    expect(desk.wanted()).toEqual([
      {
        do: 'open',
        talk: 1,
        wish: {
          machine: { name: 'd1', address: '192.0.2.1', port: 22 },
          system: 'debian',
          session: 'xfce',
          sessions: ['plasma', 'xfce'],
          shows: 'session',
          keep: true,
          size: 'full',
        },
      },
    ])
  })

  it('goes over the network in the clear where the catalogue says so, and nowhere else', () => {
    const inClear = { ...systems[2], x11OverTcp: '10.0.0.1' } as DeskSystem
    const wishOf = (all: readonly DeskSystem[]) => {
      const desk = atHome().happen({ is: 'systems', systems: all }).choose('system', 2)
      desk.happen({ is: 'machine', talk: 1, said: { machine: { name: 'u1', address: '192.0.2.3' } } })
      return desk.wanted().at(-1)
    }
    const two = systems.slice(0, 2)
    expect(wishOf([...two, inClear])).toMatchObject({ do: 'open', wish: { x11OverTcp: '10.0.0.1' } })
    expect(wishOf(systems)).not.toHaveProperty('wish.x11OverTcp')
  })

  it('is not asked where there is one', () => {
    const desk = atHome().choose('system', 2)
    expect(desk.at).toBe('progress')
    desk.happen({ is: 'machine', talk: 1, said: { machine: { name: 'u1', address: '192.0.2.3' } } })
    expect(desk.wanted().at(-1)).toMatchObject({ do: 'open', wish: { session: 'xfce' } })
  })

  it('is asked later, where only the machine knows', () => {
    const desk = opening()
    desk.wanted()
    const choices = ['gnome', 'xfce'].map((id) => ({ id, name: id }))
    desk.happen({ is: 'said', talk: 1, said: { asks: 'session', choices } })
    expect(desk.at).toBe('session')
    desk.happen({ is: 'choose', number: 2 })
    expect(desk.wanted()).toEqual([{ do: 'answer', talk: 1, answer: { session: 'xfce' } }])
    expect(desk.at).toBe('progress')
  })

  it('is answered by itself where the machine has one', () => {
    const desk = opening()
    desk.wanted()
    desk.happen({ is: 'said', talk: 1, said: { asks: 'session', choices: [{ id: 'xfce', name: 'Xfce' }] } })
    expect(desk.wanted()).toEqual([{ do: 'answer', talk: 1, answer: { session: 'xfce' } }])
    expect(desk.at).toBe('progress')
  })

  it('fails where the machine has none', () => {
    const desk = opening().happen({ is: 'said', talk: 1, said: { asks: 'session', choices: [] } })
    expect(desk.desk.page).toMatchObject({ at: 'failed', fault: { kind: 'no-session' } })
  })

  it('goes back from either question, and takes back what was begun', () => {
    expect(atHome().choose('system', 0).happen({ is: 'back' }).at).toBe('home')
    const desk = opening()
    const choices = ['gnome', 'xfce'].map((id) => ({ id, name: id }))
    desk.happen({ is: 'said', talk: 1, said: { asks: 'session', choices } })
    desk.wanted()
    desk.happen({ is: 'back' })
    expect(desk.at).toBe('home')
    expect(desk.wanted()).toEqual([{ do: 'cancel', talk: 1 }])
  })
})

describe('progress', () => {
  it('tells each step once, and since when', () => {
    const desk = atHome().choose('system', 1)
    const begun = desk.desk.now
    desk.happen(
      { is: 'machine', talk: 1, said: { step: 'choosing' } },
      { is: 'machine', talk: 1, said: { step: 'starting' } },
      { is: 'machine', talk: 1, said: { step: 'starting' } },
      { is: 'machine', talk: 1, said: { step: 'waiting' } },
    )
    expect(desk.desk.page).toMatchObject({
      opening: {
        steps: [
          { kind: 'choosing', since: begun, until: begun + 2000 },
          { kind: 'starting', since: begun + 2000, until: begun + 4000 },
          { kind: 'waiting', since: begun + 4000 },
        ],
      },
    })
  })

  it('is taken back by Esc, and nothing that is heard of it later counts', () => {
    const desk = atHome().choose('system', 1).happen({ is: 'back' })
    expect(desk.wanted().at(-1)).toEqual({ do: 'cancel', talk: 1 })
    expect(desk.selected).toMatchObject({ system: { name: 'fedora' } })
    desk.happen({ is: 'machine', talk: 1, said: { no: 'none-free', reference: 'x' } })
    expect(desk.at).toBe('home')
    desk.choose('system', 2)
    desk.happen({ is: 'machine', talk: 1, said: { no: 'none-free', reference: 'x' } })
    expect(desk.at).toBe('progress')
  })

  it.each(['none-free', 'not-started', 'unreachable'] as const)('says that there is no machine: %s', (no) => {
    const desk = atHome().choose('system', 2)
    desk.happen({ is: 'machine', talk: 1, said: { no, reference: 'k7pq2a' } })
    expect(desk.desk.page).toMatchObject({ at: 'failed', fault: { kind: no, reference: 'k7pq2a' } })
    desk.wanted()
    desk.choose('retry')
    expect(desk.wanted()).toEqual([{ do: 'machine', talk: 2, system: 'lab' }])
  })

  it('tries again with the same desktop', () => {
    const desk = atHome().choose('system', 0).choose('session', 1)
    desk.happen({ is: 'machine', talk: 1, said: { no: 'none-free', reference: '' } }).choose('retry')
    expect(desk.at).toBe('progress')
    expect(desk.desk.page).toMatchObject({ opening: { session: 'xfce' } })
  })
})

describe('the password', () => {
  const asked = () =>
    opening().happen({ is: 'said', talk: 1, said: { asks: 'password', attempt: 1, user: 'anna' } })

  it('is typed, mended and sent once', () => {
    const desk = asked()
    desk.wanted()
    desk.happen({ is: 'typed', text: 'sägx' }, { is: 'erase' }, { is: 'typed', text: 'e' }, { is: 'enter' })
    expect(desk.wanted()).toEqual([{ do: 'answer', talk: 1, answer: { password: 'säge' } }])
    expect(JSON.stringify(desk.desk)).not.toContain('säge')
  })

  it('is asked again when it was wrong, and nothing of the first is left', () => {
    const desk = asked().happen({ is: 'typed', text: 'no' }, { is: 'enter' })
    desk.happen({ is: 'said', talk: 1, said: { asks: 'password', attempt: 2, user: 'anna' } })
    expect(desk.desk.page).toMatchObject({ at: 'password', attempt: 2, typed: '' })
    const failed = { kind: 'auth', reason: '', advice: '', reference: 'abcdef' } as const
    desk.happen({ is: 'said', talk: 1, said: { failed } })
    expect(desk.desk.page).toMatchObject({ at: 'failed', fault: { kind: 'auth' } })
  })

  it('is no choice: digits and letters are typed, an empty one is not sent', () => {
    const desk = asked()
    desk.wanted()
    desk.happen({ is: 'enter' }, { is: 'choose', number: 1 }, { is: 'close' })
    expect(desk.at).toBe('password')
    expect(desk.wanted()).toEqual([])
  })

  it('is taken back by Esc', () => {
    const desk = asked()
    desk.wanted()
    desk.happen({ is: 'typed', text: 'x' }, { is: 'back' })
    expect(desk.at).toBe('home')
    expect(desk.wanted()).toEqual([{ do: 'cancel', talk: 1 }])
  })

  it('is never longer than the keeper takes', () => {
    const desk = asked().happen({ is: 'typed', text: 'a'.repeat(5000) })
    expect(desk.desk.page).toMatchObject({ typed: 'a'.repeat(1000) })
  })
})

describe('an open desktop', () => {
  it('is remembered, and waited below', () => {
    const desk = opening()
    desk.happen({ is: 'said', talk: 1, said: { open: channel('abcdef', { system: 'fedora' }) } })
    expect(desk.desk.page).toEqual({ at: 'open', channel: 'abcdef' })
    expect(desk.wanted().at(-1)).toEqual({
      do: 'remember',
      last: { system: 'fedora', sessions: { fedora: 'xfce' } },
    })
  })

  it('is none before its session is there', () => {
    const desk = atHome().see(alive(channel('abcdef', { state: 'opening' })))
    expect(desk.desk.channels).toEqual([])
  })

  it('that ends by itself leaves no word', () => {
    const desk = withOpen().see([])
    expect(desk.at).toBe('home')
    expect(desk.desk.note).toBeUndefined()
  })

  it('is not taken for gone by a look that began before it was open', () => {
    const desk = opening()
    const asked = desk.desk.now
    desk.happen({ is: 'said', talk: 1, said: { open: channel('abcdef') } })
    desk.happen({ is: 'channels', channels: [], asked })
    expect(desk.at).toBe('open')
    desk.see([])
    expect(desk.at).toBe('home')
  })

  it.each([
    ['whose keeper died', () => [{ fate: 'orphan', isHere: true, said: channel('abcdef') }] as const],
    ['that is dead', () => [{ fate: 'dead', isHere: true, said: channel('abcdef') }] as const],
  ])('%s is told of, until the next choice', (_, seen) => {
    const desk = withOpen().see(seen())
    expect(desk.at).toBe('home')
    expect(desk.desk.note).toEqual({ kind: 'lost', reference: 'abcdef' })
    desk.see(seen())
    expect(desk.desk.note).toBeDefined()
    desk.choose('system', 2)
    expect(desk.desk.note).toBeUndefined()
  })

  it.each([
    [{ trouble: 'it was asked to end, and did not' }],
    [{ silent: 'machine' }],
    [{ silent: 'terminal' }],
  ] as const)('that was in trouble before it went is told of: %o', (said) => {
    const desk = withOpen()
      .see(alive(channel('abcdef', said)))
      .see([])
    expect(desk.desk.note).toEqual({ kind: 'lost', reference: 'abcdef' })
  })

  it('is gone back to', () => {
    const desk = withOpen().happen({ is: 'back' }).choose('channel')
    expect(desk.desk.page).toEqual({ at: 'open', channel: 'abcdef' })
    expect(desk.wanted()).toEqual([{ do: 'tell', channel: 'abcdef', what: 'bring' }])
    desk.happen({ is: 'refused', channel: 'bbbbbb', what: 'bring' })
    expect(desk.at).toBe('open')
    desk.happen({ is: 'refused', channel: 'abcdef', what: 'bring' })
    expect(desk.desk.page).toMatchObject({ at: 'failed', fault: { kind: 'not-brought' } })
  })

  it('at another terminal is brought over where it is kept, and stays there where it is not', () => {
    const elsewhere = (keep: boolean) =>
      atHome().see([{ fate: 'alive', isHere: false, said: channel('abcdef', { keep }) }])
    expect(elsewhere(true).choose('channel').wanted()).toEqual([
      { do: 'tell', channel: 'abcdef', what: 'bring' },
    ])
    const desk = elsewhere(false).choose('channel')
    expect(desk.desk.page).toMatchObject({ at: 'failed', fault: { kind: 'elsewhere' } })
    expect(desk.wanted()).toEqual([])
    expect(desk.choose('back').happen({ is: 'close', number: 4 }).at).toBe('close')
  })

  it('is offered before a second one of its system is opened', () => {
    const desk = withOpen().happen({ is: 'back' }).choose('system', 1)
    expect(desk.at).toBe('again')
    expect(desk.selected).toMatchObject({ row: 'go' })
    desk.choose('another')
    expect(desk.at).toBe('progress')
    const gone = withOpen().happen({ is: 'back' }).choose('system', 1).see([])
    expect(gone.at).toBe('home')
  })

  it('is closed only when that is confirmed, and no is what Enter says', () => {
    const desk = withOpen().happen({ is: 'close' })
    expect(desk.at).toBe('close')
    desk.happen({ is: 'enter' })
    expect(desk.at).toBe('home')
    expect(desk.wanted()).toEqual([])
    desk.happen({ is: 'close', number: 4 }).choose('close')
    expect(desk.at).toBe('closing')
    expect(desk.wanted()).toEqual([{ do: 'tell', channel: 'abcdef', what: 'close' }])
    desk.happen({ is: 'refused', channel: 'abcdef', what: 'close' })
    expect(desk.at).toBe('closing')
    desk.see(alive(channel('abcdef', { state: 'closing', trouble: 'slow' }))).see([])
    expect(desk.at).toBe('home')
    expect(desk.desk.note).toBeUndefined()
  })

  it('that does not close can be waited for, gone back to, or ended', () => {
    const desk = withOpen().happen({ is: 'close' }).choose('close')
    expect(rowsOf(desk.desk)).toEqual([])
    desk.wait(closesWithin)
    expect(rowsOf(desk.desk).map(({ row }) => row)).toEqual(['back', 'go', 'close-anyway'])
    desk.choose('back')
    expect(desk.at).toBe('closing')
    expect(rowsOf(desk.desk)).toEqual([])
    desk.wait(closesWithin).wanted()
    desk.choose('close-anyway')
    expect(desk.wanted()).toEqual([{ do: 'tell', channel: 'abcdef', what: 'insist' }])
    desk.wait(closesWithin - 1)
    expect(rowsOf(desk.desk)).toEqual([])
    desk.wait(closesWithin + 1)
    expect(desk.desk.page).toMatchObject({ at: 'failed', fault: { kind: 'not-closed', reference: 'abcdef' } })
  })
})

describe('locked', () => {
  it('closes what ends with the login before it leaves, and insists in time', () => {
    const desk = withOpen({ locked: true }).happen({ is: 'back' }, { is: 'back' })
    expect(desk.selected).toMatchObject({ row: 'back' })
    desk.choose('leave')
    expect(desk.at).toBe('leaving')
    expect(desk.wanted()).toEqual([{ do: 'tell', channel: 'abcdef', what: 'close' }])
    desk.wait(closesWithin)
    expect(desk.wanted()).toEqual([{ do: 'tell', channel: 'abcdef', what: 'insist' }])
    desk.wait(1000)
    expect(desk.wanted()).toEqual([])
    desk.see([])
    expect(desk.wanted()).toEqual([{ do: 'leave' }])
  })

  it('leaves in the end, whatever does not close', () => {
    const desk = withOpen({ locked: true }).happen({ is: 'back' }, { is: 'back' }).choose('leave')
    desk.wait(closesWithin).wanted()
    desk.wait(closesWithin + 1)
    expect(desk.wanted()).toEqual([{ do: 'leave' }])
  })

  it('takes what is kept from the screen before it leaves, and leaves at once what is shown elsewhere', () => {
    const home = () => withOpen({ locked: true }, { keep: true }).happen({ is: 'back' }, { is: 'back' })
    const here = home().happen({ is: 'enter' })
    expect(here.wanted()).toEqual([{ do: 'tell', channel: 'abcdef', what: 'hide' }])
    const elsewhere = alive(channel('abcdef', { keep: true })).map((one) => ({ ...one, isHere: false }))
    here.see(elsewhere)
    expect(here.wanted()).toEqual([{ do: 'leave' }])
    expect(home().see(elsewhere).happen({ is: 'enter' }).wanted()).toEqual([{ do: 'leave' }])
  })
})

describe('one system only', () => {
  const once = { system: 'debian', session: 'xfce' }

  it('is opened by itself, and the desk ends with it', () => {
    const desk = new Driven({ once }).happen({ is: 'begin' }, { is: 'systems', systems })
    expect(desk.wanted()).toEqual([{ do: 'systems' }, { do: 'machine', talk: 1, system: 'debian' }])
    desk.happen({ is: 'machine', talk: 1, said: { machine: { name: 'd1', address: '192.0.2.1' } } })
    expect(desk.wanted()).toMatchObject([{ do: 'open', wish: { session: 'xfce' } }])
    desk.happen({ is: 'said', talk: 1, said: { open: channel('abcdef') } })
    desk.wanted()
    desk.see([])
    expect(desk.wanted()).toEqual([{ do: 'leave' }])
  })

  it('is gone back to where it is open', () => {
    const desk = new Driven({ once }).see(alive(channel('abcdef'))).happen({ is: 'systems', systems })
    expect(desk.wanted()).toEqual([{ do: 'tell', channel: 'abcdef', what: 'bring' }])
  })

  it('is all that can be chosen', () => {
    const desk = new Driven({ once }).happen({ is: 'systems', systems }, { is: 'back' })
    desk.see(alive(channel('bbbbbb', { system: 'lab' })))
    expect(rowsOf(desk.desk)).toMatchObject([{ row: 'system', system: { name: 'debian' } }])
  })

  it('is told when the catalogue has it not for this person', () => {
    const desk = new Driven({ once: { system: 'other' } }).happen({ is: 'systems', systems })
    expect(desk.desk.page).toMatchObject({ at: 'failed', fault: { kind: 'not-for-you' } })
  })

  it('stays to tell of a desktop that was lost', () => {
    const desk = new Driven({ once }).happen({ is: 'systems', systems })
    desk.happen({ is: 'machine', talk: 1, said: { machine: { name: 'd1', address: '192.0.2.1' } } })
    desk.happen({ is: 'said', talk: 1, said: { open: channel('abcdef') } })
    desk.wanted()
    desk.see([{ fate: 'dead', isHere: true, said: channel('abcdef') }])
    expect(desk.wanted()).toEqual([])
    expect(desk.desk.note).toBeDefined()
  })
})

describe('without an X display', () => {
  it('opens a text session, and is there again after it', () => {
    const desk = opening({ text: true })
    expect(desk.wanted().at(-1)).toEqual({
      do: 'text',
      talk: 1,
      machine: { name: 'f2', address: '192.0.2.9' },
      system: 'fedora',
    })
    desk.happen({ is: 'text-ended', talk: 1, code: 0 })
    expect(desk.at).toBe('home')
    const refused = opening({ text: true }).happen({ is: 'text-ended', talk: 1, code: 255 })
    expect(refused.desk.page).toMatchObject({ at: 'failed', fault: { kind: 'unreachable' } })
  })

  it('asks for no desktop', () => {
    expect(atHome({ text: true }).choose('system', 0).at).toBe('progress')
  })
})

describe('whatever happens', () => {
  it('Esc leads home from every page, and from there out', () => {
    const pages = [
      atHome().choose('system', 0),
      atHome().choose('system', 1),
      opening().happen({ is: 'said', talk: 1, said: { asks: 'password', attempt: 1, user: 'anna' } }),
      opening().happen({ is: 'said', talk: 1, said: { asks: 'session', choices: [] } }),
      withOpen(),
      withOpen().happen({ is: 'close' }),
      withOpen().happen({ is: 'close' }).choose('close'),
      withOpen().happen({ is: 'back' }).choose('system', 1),
      atHome().happen({ is: 'back' }),
      withOpen({ locked: true }).happen({ is: 'back' }, { is: 'back' }).choose('leave'),
    ]
    expect(new Set(pages.map(({ at }) => at)).size).toBe(pages.length)
    for (const desk of pages) expect(desk.happen({ is: 'back' }).at).toBe('home')
  })
})
