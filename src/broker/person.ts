import type { FromDirectory } from '../fleet/directory/ask.ts'
import type { Host } from '../hosts/host.ts'
import { type Label, label, say } from '../hosts/label.ts'

/** Who asks, as sudo and the machine's own directory of users tell. */
export interface Person {
  readonly uid: number
  readonly name: string
  readonly groups: readonly string[]
  /** why there may be more of them */
  readonly unknown?: Label
}

/** The same person with what the directory says of their groups. */
export function withGroups(person: Person, told: FromDirectory<readonly string[]>): Person {
  if ('unknown' in told) return { ...person, unknown: told.unknown }
  return { ...person, groups: [...new Set([...person.groups, ...told.value])] }
}

/** Why nobody is served: a sentence. */
export class Unwelcome extends Error {
  override readonly name = 'Unwelcome'
  readonly sentence: Label
  constructor(sentence: Label) {
    super(sentence)
    this.sentence = sentence
  }
}

/** What sudo tells of whoever called it: sudo(8), "ENVIRONMENT". */
export interface SudoVariables {
  readonly SUDO_UID?: string | undefined
  readonly SUDO_USER?: string | undefined
}

/**
 * Who asks. The number is looked up, and has to be of the name; groups are those that the machine knows, not those that this process was given.
 *
 * @param self the number of the user as whom this runs
 * @throws {Unwelcome} sudo has not started it, or not for a person
 */
export async function whoAsks(
  { SUDO_UID, SUDO_USER }: SudoVariables,
  self: number | undefined,
  host: Pick<Host, 'run'>,
): Promise<Person> {
  if (self === 0)
    throw new Unwelcome(say`it does not run as root, but as a user of its own (docs/desk-broker.md)`)
  if (!SUDO_UID || !SUDO_USER)
    throw new Unwelcome(
      say`it is started by sudo for a person at a terminal, and not by hand (docs/desk-broker.md)`,
    )
  if (!/^[1-9]\d{0,9}$/.test(SUDO_UID) || Number(SUDO_UID) === self)
    throw new Unwelcome(say`user ${label(SUDO_UID)} is no person at a terminal`)
  const found = await host.run(['getent', 'passwd', SUDO_UID])
  const [name = '', , uid] = (found.stdout.split('\n')[0] ?? '').split(':')
  if (found.code !== 0 || uid !== SUDO_UID || name === '')
    throw new Unwelcome(say`there is no user ${label(SUDO_UID)}`)
  if (name !== SUDO_USER)
    throw new Unwelcome(say`user ${label(SUDO_UID)} is ${label(name)}, and not ${label(SUDO_USER)}`)
  // Zeros between them: the names of some groups have blanks.
  const groups = await host.run(['id', '-Gnz', '--', name])
  if (groups.code !== 0) throw new Unwelcome(say`the groups of ${label(name)} are not known`)
  return { uid: Number(uid), name, groups: groups.stdout.split('\0').filter(Boolean) }
}
