import { adaptTo } from './adapt.ts'
import type { Profile } from './profile.ts'
import { plain } from './style.ts'
import { measured } from './width.ts'

/** Text as a terminal of this profile can show it, for lines that are written and stay. */
export function writer(profile: Profile): (text: string) => string {
  const adapt = adaptTo({ ...profile, lines: profile.utf8 ? 'utf8' : 'ascii' })
  return (text) =>
    [...measured(text)]
      .flatMap(([one, columns]) => adapt(one, columns, plain).map((cell) => cell.text))
      .join('')
}
