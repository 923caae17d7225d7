import { execFileSync } from 'node:child_process'
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  readSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { askSize, sizeFrom, sizeOf, sizeOfEnvironment } from '../../src/terminal/size.ts'
import { askLine, rawModes, TtyWire, takeModes } from '../../src/terminal/tty.ts'

// The terminal of this process: what stty says of it, which file it is, what it answers.
vi.mock('node:child_process', async (actual) => ({ ...(await actual<object>()), execFileSync: vi.fn() }))
vi.mock('node:fs', async (actual) => {
  const real = await actual<typeof import('node:fs')>()
  return { ...real, readlinkSync: vi.fn(), readSync: vi.fn(), writeSync: vi.fn(real.writeSync) }
})

const real = await vi.importActual<typeof import('node:fs')>('node:fs')

/** Each call of stty by its words. */
let asked: string[]
/** What stty says; undefined: it refuses. */
let stty: (words: string) => string | undefined

beforeEach(() => {
  asked = []
  stty = () => ''
  vi.mocked(execFileSync).mockImplementation((command, words) => {
    expect(command).toBe('stty')
    asked.push((words as string[]).join(' '))
    const said = stty((words as string[]).join(' '))
    if (said === undefined) throw new Error('stty: invalid argument')
    return said
  })
  vi.mocked(readlinkSync).mockReturnValue('/dev/pts/3')
})

afterEach(() => {
  vi.mocked(writeSync).mockImplementation(real.writeSync as typeof writeSync)
  vi.useRealTimers()
})

describe('the line to the terminal', () => {
  const modes = (speed: string, flags = 'ixon') =>
    `speed ${speed} baud; rows 24; columns 80; line = 0;\nicrnl ${flags} -ixoff;\n`

  it.each([
    ['/dev/pts/3', '9600', 9600],
    ['/dev/pts/3', '300', 300],
    ['/dev/pts/3', '38400', undefined],
    ['/dev/pts/3', '0', undefined],
    ['/dev/tty1', '38400', undefined],
    ['/dev/ttyS0', '115200', 115_200],
    ['/dev/ttyUSB0', '38400', 38_400],
    ['/tmp/dev/ttyS0', '38400', undefined],
  ])('of %s at %s baud is believed where that is more than a number', (name, speed, baud) => {
    vi.mocked(readlinkSync).mockReturnValue(name)
    stty = () => modes(speed)
    expect(askLine()).toEqual({ baud, flowControl: true })
    expect(asked).toEqual(['-a'])
  })

  it('is asked for XON and XOFF', () => {
    stty = () => modes('9600', '-ixon')
    expect(askLine()).toMatchObject({ flowControl: false })
    stty = () => 'ixon'
    expect(askLine()).toEqual({ baud: undefined, flowControl: true })
    stty = () => ' -icrnl;ixon'
    expect(askLine()).toMatchObject({ flowControl: true })
  })

  it('is not known where stty refuses, and its file need not be known', () => {
    stty = () => undefined
    expect(askLine()).toBeUndefined()
    stty = () => modes('9600')
    vi.mocked(readlinkSync).mockImplementation(() => {
      throw new Error('ENOENT')
    })
    expect(askLine()).toEqual({ baud: 9600, flowControl: true })
  })
})

describe('the modes of the terminal', () => {
  it('are taken, and given back as they were', () => {
    stty = (words) => (words === '-g' ? '500:5:bf\n' : '')
    const restore = takeModes({ flowControl: false })
    expect(asked).toEqual(['-g', rawModes.join(' ')])
    restore()
    expect(asked.slice(2)).toEqual(['-drain 500:5:bf'])
  })

  it('leave XON and XOFF to the terminal driver where that is wanted', () => {
    takeModes({ flowControl: true })
    expect(asked[1]).toBe([...rawModes, 'ixon'].join(' '))
  })

  it('are given back also by a stty that does not know -drain', () => {
    stty = (words) => (words === '-g' ? 'cooked' : words.includes('drain') ? undefined : '')
    takeModes({ flowControl: false })()
    expect(asked.slice(2)).toEqual(['-drain cooked', 'cooked'])
  })

  it('that nobody knows are not given back', () => {
    stty = (words) => (words === '-g' ? undefined : '')
    takeModes({ flowControl: false })()
    expect(asked).toHaveLength(2)
  })
})

describe('the wire to the terminal', () => {
  let place: string
  beforeEach(() => {
    place = mkdtempSync(join(tmpdir(), 'vdd-wire-'))
    writeFileSync(join(place, 'tty'), '')
    writeFileSync(join(place, 'other'), '')
  })
  afterEach(() => rmSync(place, { recursive: true }))

  it('goes to the first file that can be opened, and is closed', () => {
    const wire = new TtyWire([join(place, 'none'), join(place, 'tty'), join(place, 'other')])
    expect(wire.write(Buffer.from('bytes'))).toBe(5)
    expect([readFileSync(join(place, 'tty'), 'utf8'), readFileSync(join(place, 'other'), 'utf8')]).toEqual([
      'bytes',
      '',
    ])
    wire.close()
    expect(() => wire.write(Buffer.from('more'))).toThrow('EBADF')
  })

  it('creates no file, and goes to the output that was inherited where none can be opened', () => {
    const wire = new TtyWire([join(place, 'none')])
    expect(existsSync(join(place, 'none'))).toBe(false)
    const to: number[] = []
    vi.mocked(writeSync).mockImplementation((file) => to.push(file))
    expect(wire.write(Buffer.from('x'))).toBe(1)
    expect(to).toEqual([1])
    wire.close()
    expect(process.stdout.writable).toBe(true)
    real.fstatSync(1)
  })

  it('takes nothing where it is full, and throws where it has gone', () => {
    const wire = new TtyWire([join(place, 'tty')])
    const fails = (code: string) =>
      vi.mocked(writeSync).mockImplementation(() => {
        throw Object.assign(new Error(code), { code })
      })
    fails('EAGAIN')
    expect(wire.write(Buffer.from('x'))).toBe(0)
    fails('EIO')
    expect(() => wire.write(Buffer.from('x'))).toThrow('EIO')
    wire.close()
  })
})

describe('the size of a window', () => {
  it.each([
    ['132x43', { columns: 132, rows: 43 }],
    ['1x1', { columns: 1, rows: 1 }],
    ['9999x9999', { columns: 9999, rows: 9999 }],
    ['0x24', undefined],
    ['80x0', undefined],
    ['10000x24', undefined],
    ['80x24x', undefined],
    ['a80x24', undefined],
    ['80', undefined],
    ['', undefined],
  ])('%j is read', (text, size) => {
    expect(sizeFrom(text)).toEqual(size)
  })

  it.each([
    [{ columns: 100, rows: 30 }, {}, { columns: 100, rows: 30 }],
    [{ columns: 0, rows: 0 }, { columns: 90 }, { columns: 90, rows: 24 }],
    [{}, { rows: 50 }, { columns: 80, rows: 50 }],
    [{}, undefined, { columns: 80, rows: 24 }],
    [{ columns: 501, rows: 5000 }, {}, { columns: 500, rows: 200 }],
    [{}, { columns: 9999, rows: 201 }, { columns: 500, rows: 200 }],
  ])('is of %j and %j the first that says something, and no larger than any window', (told, found, size) => {
    expect(sizeOf(told, found)).toEqual(size)
  })

  it.each([
    [
      { COLUMNS: '100', LINES: '30' },
      { columns: 100, rows: 30 },
    ],
    [{ COLUMNS: '0', LINES: '9999' }, { rows: 9999 }],
    [{ COLUMNS: '12345', LINES: '-1' }, {}],
    [{ COLUMNS: '7', LINES: '1e2' }, { columns: 7 }],
    [{}, {}],
  ])('of the environment %j', (env, size) => {
    expect(sizeOfEnvironment(env)).toEqual(size)
  })
})

describe('a terminal that is asked for its size', () => {
  let answers: string[]
  let question: string

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['performance'] })
    answers = []
    question = ''
    stty = (words) => (words === '-g' ? 'cooked\n' : '')
    vi.mocked(writeSync).mockImplementation(((file: number, text: string) => {
      expect(file).toBe(1)
      question += text
      return text.length
    }) as typeof writeSync)
    // A read ends after two tenths of a second without a character.
    vi.mocked(readSync).mockImplementation(((file: number, into: Buffer) => {
      expect(file).toBe(0)
      const answer = answers.shift()
      if (answer === undefined) vi.advanceTimersByTime(200)
      return into.write(answer ?? '', 'latin1')
    }) as typeof readSync)
  })

  it('answers where its cursor stops, and gets its modes back', () => {
    answers = ['\x1b[43', ';132R']
    expect(askSize()).toEqual({ size: { columns: 132, rows: 43 }, typed: Buffer.alloc(0) })
    expect(question).toBe('\x1b7\x1b[999;999H\x1b[6n\x1b8')
    expect(asked).toEqual(['-g', [...rawModes, 'min', '0', 'time', '2'].join(' '), 'cooked'])
  })

  it('does not lose what was typed meanwhile', () => {
    answers = ['q\xe4', '\x1b[24;80Rx']
    expect(askSize()).toEqual({ size: { columns: 80, rows: 24 }, typed: Buffer.from('q\xe4x', 'latin1') })
  })

  it('may answer late within two seconds, and after them not at all', () => {
    answers = ['q', ...new Array<string>(3).fill('')]
    const start = performance.now()
    expect(askSize()).toEqual({ typed: Buffer.from('q') })
    expect(performance.now() - start).toBe(2000)
    expect(asked.at(-1)).toBe('cooked')
  })

  it('that cannot be read or has no modes is of no known size', () => {
    vi.mocked(readSync).mockImplementation(() => {
      throw new Error('EIO')
    })
    expect(askSize()).toEqual({ typed: Buffer.alloc(0) })
    expect(asked.at(-1)).toBe('cooked')
    stty = () => undefined
    question = ''
    expect(askSize()).toEqual({ typed: Buffer.alloc(0) })
    expect(question).toBe('')
  })
})
