import { describe, expect, it } from 'vitest'
import type { Change } from '../../../src/actions/action.ts'
import { prepare } from '../../../src/actions/prepare.ts'
import { actionsOf } from '../../../src/actions/table.ts'
import { type SessionRecord, sessionsOf } from '../../../src/fleet/session/record.ts'
import { say } from '../../../src/hosts/label.ts'
import { channels, displayServer } from '../../support/displays.ts'
import { host, snapshot } from '../../support/records.ts'
import { seen } from '../../support/sight.ts'
import { StillFleet } from '../../support/still-fleet.ts'

const shown = {
  ...snapshot([], [host('d1', { roles: ['display'] })]),
  displays: [displayServer(channels(seen()))],
}
const [session] = sessionsOf(shown) as [SessionRecord]
const action = (verb: string) => actionsOf.session.find((one) => one.verb === verb) as Change<SessionRecord>

/** What is asked of the display server, behind the name of the channel; or why it is not. */
function asked(verb: string, answers: Readonly<Record<string, string>> = {}) {
  const prepared = prepare(action(verb), session, answers, new StillFleet(shown))
  if ('refused' in prepared) return `${prepared.refused}`
  return prepared.steps.map(({ argv }) => argv.slice(argv.indexOf('k7q2mz') + 1))
}

describe('a session', () => {
  it('is told by its display server to end, at once or not, and to lock', () => {
    expect(asked('end')).toEqual([['close']])
    expect(asked('end', { insist: 'yes' })).toEqual([['close', '--insist']])
    expect(asked('lock')).toEqual([['lock']])
  })

  it('that did not end is offered to be ended at once, and not again', () => {
    const next = (insist: string) => action('end').next?.(session, { insist }, say`it may ask`, [])
    const offered = next('no')
    expect(offered).toMatchObject({ verb: 'end', answers: { insist: 'yes' } })
    expect(asked(offered?.verb ?? '', offered?.answers as Record<string, string>)).toEqual([
      ['close', '--insist'],
    ])
    expect(next('yes')).toBeUndefined()
  })

  it('is shown messages of up to a thousand letters, and no empty ones', () => {
    const long = 'x'.repeat(1_000)
    expect(asked('message', { text: long })).toEqual([['say', '--', long]])
    expect(asked('message', { text: `${long}y` })).toMatch(/more than 1000 letters/)
    expect(asked('message', { text: ' ' })).toMatch(/it is empty/)
  })
})
