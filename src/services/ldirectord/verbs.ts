import { createHash, randomBytes } from 'node:crypto'
import { dirname } from 'node:path'
import { createTwoFilesPatch } from 'diff'
import { HostError } from '../../hosts/host.ts'
import { type Label, label, labelLines, type Raw, say } from '../../hosts/label.ts'
import type { Step } from '../step.ts'
import type { ConfigSource } from './facts.ts'

/** The balancer on which something is changed. */
interface BalancerTarget {
  readonly host: string
  readonly sudo: boolean
}

let session: string | undefined

/** Two consoles that write at once write each its own draft. */
function ownName(): string {
  session ??= randomBytes(3).toString('hex')
  return session
}

/** Milliseconds: these only touch files, but on a balancer that has much to do; what is given up once it was begun leaves it unknown what was done. */
const timeout = 30_000

function asRoot({ sudo }: BalancerTarget, ...argv: [Raw, ...Raw[]]): [Raw, ...Raw[]] {
  return sudo ? ['sudo', '-n', ...argv] : argv
}

/** Puts a file into the maintenance directory: ldirectord finds it at its next check. */
export function beginMaintenance(on: BalancerTarget, directory: string, file: string): Step {
  return {
    host: on.host,
    argv: asRoot(on, 'touch', '--', `${directory}/${file}`),
    what: say`maintenance of ${label(file)}`,
    timeout,
  }
}

/**
 * Tells the running ldirectord to read its configuration anew by the signal that `ldirectord reload` sends: ldirectord(8). Not by that
 * command, which parses the file first in a Perl of its own (8 to 14 s on a slow machine: docs/internals/lvs.md, "Reload and restart"), and
 * finds no process where the file is spelled otherwise than at the start. The pid may be another's by now: its command line has to name
 * ldirectord.
 */
export function reloadConfig(on: BalancerTarget, pidFile: string): Step {
  return {
    host: on.host,
    argv: asRoot(on, 'pkill', '-HUP', '-F', pidFile, '-f', 'ldirectord'),
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

export function endMaintenance(on: BalancerTarget, directory: string, files: readonly string[]): Step {
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
export function replaceConfig(
  on: BalancerTarget,
  { path, text }: ConfigSource,
  changed: string,
  isChecked: boolean,
): Step[] {
  const [draft, kept] = [`${path}.vdd-${ownName()}`, `${path}.before-vdd`]
  const step = (what: Label, argv: [Raw, ...Raw[]], rest: Partial<Step> = {}): Step => ({
    host: on.host,
    argv: asRoot(on, ...argv),
    what,
    timeout,
    isFelt: false,
    ...rest,
  })
  return [
    step(say`copy of the old configuration`, ['cp', '-p', '--backup=numbered', '--', path, kept]),
    step(say`place for the new configuration`, ['cp', '-p', '--', path, draft], {
      tidy: asRoot(on, 'rm', '-f', '--', draft),
    }),
    step(say`new configuration`, ['dd', `of=${draft}`, 'conv=fsync', 'status=none'], {
      input: changed,
      shown: difference(text, changed),
    }),
    // Parsed by the one that will read it, which then does nothing: none runs with this file. It says what it would refuse.
    ...(isChecked
      ? []
      : [
          step(say`check of the new configuration`, ['ldirectord', draft, 'try-restart'], {
            timeout: 120_000,
            refusal: refusedBy,
          }),
        ]),
    {
      ...step(say`change of the configuration`, [
        'flock',
        ...['--verbose', '-w', '10', dirname(path)],
        ...['/bin/sh', '-c', moveIfUnchanged, 'sh', draft, path],
      ]),
      isFelt: true,
      timeout: 20_000,
      input: `${sha256(text)}  ${path}\n${sha256(changed)}  ${draft}\n`,
      // Sums are nothing that a person has to read.
      shown: [],
      refusal: (host, stderr) => notMoved(host, path, stderr),
    },
  ]
}

/**
 * Moves the draft to its place if the file is as it was read, and the draft whole. Under a lock on the directory, which each vdd takes, nobody
 * writes between the look and the move. Standard input has the sums. sudo may hand on a PATH of the user's own.
 */
const moveIfUnchanged = 'PATH=/usr/bin:/bin; sha256sum --check --status && exec mv -- "$1" "$2"'

/** sha256sum says nothing where a sum is another; flock(1) and mv(1) do when it is they that failed. */
function notMoved(host: string, path: string, stderr: string): HostError {
  const said = stderr.trim().split('\n').at(-1) ?? ''
  if (/timeout while waiting/.test(said))
    return new HostError('refused', host, say`another vdd is writing to ${label(dirname(path))}: try again`)
  return new HostError(
    'refused',
    host,
    said ? label(said) : say`${label(path)} is not as it was read: look again`,
  )
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** `Error [412] reading file F at line 14: Unknown command` */
function refusedBy(host: string, stderr: string): HostError {
  const said = /reading file .* at (line \d+: .*)/.exec(stderr)?.[1] ?? stderr.trim().split('\n').at(-1) ?? ''
  return new HostError(
    'refused',
    host,
    say`ldirectord would refuse the new configuration: ${label(said.trim())}`,
  )
}

/** What changes, line by line, as `diff -U2` shows it; passwords that stand near are not shown. */
function difference(before: string, after: string): Label[] {
  const patch = createTwoFilesPatch('', '', before, after, '', '', { context: 2 })
  const hidden = patch.replace(/^(.[\s#]*(?:passwd|secret)\s*=).*$/gim, '$1 (not shown)')
  return labelLines(hidden.slice(hidden.indexOf('@@')).trimEnd())
}
