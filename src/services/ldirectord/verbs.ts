import { createHash } from 'node:crypto'
import { createTwoFilesPatch } from 'diff'
import { HostError } from '../../hosts/host.ts'
import { type Label, label, labelLines, say } from '../../hosts/label.ts'
import type { Step } from '../step.ts'
import type { ConfigSource } from './facts.ts'

/** The balancer on which something is changed. */
export interface Target {
  readonly host: string
  readonly sudo: boolean
}

/** Milliseconds: these only touch files. */
const timeout = 10_000

function asRoot({ sudo }: Target, ...argv: [string, ...string[]]): [string, ...string[]] {
  return sudo ? ['sudo', '-n', ...argv] : argv
}

/** Puts a file into the maintenance directory: ldirectord finds it at its next check. */
export function beginMaintenance(on: Target, directory: string, file: string): Step {
  return {
    host: on.host,
    argv: asRoot(on, 'touch', '--', `${directory}/${file}`),
    what: say`maintenance of ${label(file)}`,
    timeout,
  }
}

/**
 * Tells the running ldirectord to read its configuration anew by the signal that `ldirectord reload` sends: ldirectord(8). Not by that
 * command, which parses the file first in a Perl of its own (8 to 14 s on a slow machine, notes/lvs.md), and finds no process where the
 * file is spelled otherwise than at the start.
 */
export function reloadConfig(on: Target, pidFile: string): Step {
  return {
    host: on.host,
    argv: asRoot(on, 'pkill', '-HUP', '-F', pidFile),
    what: say`reload of ldirectord`,
    timeout,
    refusal: (host, stderr) =>
      new HostError(
        'refused',
        host,
        stderr.trim() ? label(stderr.trim()) : say`the process of ${label(pidFile)} has gone`,
      ),
  }
}

export function endMaintenance(on: Target, directory: string, files: readonly string[]): Step {
  return {
    host: on.host,
    argv: asRoot(on, 'rm', '-f', '--', ...files.map((file) => `${directory}/${file}`)),
    what: say`end of maintenance`,
    timeout,
  }
}

/**
 * Writes a configuration file so that it is the old one or the new one at every moment, whole and on the disk; owner and mode stay. It has
 * to be still what was read: an edit that somebody made meanwhile is not lost. The old one is kept beside it, and those kept before it
 * get numbers (cp(1), `--backup`).
 */
export function replaceConfig(on: Target, { path, text }: ConfigSource, changed: string): Step[] {
  const [draft, kept] = [`${path}.vdd-new`, `${path}.before-vdd`]
  const step = (what: Label, argv: [string, ...string[]], rest: Partial<Step> = {}): Step => ({
    host: on.host,
    argv: asRoot(on, ...argv),
    what,
    timeout,
    ...rest,
  })
  const isMeanwhile = (host: string) =>
    new HostError('refused', host, say`${label(path)} is not as it was read: look again`)
  return [
    step(say`look whether it is as it was read`, ['sha256sum', '--check', '--status'], {
      ...fed(`${sha256(text)}  ${path}\n`),
      refusal: isMeanwhile,
    }),
    step(say`copy of the old configuration`, ['cp', '-p', '--backup=numbered', '--', path, kept]),
    step(say`place for the new configuration`, ['cp', '-p', '--', path, draft]),
    step(say`new configuration`, ['dd', `of=${draft}`, 'conv=fsync', 'status=none'], {
      input: changed,
      shown: difference(text, changed),
    }),
    step(say`look whether it has arrived whole`, ['sha256sum', '--check', '--status'], {
      ...fed(`${sha256(changed)}  ${draft}\n`),
    }),
    step(say`change of the configuration`, ['mv', '--', draft, path]),
  ]
}

/** A sum is nothing that a person has to read. */
function fed(input: string): Pick<Step, 'input' | 'shown'> {
  return { input, shown: [] }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** What changes, line by line, as `diff -U2` shows it; passwords that stand near are not shown. */
function difference(before: string, after: string): Label[] {
  const patch = createTwoFilesPatch('', '', before, after, '', '', { context: 2 })
  const hidden = patch.replace(/^(.\s*(?:passwd|secret)\s*=).*$/gim, '$1 (not shown)')
  return labelLines(hidden.slice(hidden.indexOf('@@')).trimEnd())
}
