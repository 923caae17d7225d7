import type { World } from './world.ts'

/** What a command says; an answer may take its time. */
export interface Said {
  readonly out?: string
  readonly err?: string
}

/** A command of virsh; it gets the words behind its name, and standard input. */
export type Command = (
  world: World,
  host: string,
  words: readonly string[],
  input: string,
) => Said | Promise<Said>

export type Commands = Readonly<Record<string, Command>>
