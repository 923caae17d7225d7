import { hostname } from 'node:os'
import { type Label, say } from '../../hosts/label.ts'
import type { Entry } from './entries.ts'
import { Syslog, type SyslogTarget } from './syslog.ts'
import { syslogMessage } from './syslog-message.ts'

/** Tells syslog of entries, each by the console that has written it: what several consoles have seen is told once. */
export class ToldSyslog {
  readonly #syslog: Syslog
  readonly #messageOf: (entry: Entry) => Buffer

  constructor(target: SyslogTarget, cluster: Label) {
    const origin = { hostname: hostname(), pid: process.pid, cluster }
    this.#messageOf = (entry) => syslogMessage(entry, origin)
    const own = {
      id: 0,
      kind: 'seen',
      severity: 'warning',
      type: 'journal.lost',
      host: say`console`,
    } as const
    this.#syslog = new Syslog(target, (text) => this.#messageOf({ ...own, at: Date.now(), text }))
  }

  /** Why they do not arrive, if so. */
  get trouble(): Label | undefined {
    return this.#syslog.trouble
  }

  tell(entries: readonly Entry[]): void {
    if (entries.length) this.#syslog.send(entries.map(this.#messageOf))
  }

  async sent(): Promise<void> {
    await this.#syslog.sent()
  }

  close(): void {
    this.#syslog.close()
  }
}
