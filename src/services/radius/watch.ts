import { HostError } from '../../hosts/host.ts'
import { type Label, label, say } from '../../hosts/label.ts'
import { type PollOptions, Rounds } from '../../hosts/rounds.ts'
import { Seldom } from '../../hosts/seldom.ts'
import { askStatistics, askStatus, type RadiusAsking, tryLogin } from './client.ts'
import type { RadiusReading, RadiusSettings, RadiusSink, RadiusStatistics } from './facts.ts'
import type { RadiusWire } from './wire.ts'

/** A RADIUS server, and the way to it. */
export interface RadiusServer {
  readonly wire: RadiusWire
  /** asked at each look, so that a secret that was corrected counts from then on; may throw `HostError` */
  readonly settings: () => RadiusSettings
}

interface RadiusWatchOptions extends RadiusServer, PollOptions<RadiusSink> {
  /** name of the host, for errors */
  readonly host: string
}

/**
 * Milliseconds between two logins that are answered: each asks the directory and is written to logs, and an account that is rejected
 * every second may be locked for it (slapo-ppolicy(5)). One without an answer is tried again at once.
 */
const loginEvery = 5_000

/** Watches a RADIUS server: whether it answers, what it counts, and whether the test account can log in. */
export function watchRadius({ host, wire, settings, interval, sink, now }: RadiusWatchOptions): Rounds {
  let last: RadiusReading['login']
  let isAnswered = false
  const statistics = new Seldom<RadiusStatistics | undefined>(now)

  async function login(asking: RadiusAsking): Promise<Pick<RadiusReading, 'login'>> {
    if (!last || !isAnswered || now() - last.at >= loginEvery) {
      isAnswered = true
      const outcome = await tryLogin(asking).catch((error: unknown) => {
        isAnswered = false
        return { ok: false, why: whyOf(error) } as const
      })
      if (!asking.signal.aborted) last = outcome && { ...outcome, at: now() }
    }
    return last ? { login: last } : {}
  }

  async function counted(
    asking: RadiusAsking,
  ): Promise<Pick<RadiusReading, 'statistics' | 'statisticsAt' | 'statisticsTrouble'>> {
    try {
      const { value, at } = await statistics.ask(() => askStatistics(asking))
      return value ? { statistics: value, statisticsAt: at } : {}
    } catch (error) {
      return { statisticsTrouble: whyOf(error) }
    }
  }

  return new Rounds({
    host,
    interval,
    now,
    look: async (signal) => {
      const vain = new AbortController()
      const asking = { host, wire, settings: settings(), signal: vain.signal }
      const stop = () => vain.abort(signal.reason)
      signal.addEventListener('abort', stop)
      try {
        const [ms, told, tried] = await Promise.all([askStatus(asking), counted(asking), login(asking)])
        if (!signal.aborted) sink.reading({ host, at: now(), ms, ...told, ...tried })
      } catch (error) {
        // Where there is no answer to the first, the others are not waited for.
        vain.abort(new HostError('cancelled', host, say`not waited for`))
        throw error
      } finally {
        signal.removeEventListener('abort', stop)
      }
    },
    failed: (error) => {
      // Of before the trouble: it is tried anew.
      last = undefined
      statistics.forget()
      sink.trouble(host, error)
    },
  })
}

/** Why, in one line, without the name of the host that the reading has. */
function whyOf(error: unknown): Label {
  if (!(error instanceof HostError)) return label(String(error))
  return error.advice ? say`${error.reason} (${error.advice})` : error.reason
}
