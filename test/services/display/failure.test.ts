import { expect, it } from 'vitest'
import { PlaceError } from '../../../src/services/display/here/places.ts'
import { notWritten } from '../../../src/services/display/keeper/failure.ts'

const failed = (code: string) => Object.assign(new Error(`${code}: it says`), { code })

it.each([
  ['no room', failed('ENOSPC'), 'no-room'],
  ['a quota', failed('EDQUOT'), 'no-room'],
  ['a folder for which there is no room', new PlaceError('no', { cause: failed('ENOSPC') }), 'no-room'],
  ['a folder of somebody else', new PlaceError('/run/vdd/1001 belongs to user 0'), 'other'],
  ['no right', failed('EACCES'), 'other'],
])(
  'what could not be written says why, and that there is no room only where there is none: %s',
  (_what, error, kind) => {
    expect(notWritten('the folder', error)).toMatchObject({ kind, message: `the folder: ${error.message}` })
  },
)
