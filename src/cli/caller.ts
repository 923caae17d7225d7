import type { AlertsConfig } from '../config/alerts.ts'
import type { Alert } from '../fleet/alerts/alert.ts'
import type { Beside } from '../fleet/beside.ts'
import { CallBook } from '../outside/calls/book.ts'
import { Caller, failureAlert } from '../outside/calls/caller.ts'
import { commandOf, madeUpCommand, madeUpProgram } from '../outside/calls/command.ts'

/** Whoever calls; or, for a verb, whoever knows that calls fail. */
export function callerOf({ run, severity, hold, limit }: AlertsConfig, file: string, calls: boolean): Beside {
  const book = new CallBook(file)
  const [program = ''] = run
  if (calls) return new Caller({ book, run: commandOf(run, limit), program, severity, hold })
  return {
    start: () => {},
    stop: async () => book.close(),
    alerts: (): readonly Alert[] => failureAlert(book, program),
  }
}

/** The demo calls nobody, and says so. */
export function demoCaller(): Beside {
  const book = new CallBook(':memory:')
  return new Caller({ book, run: madeUpCommand, program: madeUpProgram, severity: 'warning', hold: 900_000 })
}
