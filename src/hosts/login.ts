import { readFile, stat } from 'node:fs/promises'
import ssh2, {
  type AnyAuthMethod,
  type AuthenticationType,
  type IdentityCallback,
  type ParsedKey,
} from 'ssh2'
import { HostError } from './host.ts'
import { type Label, label, say } from './label.ts'
import type { SshTarget } from './ssh-config.ts'
import { via } from './ssh-errors.ts'

/** One thing to try: what to call it, and what ssh2 is told. */
interface Attempt {
  readonly name: Label
  readonly method: AnyAuthMethod
}

/**
 * One log in at a host: the agent's keys, then the identity files, then a password where one was given. Nothing is ever asked of a person from here;
 * certificates and GSSAPI are not tried.
 */
export class Login {
  readonly #target: SshTarget
  readonly #attempts: Attempt[]
  /** What was in the way, for the error. */
  readonly #notes: Label[]
  readonly #tried: Label[] = []
  #accepted: readonly string[] = []
  #askedNone = false

  constructor(target: SshTarget, attempts: readonly Attempt[], notes: readonly Label[]) {
    this.#target = target
    this.#attempts = [...attempts]
    this.#notes = [...notes]
  }

  /** For ssh2's `authHandler`: the next method, or `false` when there is none. */
  readonly next = (accepted: AuthenticationType[] | null): AnyAuthMethod | false => {
    if (accepted) this.#accepted = accepted
    if (!this.#askedNone) {
      this.#askedNone = true // the answer lists what the host accepts; RFC 4252, 5.2
      return { type: 'none', username: this.#target.user }
    }
    const attempt = this.#attempts.shift()
    if (!attempt) return false
    if (accepted && !accepted.includes(kindOf(attempt.method))) return this.next(accepted)
    this.#tried.push(attempt.name)
    return attempt.method
  }

  note(text: Label): void {
    this.#notes.push(text)
  }

  /** Why nobody was let in: which methods were tried, which the host would have liked. */
  refused(host: string, why?: Label): HostError {
    const tried = this.#tried.length > 0 ? list(this.#tried) : label('nothing: no key to offer')
    const accepted = list(this.#accepted.map(label))
    const wants = this.#accepted.length > 0 ? say`; it accepts ${accepted}` : label('')
    const reason = say`${via(host, this.#target)}no login as ${label(this.#target.user)}, tried ${tried}${wants}${why ? say`: ${why}` : label('')}`
    const hint = say`add the public key to ~${label(this.#target.user)}/.ssh/authorized_keys on the host`
    return new LoginRefused(host, reason, list([...this.#notes, hint], '; '), this.#accepted)
  }
}

/** Nobody was let in. */
export class LoginRefused extends HostError {
  /** whether a password would have been taken */
  readonly takesPassword: boolean
  /** whether a ticket of Kerberos would have been taken: RFC 4462, 3 */
  readonly takesTicket: boolean
  constructor(host: string, reason: Label, advice: Label, accepted: readonly string[]) {
    super('auth', host, reason, advice)
    this.takesPassword = accepted.some((one) => one === 'password' || one === 'keyboard-interactive')
    this.takesTicket = accepted.includes('gssapi-with-mic')
  }
}

/** The agent is a way to public keys. */
function kindOf({ type }: AnyAuthMethod): AuthenticationType {
  return type === 'agent' ? 'publickey' : type
}

/** With a password, in both ways in which a host may ask for one: RFC 4252, 8, and RFC 4256, where it is what is not to be seen. */
function byPassword(username: string, password: string): Attempt[] {
  return [
    { name: label('password'), method: { type: 'password', username, password } },
    {
      name: label('keyboard-interactive'),
      method: {
        type: 'keyboard-interactive',
        username,
        prompt: (_name, _instructions, _language, prompts, finish) =>
          finish(prompts.map(({ echo }) => (echo ? '' : password))),
      },
    },
  ]
}

/** Reads the identity files and finds the agent. Problems with them become notes: another way in may work. */
export async function prepareLogin(target: SshTarget, password?: string): Promise<Login> {
  const notes: Label[] = []
  const files = await Promise.all(target.identityFiles.map((file) => readIdentity(file, target, notes)))
  const identities = files.filter((identity) => identity !== undefined)
  const wanted = identities.flatMap((identity) => identity.publicKey ?? [])
  const username = target.user
  const attempts: Attempt[] = []
  if (target.agent !== undefined) {
    const agent = new PreferringAgent(target.agent, wanted, target.identitiesOnly)
    attempts.push({ name: say`agent ${label(target.agent)}`, method: { type: 'agent', username, agent } })
  }
  for (const { file, privateKey } of identities) {
    if (privateKey)
      attempts.push({ name: label(file), method: { type: 'publickey', username, key: privateKey } })
  }
  if (password !== undefined) attempts.push(...byPassword(username, password))
  return new Login(target, attempts, notes)
}

interface Identity {
  readonly file: string
  readonly privateKey?: Buffer
  readonly publicKey?: Buffer
}

async function readIdentity(file: string, target: SshTarget, notes: Label[]): Promise<Identity | undefined> {
  try {
    const text = await readFile(file)
    const key = ssh2.utils.parseKey(text)
    if (key instanceof Error) return await unreadable(file, key, target, notes)
    const first = Array.isArray(key) ? key[0] : key
    const publicKey = first.getPublicSSH()
    if (!first.isPrivateKey()) return { file, publicKey } // chooses among the agent's keys
    if (((await stat(file)).mode & 0o077) === 0) return { file, privateKey: text, publicKey }
    notes.push(say`${label(file)} was not used, others may read it: chmod 600 ${label(file)}`)
    return { file, publicKey }
  } catch (error) {
    if (target.identitiesConfigured) notes.push(label(error instanceof Error ? error.message : String(error)))
    return undefined
  }
}

/** An encrypted key can be used only by an agent; its public half beside it tells which of the agent's keys it is. */
async function unreadable(file: string, error: Error, target: SshTarget, notes: Label[]): Promise<Identity> {
  if (!/encrypted/i.test(error.message)) {
    notes.push(say`${label(file)}: ${label(error.message)}`)
    return { file }
  }
  const start = target.agent === undefined ? label('start ssh-agent and ') : label('')
  notes.push(say`${label(file)} is encrypted: ${start}run ssh-add ${label(file)}`)
  const pub = ssh2.utils.parseKey(await readFile(`${file}.pub`).catch(() => ''))
  if (pub instanceof Error) return { file }
  return { file, publicKey: (Array.isArray(pub) ? pub[0] : pub).getPublicSSH() }
}

/** The agent's keys, those of the identity files first: sshd closes the door after six (MaxAuthTries). */
class PreferringAgent extends ssh2.OpenSSHAgent {
  readonly #wanted: readonly Buffer[]
  readonly #only: boolean

  constructor(socket: string, wanted: readonly Buffer[], only: boolean) {
    super(socket)
    this.#wanted = wanted
    this.#only = only
  }

  override getIdentities(done: IdentityCallback<ParsedKey>): void {
    super.getIdentities((error, found) => {
      if (error || !found) {
        done(error, found)
        return
      }
      const keys = found.filter((key): key is ParsedKey => 'getPublicSSH' in key)
      const isWanted = (key: ParsedKey) => this.#wanted.some((one) => one.equals(key.getPublicSSH()))
      const others = this.#only ? [] : keys.filter((key) => !isWanted(key))
      done(null, [...keys.filter(isWanted), ...others])
    })
  }
}

function list(labels: readonly Label[], separator = ', '): Label {
  return labels.join(separator) as Label
}
