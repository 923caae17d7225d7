import type { Argv, HostError } from '../hosts/host.ts'
import type { Label } from '../hosts/label.ts'

/** One command of a plan. What is shown before it runs is what runs. */
export interface Step {
  readonly host: string
  readonly argv: Argv
  /** What it does, in a few words. */
  readonly what: Label
  /** What the command reads from standard input; shown, so never a secret, unless `shown` takes its place. */
  readonly input?: string
  /** What a person reads in place of a command that is a program of many lines. */
  readonly inWords?: Label
  /** What a person is shown in place of the input. */
  readonly shown?: readonly Label[]
  /** Milliseconds; none: it ends by itself or is aborted (a migration is not ended by the clock). */
  readonly timeout?: number
  /** Reads progress, 0 to 100, from a piece of its standard error. */
  readonly progress?: (text: string) => number | undefined
  /** False: nobody feels it, it only prepares what comes later. */
  readonly isFelt?: boolean
  /** What takes away what it has left behind, when it or a later one fails. */
  readonly tidy?: Argv
  /** What ends it in order on its host while it runs; default: it is cut. */
  readonly cancel?: Argv
  /** What it says behind one line is what a viewer here shows, and what it hears is typed there (RFB): it is done once that is seen, and goes on. */
  readonly seenHere?: { readonly controls: boolean }
  /** Any member of its cluster does the same when it is told: which one is asked is no part of what a person confirms. */
  readonly isOfAnyMember?: boolean
  /** What its words mean when it failed; default: its last line. */
  readonly refusal?: (host: string, stderr: string) => HostError
}
