import { namesText, peopleIn } from '../../fleet/session/people.ts'
import type { SessionRecord } from '../../fleet/session/record.ts'
import type { Snapshot } from '../../fleet/snapshot.ts'
import { joined, type Label, label, say } from '../../hosts/label.ts'

type Servers = Pick<Snapshot, 'displays'>

/** The display servers that do not tell who works where. */
function silentIn({ displays }: Servers): readonly string[] {
  return displays.filter(({ reading, trouble }) => trouble || !reading).map(({ host }) => host)
}

/** Who works there, for a page: `12: anna (term3), bruno (term7)`, and of whom nothing is known; undefined: nobody. */
export function peopleText(sessions: readonly SessionRecord[], servers: Servers): Label | undefined {
  const names = namesText(sessions)
  const silent = silentIn(servers)
  const parts = [
    ...(names ? [say`${peopleIn(sessions).length}: ${names}`] : []),
    ...(silent.length ? [say`not known of ${label(silent.join(', '))}, which cannot be asked`] : []),
  ]
  return parts.length ? joined(parts, '; ') : undefined
}

/** The same for programs; `null`: no display server has told, or none was asked. */
export function peopleJson(sessions: readonly SessionRecord[], servers: Servers) {
  const { displays } = servers
  if (displays.length && silentIn(servers).length === displays.length) return null
  return listedPeople(sessions)
}

/** Each person with all that they have there. */
export function listedPeople(sessions: readonly SessionRecord[]) {
  return peopleIn(sessions).map((own) => ({
    user: own[0]?.rawUser,
    sessions: own.map(({ rawName, kind, terminal, machine, host }) => ({
      name: rawName,
      kind,
      terminal,
      machine: machine.rawName,
      host,
    })),
  }))
}
