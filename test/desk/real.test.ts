import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DeskAtWork } from '../../src/desk/at-work.ts'
import { Keepers } from '../../src/desk/keepers.ts'
import { ChoicesFile } from '../../src/desk/last-choices.ts'
import { ownProgram } from '../../src/desk/own-program.ts'
import { RealSurroundings } from '../../src/desk/real.ts'
import type { MachineSaid } from '../../src/desk/surroundings.ts'
import { markOf } from '../../src/services/display/here/process-mark.ts'
import { terminalName } from '../../src/services/display/here/terminal-name.ts'
import { type Said, wishSchema } from '../../src/services/display/opening.ts'
import { channel } from './support/desk.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vdd-desk-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const wish = wishSchema.parse({ machine: { name: 'd1' } })

/** A child that says lines, in the words of sh(1). */
function script(text: string): [string] {
  const file = join(folder, 'child')
  writeFileSync(file, `#!/bin/sh\n${text}\n`)
  chmodSync(file, 0o755)
  return [file]
}

/** What an operator was told. */
let complaints: string[] = []
beforeEach(() => {
  complaints = []
})

function world(broker: string, keeper = 'exit 0') {
  const file = script(`case $1 in broker) ${broker} ;; keeper) ${keeper} ;; esac`)
  const env = { ...process.env, DISPLAY: 'term3:0', XDG_STATE_HOME: folder }
  return new RealSurroundings({
    env,
    broker: [...file, 'broker'],
    keeper: [...file, 'keeper'],
    keepers: new Keepers(0, env, { place: async () => folder }),
    complain: (what) => complaints.push(what),
  })
}

const say = (...values: readonly unknown[]) =>
  values.map((value) => `printf '%s\\n' '${JSON.stringify(value)}'`).join('; ')

/** All that is heard of a machine. */
function hear(broker: string): Promise<MachineSaid[]> {
  return new Promise((resolve) => {
    const all: MachineSaid[] = []
    world(broker).machine('debian', (said) => {
      all.push(said)
      if (!('step' in said)) resolve(all)
    })
  })
}

/** All that is heard of a channel. */
function open(keeper: string, answer?: (said: Said) => unknown): Promise<Said[]> {
  return new Promise((resolve) => {
    const all: Said[] = []
    const conversation = world('', keeper).openChannel(wish, (said) => {
      all.push(said)
      const answered = answer?.(said)
      if (answered) conversation.answer(answered as never)
      if ('open' in said || 'failed' in said) resolve(all)
    })
  })
}

describe('the broker', () => {
  const system = { name: 'debian', title: { it: 'Debian' }, keep: false, state: 'ready' }

  it('is asked for the systems by one line, and told that no more comes', async () => {
    const told = await world(
      `read -r asked; printf '%s\\n' "$asked" > ${folder}/asked; ${say({ n: 1, last: true, systems: [system] })}
      cat > /dev/null; echo over > ${folder}/over`,
    ).systems()
    expect(told).toEqual({ systems: [system] })
    expect(readFileSync(join(folder, 'asked'), 'utf8')).toBe('{"n":1,"ask":"systems"}\n')
    await expect.poll(() => existsSync(join(folder, 'over'))).toBe(true)
  })

  it('that says why not is told as a refusal, which it has written down itself', async () => {
    const no = { n: 1, last: true, no: 'too-many', reference: 'k7' }
    expect(await world(say(no)).systems()).toMatchObject({ no: 'too-many', reference: 'k7' })
    expect(complaints).toEqual([])
  })

  it.each([
    ['cannot be started', 'echo sudo: no such user >&2; exit 1', 'has ended: sudo: no such user'],
    [
      'says what is no JSON',
      'echo sudo: a password is required; cat',
      'said something that is not understood',
    ],
    ['says something else', say({ n: 1, systems: 'all' }), 'said something that is not understood'],
    ['says far too much', 'head -c 200000 /dev/zero; cat', 'said a line that is too long'],
    ['says nothing, and ends', 'true', 'has ended'],
  ])('that %s is told as a refusal, and to the log with its reference', async (_, broker, why) => {
    const told = await world(broker).systems()
    if (!('no' in told)) throw new Error('it is not refused')
    const { no, reference } = told
    expect({ no, reference }).toEqual({ no: 'broken', reference: expect.stringMatching(/^[a-z2-7]{6}$/) })
    expect(complaints).toEqual([expect.stringMatching(`^desk of .*: the broker ${why} \\(${reference}\\)$`)])
  })

  it('tells how far the machine is, and then which it is', async () => {
    const machine = { name: 'd1', address: '192.0.2.1', port: 22 }
    expect(
      await hear(
        say(
          { n: 1, step: 'choosing' },
          { n: 1, step: 'starting', machine: 'd1' },
          { n: 7, step: 'waiting' },
          { n: 1, last: true, machine },
        ),
      ),
    ).toEqual([{ step: 'choosing' }, { step: 'starting' }, { machine }])
  })

  it('that ends on the way to a machine is told as a refusal', async () => {
    expect(await hear(say({ n: 1, step: 'starting' }))).toEqual([
      { step: 'starting' },
      { no: 'broken', reference: expect.stringMatching(/^[a-z2-7]{6}$/) },
    ])
  })

  it('hears the end of its input when the wish is taken back', async () => {
    const waiting = world(`${say({ n: 1, step: 'starting' })}; cat > /dev/null; echo over > ${folder}/over`)
    await new Promise<void>((resolve) => {
      const { cancel } = waiting.machine('debian', () => {
        cancel()
        resolve()
      })
    })
    await expect.poll(() => existsSync(join(folder, 'over'))).toBe(true)
  })
})

describe('a keeper', () => {
  it('is told the wish and the answers, a line each', async () => {
    const all = await open(
      `read -r wish; printf '%s\\n' "$wish" > ${folder}/wish
      ${say({ step: 'machine' }, { asks: 'password', attempt: 1, user: 'anna' })}
      read -r answer; printf '%s\\n' "$answer" > ${folder}/answer
      ${say({ open: channel('abcdef') })}`,
      (said) => 'asks' in said && { password: "s'x" },
    )
    expect(all.at(-1)).toEqual({ open: channel('abcdef') })
    expect(JSON.parse(readFileSync(join(folder, 'wish'), 'utf8'))).toEqual(wish)
    expect(readFileSync(join(folder, 'answer'), 'utf8')).toBe('{"password":"s\'x"}\n')
  })

  it('that says nothing sensible is told as failed', async () => {
    expect((await open('echo hello; cat')).at(-1)).toMatchObject({ failed: { kind: 'other' } })
    expect((await open('exit 3')).at(-1)).toMatchObject({ failed: { kind: 'other' } })
  })

  it('lives on when the channel is open, although nobody listens any more', async () => {
    await open(`read -r wish; ${say({ open: channel('abcdef') })}
      exec >&-; cat > /dev/null; echo lives > ${folder}/lives`)
    await expect.poll(() => existsSync(join(folder, 'lives'))).toBe(true)
  })

  it('hears the end of its input when the wish is taken back', async () => {
    const conversation = world('', `cat > /dev/null; echo over > ${folder}/over`).openChannel(wish, () => {
      throw new Error('nothing is heard any more')
    })
    conversation.cancel()
    await expect.poll(() => existsSync(join(folder, 'over'))).toBe(true)
  })
})

describe('the channels of a person', () => {
  it('are those that are written down, each with what is left of it', async () => {
    const here = await markOf(process.pid)
    if (!here) throw new Error('no /proc')
    const gone = { pid: here.pid, started: here.started + 1 }
    const records = [
      channel('aaaaaa', { keeper: here, terminal: { name: 'term3', display: 'term3:0' } }),
      channel('eeeeee', { keeper: here, terminal: { name: 'term4', display: 'term3:0' } }),
      channel('bbbbbb', { keeper: gone, server: { ...here, program: 'Xephyr' } }),
      channel('cccccc', { keeper: gone }),
    ]
    for (const one of records) writeFileSync(join(folder, `${one.id}.json`), JSON.stringify(one))
    writeFileSync(join(folder, 'dddddd.json'), 'nothing')
    writeFileSync(join(folder, 'other.txt'), '')
    const seen = await world('').channels()
    expect(seen.map(({ fate, said, isHere }) => [said.id, fate, isHere]).toSorted()).toEqual([
      ['aaaaaa', 'alive', true],
      ['bbbbbb', 'orphan', false],
      ['cccccc', 'dead', false],
      ['eeeeee', 'alive', false],
    ])
  })

  it.each([
    ['term3:0', 'term3', 'term3:0', true],
    ['term3:0', 'term3', 'term3:1', false],
    ['localhost:10.0', 'where they sit', 'localhost:10.0', true],
    ['localhost:11.0', 'where they sit', 'localhost:10.0', true],
    ['localhost:10.0', 'elsewhere', 'localhost:10.0', false],
    ['localhost:10.0', 'where they sit', undefined, false],
  ])(
    'to somebody at %s, one of terminal %s that is shown on %s is here: %s',
    async (mine, name, display, isHere) => {
      const env = { DISPLAY: mine, SSH_CONNECTION: '192.0.2.44 5 192.0.2.1 22' }
      // As this machine's name server has it.
      const known = name === 'where they sit' ? await terminalName(env) : name
      const terminal = { name: known, ...(display === undefined ? {} : { display }) }
      writeFileSync(join(folder, 'aaaaaa.json'), JSON.stringify(channel('aaaaaa', { terminal })))
      const seen = await new Keepers(0, env, { place: async () => folder }).channels()
      expect(seen.map((one) => one.isHere)).toEqual([isHere])
    },
  )

  it('that are not there any more say so', async () => {
    expect(await world('').tell('aaaaaa', 'bring')).toBe('it is not there any more')
    expect(await world('').tell('../../x', 'close')).toBe('it is not there any more')
  })
})

describe('the last choices', () => {
  const last = { system: 'debian', sessions: { debian: 'xfce' } }

  it('are the same the next time', () => {
    world('').remember(last)
    expect(world('').recall()).toEqual(last)
  })

  it.each([
    ['is not there', () => {}],
    ['is none', () => writeFileSync(join(folder, 'desk.json'), '{"system": 7}')],
    ['is no JSON', () => writeFileSync(join(folder, 'desk.json'), '{')],
    ['is far too long', () => writeFileSync(join(folder, 'desk.json'), ' '.repeat(100_000))],
    ['is a folder', () => mkdirSync(join(folder, 'desk.json'))],
  ])('are none where the file %s', (_, make) => {
    make()
    expect(new ChoicesFile(join(folder, 'desk.json')).read()).toEqual({ sessions: {} })
  })

  it('are left where they cannot be written', () => {
    writeFileSync(join(folder, 'in-the-way'), '')
    const file = new ChoicesFile(join(folder, 'in-the-way', 'desk.json'))
    file.write(last)
    expect(file.read()).toEqual({ sessions: {} })
  })
})

describe('a text session', () => {
  it('is ssh as the person, without a way back to a shell here', () => {
    const machine = { name: 'd1', address: '-oProxyCommand=x', port: 2222 }
    expect(world('').textSession(machine, 'debian').command).toEqual(
      'ssh -t -x -e none -o StrictHostKeyChecking=yes -p 2222 -- -oProxyCommand=x'.split(' '),
    )
  })
})

describe('the account of a text session', () => {
  /** What the broker was told, each by a process of its own. */
  const told = () =>
    (existsSync(join(folder, 'told')) ? readFileSync(join(folder, 'told'), 'utf8') : '')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line))
      .filter(({ ask }) => ask === 'account')
  const broker = () => `cat >> ${folder}/told; ${say({ n: 1, last: true, done: true })}`

  it.each([
    [0, 'ended'],
    [130, 'ended'],
    [255, 'lost'],
    [undefined, 'lost'],
  ])('that ends with %s is one start and one end: %s', async (code, how) => {
    const session = world(broker()).textSession({ name: 'd1', address: '192.0.2.1' }, 'debian')
    session.begin()
    await session.end(code)
    const same = {
      n: 1,
      ask: 'account',
      channel: expect.stringMatching(/^[a-z2-7]{6}$/),
      machine: 'd1',
      system: 'debian',
      session: 'ssh',
      terminal: 'term3',
    }
    expect(told()).toEqual([
      { ...same, what: 'start' },
      { ...same, what: 'end', how },
    ])
  })

  it('is told also when the desk ends before it', async () => {
    const surroundings = world(broker())
    const work = new DeskAtWork({
      surroundings: Object.assign(surroundings, { hasDisplay: false }),
      settings: { locked: false },
      language: 'en',
      utf8: true,
    })
    work.lend = () => new Promise(() => {})
    const system = { name: 'debian', title: {}, keep: false, state: 'ready' } as const
    work.happen({ is: 'systems', systems: [system] })
    work.happen({ is: 'choose', number: 1 })
    work.happen({ is: 'machine', talk: 1, said: { machine: { name: 'd1', address: '192.0.2.1' } } })
    await work.end()
    expect(told().map(({ what }) => what)).toEqual(['start', 'end'])
  })
})

it('the program finds its own launcher, from its image and from its bundle', () => {
  const launcher = join(process.cwd(), 'bin', 'vdd')
  const [dist, node] = [join(process.cwd(), 'dist'), '/usr/bin/node']
  expect(ownProgram({ execArgv: [], argv: [node, join(dist, 'main.mjs'), 'desk'] })).toBe(launcher)
  const image = ['--snapshot-blob', join(dist, 'vdd.image')]
  expect(ownProgram({ execArgv: image, argv: [node, 'desk'] })).toBe(launcher)
  expect(ownProgram({ execArgv: [], argv: [node, '/nowhere/else.mjs'] })).toBe('/usr/local/bin/vdd')
})
