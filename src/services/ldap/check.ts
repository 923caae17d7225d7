import type { Checks } from '../../hosts/check.ts'
import { HostError } from '../../hosts/host.ts'
import { label, say } from '../../hosts/label.ts'
import type { LdapConnection, LdapQuestions, LdapServer } from './facts.ts'
import { readBase, readCsns, readMonitor, verify } from './read.ts'

/** Asks a slapd as a client does, step by step. */
export async function checkLdap(checks: Checks, { open, questions }: LdapServer): Promise<void> {
  let connection: LdapConnection | undefined
  await checks.attempt(say`LDAP: connect and bind`, async () => {
    const began = performance.now()
    connection = await open()
    return say`in ${Math.ceil(performance.now() - began)} ms`
  })
  if (!connection) return
  try {
    await checkAnswers(checks, connection, questions)
  } finally {
    connection.close()
  }
}

async function checkAnswers(checks: Checks, found: LdapConnection, questions: LdapQuestions): Promise<void> {
  const host = checks.host.name
  const refused = (why: ConstructorParameters<typeof HostError>[2], advice = say``) =>
    new HostError('refused', host, why, advice)
  let { base = '' } = questions
  if (!base)
    await checks.attempt(say`LDAP: suffix`, async () => {
      base = await readBase(found, host)
      return label(base)
    })
  const entry = questions.entry ?? base
  if (!entry) return
  await checks.attempt(say`LDAP: known entry`, async () => {
    const verdict = await verify(found, entry, questions)
    if (!verdict.ok) throw refused(verdict.why)
    return say`in ${Math.ceil(verdict.ms)} ms`
  })
  await checks.attempt(
    say`LDAP: contextCSN`,
    async () => {
      const { csns, csnTrouble } = await readCsns(found, base)
      if (csnTrouble) throw refused(csnTrouble)
      if (!csns.size) throw refused(say`there is none`, say`no replication, or the first copy is under way`)
      return say`${csns.size === 1 ? say`1 server id` : say`${csns.size} server ids`}`
    },
    true,
  )
  await checks.attempt(
    say`LDAP: cn=Monitor`,
    async () => {
      const { monitor, monitorTrouble } = await readMonitor(found, base)
      if (!monitor) throw refused(monitorTrouble.reason, monitorTrouble.advice)
      return say`${monitor.connections} connections`
    },
    true,
  )
}
