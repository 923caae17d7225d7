import { expect, it } from 'vitest'
import { displayRecord } from '../../../src/fleet/display/record.ts'
import { sessionsOf } from '../../../src/fleet/session/record.ts'
import { terminalsOf } from '../../../src/fleet/terminal/terminals.ts'
import { parseSight } from '../../../src/services/display/parse.ts'
import { lineText } from '../../../src/text/page.ts'
import { sessionView } from '../../../src/views/session/view.ts'
import { terminalView } from '../../../src/views/terminal/view.ts'
import { displayServer } from '../../support/displays.ts'
import { snapshot } from '../../support/records.ts'
import { loggedIn, seen, sight } from '../../support/sight.ts'
import { worldOf } from '../../support/world.ts'

/** d1, on which anna has a desktop and bruno a text session; these are called so. */
function worldWith(fullNames?: Readonly<Record<string, string>>) {
  const bruno = loggedIn({ user: 'bruno', uid: 1004 })
  const told = sight([seen()], { logins: [bruno], ...(fullNames ? { fullNames } : {}) })
  const read = parseSight(JSON.stringify(told), () => (theirs) => theirs)
  if ('wrong' in read) throw new Error(read.wrong)
  const { displays, logins = [] } = read
  const server = displayServer(
    displays.map((one) => displayRecord('d1', one)),
    { logins },
  )
  return worldOf({ ...snapshot([]), displays: [server] })
}

const users = (world: ReturnType<typeof worldWith>) =>
  sessionsOf(world.snapshot).map((one) =>
    sessionView
      .page(one, world, 80)
      .map(lineText)
      .find((line) => line.startsWith('User')),
  )

it('people are told by their names as the display server has them, and by no others', () => {
  const world = worldWith({ 1003: 'Anna Rossi', 1005: 'Nobody', 1004: 'Bruno\u001b[2J' })
  expect(users(world)).toEqual([
    expect.stringMatching(/^User +Anna Rossi, anna \(1003\)$/),
    expect.stringMatching(/^User +Bruno[^\u001b]*, bruno \(1004\)$/),
  ])
  expect(sessionsOf(world.snapshot).map((one) => sessionView.json(one, world))).toMatchObject([
    { user: 'anna', fullName: 'Anna Rossi' },
    { user: 'bruno' },
  ])
  const pages = terminalsOf(world.snapshot.displays).map((one) =>
    terminalView.page(one, world, 100).map(lineText).join('\n'),
  )
  expect(pages[0]).toContain('Anna Rossi, anna: web1')
  for (const unknown of [worldWith(), worldWith({})])
    expect(users(unknown)).toEqual([
      expect.stringMatching(/^User +anna \(1003\)$/),
      expect.stringMatching(/^User +bruno \(1004\)$/),
    ])
})
