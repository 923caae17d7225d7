import { readFile } from 'node:fs/promises'
import { keyType } from './known-hosts.ts'
import { LocalHost } from './local.ts'

/** What a revocation list begins with: PROTOCOL.krl of OpenSSH. */
const KRL_MAGIC = Buffer.from('SSHKRL\n\0', 'latin1')

/** A line of `RevokedHostKeys`, counted from 1; a KRL has none. */
interface Revocation {
  readonly file: string
  readonly line?: number
}

/**
 * Looks a host's key up in the file of `RevokedHostKeys`: public keys, one a line, or a KRL, which ssh-keygen reads.
 *
 * @throws what keeps the file from being read; ssh accepts no key then, and neither may the caller
 */
export async function revocationOf(file: string, key: Buffer): Promise<Revocation | undefined> {
  const content = await readFile(file)
  if (content.subarray(0, KRL_MAGIC.length).equals(KRL_MAGIC))
    return (await isInKrl(file, key)) ? { file } : undefined
  const line = content
    .toString('utf8')
    .split('\n')
    .findIndex((text) => publicKeyOf(text)?.equals(key))
  return line < 0 ? undefined : { file, line: line + 1 }
}

/** `ssh-ed25519 AAAA… comment` */
function publicKeyOf(line: string): Buffer | undefined {
  const [type, base64 = ''] = line.trim().split(/[ \t]+/)
  const key = Buffer.from(base64, 'base64')
  return type && keyType(key) === type ? key : undefined
}

/** Says by its exit status that one of the keys is revoked, and in words which; ssh-keygen(1), `-Q`. It opens a pipe, and not the socket that Node gives. */
const ask = 'cat | ssh-keygen -Q -f "$1" /dev/stdin'

async function isInKrl(file: string, key: Buffer): Promise<boolean> {
  const here = new LocalHost()
  try {
    const input = `${keyType(key)} ${key.toString('base64')}\n`
    const { code, stdout, stderr } = await here.run(['sh', '-c', ask, 'sh', file], { input, timeout: 5000 })
    if (code === 0) return false
    if (code === 1 && /: REVOKED\s*$/m.test(stdout)) return true
    throw new Error(stderr.trim().split('\n').at(-1) || 'ssh-keygen does not understand it')
  } finally {
    await here.close()
  }
}
