import { HostError } from '../../hosts/host.ts'
import { joined, type Label, label, say } from '../../hosts/label.ts'
import type { Csn, LdapConnection, LdapQuestions, MonitorFacts, MonitorTrouble, Verdict } from './facts.ts'
import { monitorSearch, ownName, parseCsns, parseMonitor, wrongWith } from './parse.ts'
import { LdapResult } from './result.ts'

/** The first suffix that the server names: RFC 4512, 5.1. */
export async function readBase(connection: LdapConnection, host: string): Promise<string> {
  const [root] = await connection.search('', { attributes: ['namingContexts'] })
  const base = root?.values.get('namingcontexts')?.find((name) => name !== '')
  if (base) return base
  throw new HostError('refused', host, say`LDAP: it names no suffix`, say`set base in the configuration`)
}

/** Looks the known entry up, and compares what comes back. Rejects where there is no answer at all. */
export async function verify(
  connection: LdapConnection,
  name: string,
  questions: LdapQuestions,
): Promise<Verdict> {
  const { attribute } = questions.expect ?? ownName(name)
  const began = performance.now()
  try {
    const entries = await connection.search(name, { attributes: [attribute] })
    const why = wrongWith(entries, name, questions)
    return why ? { ok: false, why } : { ok: true, ms: performance.now() - began }
  } catch (error) {
    // It answered, and its answer is no.
    if (error instanceof HostError && error.kind === 'refused')
      return { ok: false, why: say`${label(name)}: ${withoutPrefix(error.reason)}` }
    throw error
  }
}

function withoutPrefix(reason: Label): Label {
  return reason.replace(/^LDAP: /, '') as Label
}

interface Csns {
  readonly csns: ReadonlyMap<number, Csn>
  readonly csnTrouble?: Label
}

export async function readCsns(connection: LdapConnection, base: string): Promise<Csns> {
  try {
    const [entry] = await connection.search(base, { attributes: ['contextCSN'] })
    const { csns, wrong } = parseCsns(entry?.values.get('contextcsn') ?? [])
    if (!wrong.length) return { csns }
    return { csns, csnTrouble: say`malformed contextCSN: ${joined(wrong.map(label), ', ')}` }
  } catch (error) {
    if (error instanceof HostError && error.kind === 'refused')
      return { csns: new Map(), csnTrouble: say`contextCSN: ${withoutPrefix(error.reason)}` }
    throw error
  }
}

export type MonitorAnswer =
  | { readonly monitor: MonitorFacts; readonly monitorTrouble?: never }
  | { readonly monitor?: never; readonly monitorTrouble: MonitorTrouble }

/** cn=Monitor; whoever may not read it is told that it does not exist: docs/internals/openldap-freeradius.md, "cn=Monitor". */
export async function readMonitor(connection: LdapConnection, base: string): Promise<MonitorAnswer> {
  const nothing = {
    monitorTrouble: { reason: say`cn=Monitor cannot be read by this account`, advice: letRead },
  }
  try {
    const monitor = parseMonitor(await connection.search('cn=Monitor', monitorSearch), base)
    return monitor ? { monitor } : nothing
  } catch (error) {
    if (!(error instanceof HostError) || error.kind !== 'refused') throw error
    const result = error instanceof LdapResult ? error.result : undefined
    if (result === noSuchObject || result === insufficientAccess) return nothing
    const advice =
      result === sizeLimitExceeded
        ? say`allow this account more: limits of slapd.conf(5) or olcLimits, size=unlimited`
        : error.advice
    return { monitorTrouble: { reason: say`cn=Monitor: ${withoutPrefix(error.reason)}`, advice } }
  }
}

const letRead = say`let it read: access to dn.subtree="cn=Monitor" (docs/permissions.md)`
/** Results of RFC 4511, A.1. */
const sizeLimitExceeded = 4
const noSuchObject = 32
const insufficientAccess = 50
