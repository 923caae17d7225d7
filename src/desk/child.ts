import { spawn } from 'node:child_process'
import type * as z from 'zod'
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
  /** once, unless it was let go before: nothing more will be heard. Why, for a trace. */
  readonly ended: (why: string) => void
}

/** A child process that is spoken with: a JSON object a line, each way. */
export interface Child {
  say(value: unknown): void
  /** Its input ends, and nothing more is heard of it; it is not waited for. */
  letGo(): void
}

/** Starts a child and listens. A line that is not as it must be ends the conversation: whoever sends one cannot be understood. */
export function childThat<T>({ command, env, schema, longestLine, detached, heard, ended }: Told<T>): Child {
  const [file, ...args] = command
  const child = spawn(file, args, {
    stdio: ['pipe', 'pipe', 'ignore'],
    detached: detached ?? false,
    ...(env ? { env } : {}),
  })
  let isOver = false
  const lines = new Lines(longestLine)
  const letGo = () => {
    isOver = true
    child.stdin.end()
    child.stdout.destroy()
    child.unref()
  }
  const end = (why: string) => {
    if (isOver) return
    letGo()
    ended(why)
  }
  const line = (text: string) => {
    const said = schema.safeParse(parsed(text))
    if (said.success) heard(said.data)
    else end('said something that is not understood')
  }
  child.on('error', ({ message }) => end(message))
  child.stdin.on('error', () => {})
  child.stdout.on('error', ({ message }) => end(message))
  child.stdout.on('end', () => end('has ended'))
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
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
