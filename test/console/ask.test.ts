import { rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { dialogOf } from '../../src/components/Dialog.tsx'
import { hintsOf } from '../../src/components/Footer.tsx'
import type { AskLayer, ConfirmLayer, Layer } from '../../src/console/layers.ts'
import { life } from '../../src/demo/machine/machine.ts'
import { lineText } from '../../src/text/page.ts'
import { type Demo, demo } from '../support/demo.ts'
import { until } from '../support/until.ts'

// The questions of an action, and the way back through them.

let the: Demo
beforeEach(async () => {
  the = await demo()
  the.press('2')
})
afterEach(() => the.end())

const top = (): Layer | undefined => the.console.layers.at(-1)

function asked(): AskLayer {
  const layer = top()
  if (layer?.kind !== 'ask') throw new Error(`no question but ${layer?.kind}`)
  return layer
}

function plan(): ConfirmLayer {
  const layer = top()
  if (layer?.kind !== 'confirm') throw new Error(`no plan but ${layer?.kind}`)
  return layer
}

/** The question, and what stands in it: what is typed or chosen. */
function standing(): [string, string | undefined] {
  const { question, choices, at, line } = asked()
  return [question.id, choices ? choices[at]?.value : line.text]
}

const titles = () => hintsOf(the.console).map(({ key, title }) => `${key} ${title}`)

/** A new machine, up to the question for its disk. */
function toDisk(): void {
  the.press('n', ...'kiosk-1', 'return', 'down', 'return', 'ctrl-u', '3', 'return', 'return')
  expect(standing()).toEqual(['disk', '20'])
}

/** Marks these on the Machines. */
function mark(...names: readonly string[]): void {
  const { machines } = the.console.snapshot
  const uuids = names.map((name) => machines.find((one) => one.name === name)?.uuid ?? name)
  the.console.tables.set('machines', { marked: new Set(uuids) })
}

const dialog = () => {
  const { title, lines = [] } = dialogOf(the.console, 80) ?? {}
  return [title, ...lines.map(lineText)]
}

describe('a question for several', () => {
  it('counts those with which it can be done, and says how many are left out and why', () => {
    mark('debian-kde-01', 'fedora-gnome-02', 'debian-kde-03', 'reactos-01', 'exam-01')
    the.press('m')
    expect(dialog().slice(0, 3)).toEqual([
      'Migrate 2 machines: To which host?',
      'left out: 2 machines: it is shut off',
      'left out: exam-01: it is crashed',
    ])
    expect(asked().choices?.map(({ title, note }) => [title, [note ?? []].flat().at(-1)])).toEqual([
      ['hv1', '1 of 2 can go'],
      ['hv2', '1 of 2 can go'],
      ['hv3', expect.stringMatching(/^\d+ running$/)],
      ['each to the host with the most room', expect.anything()],
    ])
    the.press('3', 'return')
    expect(plan().title).toBe('Migrate 2 machines to hv3?')
    expect(plan().refused).toHaveLength(3)
  })

  it('is one for the only one with which it can be done', () => {
    mark('debian-kde-01', 'reactos-01')
    the.press('m')
    expect(dialog()[0]).toBe('Migrate debian-kde-01: To which host?')
  })

  it('has what helps to choose in columns, numbers below each other', () => {
    the.press('m')
    const [, first = '', second = ''] = dialog()
    const ends = (line: string) => ['GiB free', '% ', 'running'].map((word) => line.indexOf(word))
    expect(first).toMatch(/\d\.\d GiB free/)
    expect(ends(first)).toEqual(ends(second))
  })
})

it('the choices tell what is known now, and not what was known when it was asked', async () => {
  the.press('m')
  const counted = () => dialog().map((line) => / (hv\d) .* (\d+) running/.exec(line ?? '')?.slice(1) ?? [])
  const [, [host = '', before = ''] = []] = counted()
  const running = [...the.world.hypervisors.machines.values()].find(
    (one) => one.host === host && one.life.state === 1,
  )
  if (!running) throw new Error(`nothing runs on ${host}`)
  the.world.hypervisors.become(running, life.destroyed, 'Stopped Destroyed')
  await until('one less', () => Number(counted()[1]?.[1]) === Number(before) - 1)
  the.press('1')
  expect(plan().title).toContain(host)
})

describe('the footer, with marked machines', () => {
  const named = () => hintsOf(the.console).map(({ title }) => title)

  it('names what works with one of them at least, whatever is selected', () => {
    the.press('/', ...'debian-kde-01', 'return')
    expect(named()).toContain('Shut down')
    expect(named()).not.toContain('Start')
    mark('reactos-01', 'reactos-02')
    expect(named()).toContain('Start')
    expect(named()).not.toContain('Shut down')
    expect(named()).not.toContain('Migrate')
    mark('reactos-01', 'debian-kde-02')
    expect(named()).toEqual(expect.arrayContaining(['Start', 'Shut down']))
  })

  it('names what only looks for the one that is selected, and its key looks at that', () => {
    the.press('/', ...'debian-kde-01', 'return')
    mark('reactos-01', 'reactos-02')
    expect(named()).toEqual(expect.arrayContaining(['XML', 'Console']))
    the.press('x')
    expect(the.console.machine?.name).toBe('debian-kde-01')
  })
})

describe('a step back', () => {
  it('leads through all questions to the first, and each has its answer', () => {
    toDisk()
    const os = asked().undertaking.answers.os
    the.press('ctrl-p')
    expect(standing()).toEqual(['memory', '2G'])
    the.press('ctrl-p')
    expect(standing()).toEqual(['vcpus', '3'])
    the.press('ctrl-p')
    expect(standing()).toEqual(['os', os])
    expect(os).not.toBe('linux')
    the.press('ctrl-p')
    expect(standing()).toEqual(['name', 'kiosk-1'])
    the.press('ctrl-p')
    expect(asked()).toMatchObject({ wrong: 'no question was answered before; Esc gives up' })
    // What is there can be mended; it is no proposal that the next character replaces.
    the.press('2', 'return', 'return', 'return', 'return')
    expect(standing()).toEqual(['disk', '20'])
    expect(asked().undertaking.answers).toMatchObject({ name: 'kiosk-12', os, vcpus: '3', memory: '2G' })
  })

  it('keeps what was typed and not yet answered', () => {
    toDisk()
    the.press('ctrl-u', '7', 'ctrl-p', 'return')
    expect(standing()).toEqual(['disk', '7'])
    // What nobody has touched stays a proposal.
    the.press('ctrl-p', 'ctrl-p', 'return', 'return')
    expect(asked().proposed).toBe(false)
    the.press('return')
    expect(asked().proposed).toBe(true)
  })

  it('leads from the plan to the last question, and on to one that makes sense by now', () => {
    toDisk()
    the.press('return', 'return', 'return')
    expect(plan().prepared[0]?.steps).toHaveLength(2)
    the.press('ctrl-p')
    expect(standing()[0]).toBe('network')
    the.press('ctrl-p', 'ctrl-p')
    expect(standing()).toEqual(['disk', '20'])
    // Without a disk nobody asks for its pool.
    the.press('ctrl-u', '0', 'return')
    expect(standing()[0]).toBe('network')
    the.press('return')
    expect(plan().prepared[0]?.steps).toHaveLength(1)
    the.press('ctrl-p', 'ctrl-p')
    expect(standing()).toEqual(['disk', '0'])
  })

  it('is Left and Backspace too where there is a list, and these move in a text', () => {
    toDisk()
    the.press('left', 'backspace')
    expect(standing()).toEqual(['disk', '0'])
    the.press('end', 'ctrl-u', '5', 'return')
    expect(standing()[0]).toBe('pool')
    the.press('left')
    expect(standing()).toEqual(['disk', '5'])
    the.press('return', 'backspace')
    expect(standing()).toEqual(['disk', '5'])
    // In a plan Left chooses.
    the.press('return', 'return', 'return', 'left')
    expect(plan().focus).toBe('go')
  })

  it('is named in the footer where there is one', () => {
    the.press('n')
    expect(titles()).not.toContain('^P Back')
    the.press(...'kiosk-1', 'return')
    expect(titles()).toContain('^P Back')
    the.press('escape', '/', ...'windows-01', 'return', 'm')
    the.press('return')
    expect(titles()).toContain('^P Back')
    the.press('return')
    expect(titles()).toEqual(['y Do it', 'Enter Cancel', '^P Back', 'Tab Switch'])
    the.press('escape', 'd')
    expect(titles()).not.toContain('^P Back')
    the.press('ctrl-p')
    expect(plan().wrong).toBe('no question was answered before; Esc gives up')
  })

  it('leads to the target of a migration, and the plan follows', () => {
    the.press('/', ...'windows-01', 'return', 'm')
    const [, first] = standing()
    the.press('return', 'return')
    expect(plan().title).toContain(` to ${first}?`)
    the.press('ctrl-p', 'ctrl-p')
    expect(standing()).toEqual(['to', first])
    the.press('down')
    const [, other] = standing()
    expect(other).not.toBe(first)
    the.press('return', 'return')
    expect(plan().title).toContain(` to ${other}?`)
  })

  it('does not ask what was given and not asked for', () => {
    const machine = the.console.snapshot.machines.find((one) => one.name === 'windows-01')
    if (!machine) throw new Error('no windows-01')
    the.console.act('set', [machine], { vcpus: '3' })
    expect(standing()[0]).toBe('memory')
    the.press('ctrl-p')
    expect(asked()).toMatchObject({
      question: { id: 'memory' },
      wrong: expect.stringContaining('no question'),
    })
  })

  it('shows the name of a file again, and not what is in it', () => {
    const file = join(tmpdir(), `vdd-ask-${process.pid}.xml`)
    onTestFinished(() => rmSync(file, { force: true }))
    writeFileSync(file, '<domain type="qemu"><name>from-file</name><memory>1024</memory></domain>')
    the.press('D', ...file, 'return')
    expect(plan().prepared).toHaveLength(1)
    the.press('ctrl-p')
    expect(standing()).toEqual(['xml', file])
  })

  it('wants the plan looked at again', () => {
    let painted = Number.POSITIVE_INFINITY
    the.console.painted = () => painted
    the.press('/', ...'windows-01', 'return', 'm', 'return', 'return')
    painted = the.console.version
    the.press('ctrl-p', 'return', 'y')
    expect(plan().wrong).toMatch(/^that key came before this was shown/)
    expect(the.console.tasks).toEqual([])
  })
})

describe('what leads nowhere', () => {
  it('can be mended where it was answered last', () => {
    the.press('/', ...'windows-01', 'return', 'e', 'return', 'return')
    expect(asked()).toMatchObject({ question: { id: 'memory' }, line: { text: '4096M' } })
    expect(asked().wrong).toBe('windows-01: nothing would change')
    the.press('ctrl-p', 'ctrl-u', '2', 'return', 'return')
    expect(plan().prepared[0]?.answers).toMatchObject({ vcpus: '2', memory: '4096M' })
  })
})
