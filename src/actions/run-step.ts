import type { Fleet } from '../fleet/fleet.ts'
import type { Ref } from '../fleet/ref.ts'
import { HostError } from '../hosts/host.ts'
import { type Label, label, say } from '../hosts/label.ts'
import type { Step } from '../services/step.ts'
import { showHere } from './show-here.ts'
import { commandText } from './step-text.ts'

/** How far a change is. */
export interface Progress {
  readonly text: Label
  /** 0 to 100, where the command tells */
  readonly percent?: number
  /** what can be looked at meanwhile */
  readonly about?: Ref
}

interface StepOptions {
  readonly onProgress?: (progress: Progress) => void
  /** cancellation by a person who does not want to wait for the command */
  readonly cancel: AbortSignal | undefined
}

/** Milliseconds that a host has to cancel a job, or to put away what one left behind. */
const patience = { cancel: 5_000, tidy: 10_000 } as const

/** Runs one step to its end; returns the host's refusal, if any. Throws where the result is not known. */
export async function runStep(
  step: Step,
  fleet: Fleet,
  { onProgress, cancel }: StepOptions,
): Promise<HostError | undefined> {
  const host = fleet.member(step.host)?.host
  if (!host) throw new HostError('unreachable', step.host, say`is not in the configuration`)
  onProgress?.({ text: step.what })
  const { cut, release } = endingOf(step, fleet, cancel)
  try {
    if (step.seenHere) return await showHere(step, host, fleet, cut)
    const { code, stderr } = await host.run(step.argv, {
      timeout: step.timeout ?? 24 * 3600_000,
      ...(step.input === undefined ? {} : { input: step.input }),
      signal: cut,
      onStderr: (text) => {
        const percent = step.progress?.(text)
        if (percent !== undefined) onProgress?.({ text: step.what, percent })
      },
    })
    return code === 0 ? undefined : (step.refusal?.(step.host, stderr) ?? plainRefusal(step, stderr))
  } finally {
    release()
  }
}

/** The signal that aborts a step: at once; or, where the host can cancel the job itself, only after that was of no use. */
function endingOf({ host, cancel: inOrder }: Step, fleet: Fleet, cancel: AbortSignal | undefined) {
  if (!cancel) return { cut: fleet.ending, release: () => {} }
  if (!inOrder) return { cut: AbortSignal.any([cancel, fleet.ending]), release: () => {} }
  const cut = new AbortController()
  let late: NodeJS.Timeout | undefined
  const end = () => {
    late = setTimeout(() => cut.abort(), patience.cancel)
    fleet
      .member(host)
      ?.host.run(inOrder, { timeout: patience.cancel })
      .catch(() => undefined)
  }
  cancel.addEventListener('abort', end)
  const release = () => {
    clearTimeout(late)
    cancel.removeEventListener('abort', end)
  }
  return { cut: AbortSignal.any([cut.signal, fleet.ending]), release }
}

/** The last line in which a command said why it failed. */
function plainRefusal({ host, argv }: Step, stderr: string): HostError {
  const said = stderr.trim().split('\n').at(-1)?.trim()
  return new HostError('refused', host, said ? label(said) : say`${commandText(argv)} failed without a word`)
}

/** Removes what the steps left behind, and returns those that are clean now. Failures are ignored: the failed change matters more. */
export async function tidyUp(steps: readonly Step[], fleet: Fleet): Promise<Step[]> {
  const tidied: Step[] = []
  for (const step of steps) {
    if (!step.tidy) continue
    const output = await fleet
      .member(step.host)
      ?.host.run(step.tidy, { timeout: patience.tidy })
      .catch(() => undefined)
    if (output?.code === 0) tidied.push(step)
  }
  return tidied
}
