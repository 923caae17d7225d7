import { orAborted } from './abort.ts'
import { type Argv, HostError } from './host.ts'
import { label, say } from './label.ts'
import { LocalHost } from './local.ts'
import { Slots } from './slots.ts'
import type { Lookup, SshSettings, Surroundings } from './ssh-settings.ts'

/** Milliseconds for ssh to read its configuration. It may look names up and run the commands of `Match exec`. */
const DEADLINE = 5000
/** Milliseconds after which one that is not ready no longer keeps others from starting: it waits, and uses no processor. */
const PATIENCE = 500
/** Milliseconds for which an answer counts: many hosts are reached over the same jump host, and try again together. */
const FRESH = 5000

const turns = new Slots(8)
const never = new AbortController().signal

/**
 * What OpenSSH itself makes of its configuration for a host: `ssh -G`, ssh(1). `undefined` where there is no ssh, or one before
 * 6.8, which has no `-G`.
 *
 * @throws {HostError} `unreachable`, when ssh refuses its configuration or does not come to an end
 */
export async function askOpenSsh(
  settings: SshSettings,
  { home, env, ssh = 'ssh' }: Surroundings,
  signal = never,
): Promise<Lookup | undefined> {
  if (ssh === false) return undefined
  const answer = asker(env).answerTo(question(settings, home, ssh), settings.name)
  const stdout = await orAborted(answer, signal)
  return stdout === undefined ? undefined : lookupOf(stdout)
}

/** Which words the hash %C is made of differs between releases, so ssh is to tell it. */
function question(settings: SshSettings, home: string, ssh: string): Argv {
  return [ssh, '-G', '-T', '-o', 'ControlPath=%C', ...sshWords(settings, home)]
}

/** The words of `ssh` for a host: what vdd's own configuration says is said as on the command line, where it wins. */
export function sshWords(
  { name, address, user, port, proxyJump, configFile }: SshSettings,
  home: string,
): string[] {
  const option = (key: string, value: string | undefined) =>
    value === undefined ? [] : ['-o', `${key}=${value}`]
  return [
    ...(configFile === undefined ? [] : ['-F', configFile.replace(/^~(?=\/|$)/, home)]),
    ...(user === undefined ? [] : ['-l', user]),
    ...(port === undefined ? [] : ['-p', String(port)]),
    ...option('HostName', address && `"${address.replace(/["\\]/g, '\\$&').replaceAll('%', '%%')}"`),
    ...option('ProxyJump', proxyJump),
    ...['--', name],
  ]
}

/** Asks ssh, and remembers the answers for a moment. */
class Asker {
  /** It ends what still runs when the program ends. */
  readonly #host: LocalHost
  readonly #answers = new Map<
    string,
    { readonly answer: Promise<string | undefined>; readonly until: number }
  >()

  constructor(env: Surroundings['env']) {
    this.#host = new LocalHost({ env })
  }

  /** What ssh prints; `undefined` where there is none that can be asked. */
  async answerTo(argv: Argv, host: string): Promise<string | undefined> {
    const now = performance.now()
    for (const [old, { until }] of this.#answers) if (until <= now) this.#answers.delete(old)
    const key = JSON.stringify(argv)
    const known = this.#answers.get(key)
    if (known) return known.answer
    const answer = this.#ask(argv, host)
    this.#answers.set(key, { answer, until: Infinity })
    answer.then(
      () => this.#answers.set(key, { answer, until: performance.now() + FRESH }),
      () => this.#answers.delete(key),
    )
    return answer
  }

  async #ask(argv: Argv, host: string): Promise<string | undefined> {
    const giveBack = await turns.take(never)
    const late = setTimeout(giveBack, PATIENCE)
    try {
      const { code, stdout, stderr } = await this.#host.run(argv, { timeout: DEADLINE })
      if (code === 0) return stdout
      if (/(unknown|illegal|invalid) option/i.test(stderr)) return undefined
      const said = stderr.trim() || `ssh ended with ${code === null ? 'a signal' : `exit status ${code}`}`
      throw refusal(host, said)
    } catch (error) {
      if (!(error instanceof HostError) || error.kind === 'unreachable') throw error
      if (error.kind === 'exec') return undefined
      throw new HostError(
        'unreachable',
        host,
        say`"ssh -G ${label(host)}" has not ended in ${DEADLINE / 1000} s`,
        label('look for a Match exec that hangs in the ssh configuration; with CanonicalizeHostname at DNS'),
      )
    } finally {
      clearTimeout(late)
      giveBack()
    }
  }
}

const askers = new WeakMap<Surroundings['env'], Asker>()

function asker(env: Surroundings['env']): Asker {
  const made = askers.get(env) ?? new Asker(env)
  askers.set(env, made)
  return made
}

/** The first complaint names file, line and word; those after it say that ssh gives up. */
function refusal(host: string, stderr: string): HostError {
  const [first = ''] = stderr.split('\n')
  return new HostError(
    'unreachable',
    host,
    say`ssh configuration: ${label(first.trim())}`,
    say`ssh refuses it too; correct it until "ssh -G ${label(host)}" is content`,
  )
}

/** Values that ssh has when its configuration says nothing, and vdd has its own. */
const usual: Readonly<Record<string, string>> = { serveralivecountmax: '3' }

const lists = new Set(['userknownhostsfile', 'globalknownhostsfile'])

/** The lines of `ssh -G`: the keyword in lower case, a blank, the value without quotation marks. */
function lookupOf(stdout: string): Lookup {
  const options = new Map<string, string[]>()
  for (const line of stdout.split('\n')) {
    const [, keyword = '', value = ''] = /^(\S+) (.*)$/.exec(line) ?? []
    if (!keyword || usual[keyword] === value) continue
    options.set(keyword, [...(options.get(keyword) ?? []), ...(lists.has(keyword) ? files(value) : [value])])
  }
  const identities = options.get('identityfile') ?? []
  if (areDefault(identities)) options.delete('identityfile')
  const all = (option: string) => options.get(option.toLowerCase()) ?? []
  const order = [...options.keys()]
  const firstOf = (...wanted: string[]) =>
    wanted
      .filter((option) => options.has(option.toLowerCase()))
      .sort((a, b) => order.indexOf(a.toLowerCase()) - order.indexOf(b.toLowerCase()))[0]
  return { by: 'ssh', one: (option) => all(option)[0], all, firstOf, defaultIdentities: identities }
}

/** Several files stand in one line, and a blank may also be part of a name: then what follows it does not begin as a path does. */
function files(value: string): string[] {
  return value.split(/ (?=[/~%$]|none$)/)
}

/** ssh lists the keys that it looks for by itself as it lists configured ones; they need not be there. */
function areDefault(identities: readonly string[]): boolean {
  return (
    identities.length > 2 &&
    identities.every((file) => /^(~|\/.*)\/\.ssh\/id_(?!.*[./])[a-z0-9_]+$/.test(file))
  )
}
