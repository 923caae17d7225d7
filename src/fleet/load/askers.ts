import { HostError } from '../../hosts/host.ts'
import { say } from '../../hosts/label.ts'
import type { LdapConnection, LdapServer } from '../../services/ldap/facts.ts'
import { readBase, verify } from '../../services/ldap/read.ts'
import { askStatus, tryLogin } from '../../services/radius/client.ts'
import type { KeptWire } from '../../services/radius/kept-wire.ts'
import type { RadiusServer } from '../../services/radius/watch.ts'
import type { Asker } from './run.ts'

/** Searches of one connection, until it is closed and another is made: clients come and go, and a balancer chooses for each connection. */
const searchesEach = 10

/** Connects, binds, and looks the known entry up as the checks do. */
export function ldapAsker(name: string, { open, questions }: LdapServer): Asker {
  let connection: LdapConnection | undefined
  let asked = 0
  let base = questions.base
  let isOver = false
  const close = () => {
    connection?.close()
    connection = undefined
    asked = 0
  }
  return {
    close: () => {
      isOver = true
      close()
    },
    ask: async () => {
      try {
        connection ??= await open()
        if (isOver) throw new HostError('cancelled', name, say`ended`)
        base ??= await readBase(connection, name)
        const verdict = await verify(connection, questions.entry ?? base, questions)
        if (!verdict.ok) throw new HostError('refused', name, verdict.why)
        if (++asked >= searchesEach) close()
      } catch (error) {
        close()
        throw error
      }
    },
  }
}

/** Logs the test account in, or asks for the status where there is none. */
export function radiusAsker(name: string, { settings }: RadiusServer, wires: () => KeptWire): Asker {
  let kept: KeptWire | undefined
  const never = new AbortController().signal
  const close = () => {
    kept?.close()
    kept = undefined
  }
  return {
    close,
    ask: async () => {
      kept ??= wires()
      try {
        const asking = { host: name, wire: kept.wire, settings: settings(), signal: never }
        const outcome = await tryLogin(asking)
        if (outcome?.ok === false) throw new HostError('refused', name, outcome.why)
        if (!outcome) await askStatus(asking)
      } catch (error) {
        // A late answer to this one is none to the next.
        close()
        throw error
      }
    },
  }
}
