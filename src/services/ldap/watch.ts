import { HostError } from '../../hosts/host.ts'
import { label, say } from '../../hosts/label.ts'
import { type PollOptions, Rounds } from '../../hosts/rounds.ts'
import { Seldom } from '../../hosts/seldom.ts'
import type {
  LdapConnection,
  LdapQuestions,
  LdapReading,
  LdapSink,
  MonitorTrouble,
  OpenLdap,
  Verdict,
} from './facts.ts'
import { type MonitorAnswer, readBase, readCsns, readMonitor, verify } from './read.ts'

interface LdapWatchOptions extends PollOptions<LdapSink> {
  /** name of the host, for errors */
  readonly host: string
  readonly open: OpenLdap
  readonly questions: LdapQuestions
}

/** Milliseconds between two connections that are made as a client makes them, while these succeed. */
const freshEvery = 5_000
/** Milliseconds between two attempts to read cn=Monitor where that is refused. */
const deniedFor = 30_000

/**
 * Watches one slapd. One connection is kept, since a new one may not be had when it matters: at the limit of descriptors those that
 * stand are still answered (docs/internals/openldap-freeradius.md, "Out of descriptors"). Whether new ones are, is tried beside it.
 */
export function watchLdap({ host, open, questions, interval, sink, now }: LdapWatchOptions): Rounds {
  let kept: LdapConnection | undefined
  /** when the one that was kept was lost, and none has been had since */
  let lostAt: number | undefined
  let base = questions.base
  let fresh: LdapReading['fresh'] | undefined
  const monitor = new Seldom<MonitorAnswer>(now)
  let denied: { readonly why: MonitorTrouble; readonly at: number } | undefined

  const keep = async (signal: AbortSignal): Promise<LdapConnection> => {
    if (kept && !kept.closed) return kept
    kept = await open(() => {
      lostAt ??= now()
      rounds.look()
    })
    lostAt = undefined
    fresh = undefined
    monitor.forget()
    if (signal.aborted) kept.close()
    signal.throwIfAborted()
    return kept
  }
  const isDue = () => !fresh?.ok || now() - fresh.triedAt >= freshEvery
  const tryFresh = async (name: string): Promise<LdapReading['fresh']> => {
    const triedAt = now()
    const verdict = await attempt(async () => {
      const began = performance.now()
      const connection = await open()
      try {
        // Whether it answers rightly is another question.
        await verify(connection, name, questions)
        return { ok: true, ms: performance.now() - began }
      } finally {
        connection.close()
      }
    })
    return { ...verdict, triedAt }
  }
  const monitorOf = async (connection: LdapConnection, suffix: string) => {
    if (denied && now() - denied.at < deniedFor) return { monitorTrouble: denied.why }
    const { value, at } = await monitor.ask(() => readMonitor(connection, suffix))
    denied = value.monitorTrouble ? { why: value.monitorTrouble, at } : undefined
    return { ...value, monitorAt: at }
  }
  const look = async (signal: AbortSignal): Promise<void> => {
    const connection = await keep(signal)
    base ??= await readBase(connection, host)
    const suffix = base
    const name = questions.entry ?? suffix
    const askedAt = now()
    const [check, csns, counted, tried] = await Promise.all([
      verify(connection, name, questions),
      readCsns(connection, suffix),
      monitorOf(connection, suffix),
      fresh && !isDue() ? fresh : tryFresh(name),
    ])
    fresh = tried
    const { certifiedUntil } = connection
    const certificate = certifiedUntil === undefined ? {} : { certifiedUntil }
    const times = { at: now(), askedAt }
    if (!signal.aborted)
      sink.reading({ host, ...times, base: suffix, check, fresh, ...csns, ...counted, ...certificate })
  }
  const rounds = new Rounds({
    host,
    interval,
    now,
    look,
    failed: (error) => {
      kept?.close()
      kept = undefined
      // It may come back with another one.
      base = questions.base
      sink.trouble(host, error, lostAt)
    },
    end: () => kept?.close(),
  })
  return rounds
}

/** What fails is a verdict, too. */
async function attempt(work: () => Promise<Verdict>): Promise<Verdict> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof HostError) return { ok: false, why: error.reason }
    return { ok: false, why: say`LDAP: ${label(String(error))}` }
  }
}
