import { abort, stepText } from '../actions/run.ts'
import { label, say } from '../hosts/label.ts'
import type { Console } from './console.ts'

/** Aborts the newest migration of this console. */
export function abortNewest(console: Console): void {
  const task = console.tasks.findLast((t) => !t.outcome && t.progress.abort)
  const step = task?.progress.abort
  if (!task || !step) return
  console.tell(say`${task.name}: ${stepText(step)}`)
  abort(step, console.fleet).catch((error: Error) => {
    console.tell(say`${task.name}: ${label(error.message)}`, 'bad')
    console.changed()
  })
}
