import { type ChildProcessByStdio, spawn } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import type * as z from 'zod'
import { parseJson } from '../hosts/json.ts'
import { Lines } from '../hosts/lines.ts'

interface Told<T> {
  /** an argument vector, never a line for a shell */
  readonly command: readonly [file: string, ...args: string[]]
  readonly env?: NodeJS.ProcessEnv
  /** what each line that it says must be */
  readonly schema: z.ZodType<T>
  /** characters of a line; what is longer is none */
  readonly longestLine: number
  /** it lives on when this program ends */
  readonly detached?: boolean
  readonly heard: (said: T) => void
  /** once, unless it was let go before: nothing more will be heard. Why, with what it has said of that last, for whoever looks after it. */
  readonly ended: (why: string) => void
}

/** Characters. */
const longestComplaint = 400

/** A child process that is spoken with: a JSON object a line, each way. */
export interface Child {
  say(value: unknown): void
  /** Its input ends, and nothing more is heard of it; it is not waited for. */
  letGo(): void
}

/** Starts a child and listens. A line that is not as it must be ends the conversation: whoever sends one cannot be understood. */
export function childThat<T>({ command, env, schema, longestLine, detached, heard, ended }: Told<T>): Child {
  const [file, ...args] = command
  const started = spawn(file, args, {
    // What lives on must not lose whom it complains to.
    stdio: ['pipe', 'pipe', detached ? 'ignore' : 'pipe'],
    detached: detached ?? false,
    ...(env ? { env } : {}),
  })
  const child = started as ChildProcessByStdio<Writable, Readable, Readable | null>
  let complaint = ''
  child.stderr?.setEncoding('utf8').on('data', (piece: string) => {
    complaint = `${complaint}${piece}`.slice(-longestComplaint)
  })
  let isOver = false
  const lines = new Lines(longestLine)
  const letGo = () => {
    isOver = true
    child.stdin.end()
    child.stdout.destroy()
    child.stderr?.destroy()
    child.unref()
  }
  const end = (why: string) => {
    if (isOver) return
    letGo()
    const last = complaint.trim().split('\n').at(-1)
    ended(last ? `${why}: ${last}` : why)
  }
  const line = (text: string) => {
    const said = schema.safeParse(parsed(text))
    if (said.success) heard(said.data)
    else end('said something that is not understood')
  }
  child.on('error', ({ message }) => end(message))
  child.stderr?.on('error', () => {})
  child.stdin.on('error', () => {})
  child.stdout.on('error', ({ message }) => end(message))
  child.stdout.on('end', () => {
    // Also why is to be heard first.
    if (child.stderr?.closed === false) child.stderr.once('close', () => end('has ended'))
    else end('has ended')
  })
  child.stdout.setEncoding('utf8').on('data', (piece: string) => {
    for (const one of lines.take(piece)) if (one && !isOver) line(one)
    if (lines.tooLong) end('said a line that is too long')
  })
  return {
    say: (value) => {
      if (!isOver) child.stdin.write(`${JSON.stringify(value)}\n`)
    },
    letGo,
  }
}

function parsed(text: string): unknown {
  try {
    return parseJson(text)
  } catch {
    return undefined
  }
}
