import { readdir, readFile } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import SSHConfig from 'ssh-config'
import { HostError } from './host.ts'
import { label, say } from './label.ts'
import type { Lookup, SshSettings } from './ssh-settings.ts'
import { wildcard } from './wildcard.ts'

const SYSTEM_CONFIG = '/etc/ssh/ssh_config'
/** As OpenSSH's READCONF_MAX_DEPTH. */
const MAX_DEPTH = 16

/**
 * Reads what ssh_config says for a host, where there is no ssh to ask (`askOpenSsh`). It does not understand all: patterns are compared
 * with the name only, `Match` knows `host`, `user` and little more, and a keyword has to be spelled as in the manual. The npm package `ssh-config` finds the matching sections; what it lacks or
 * does by running programs is done, or taken out, before: `Include`, `CanonicalizeHostname`, and the exact text of a
 * `ProxyCommand`, whose blanks and quotes it does not keep.
 *
 * An included file's own `Host` lines end with that file; that they hold only if the section around the `Include`
 * matches too is not looked at.
 *
 * @throws {HostError} `unreachable`, when a configured file is missing or a file cannot be understood
 */
export async function readSshConfig(settings: SshSettings, home: string): Promise<Lookup> {
  const reader = new Reader(home)
  const own = settings.configFile?.replace(/^~(?=\/|$)/, home)
  try {
    const text = own
      ? await reader.read(own)
      : `${await reader.readIfThere(`${home}/.ssh/config`)}\nHost *\n${await reader.readIfThere(SYSTEM_CONFIG)}`
    const query = { Host: settings.name, ...(settings.user !== undefined && { User: settings.user }) }
    const found = SSHConfig.parse(text).compute(query, { ignoreCase: true, matchExec: false })
    return lookup(found, reader.commands)
  } catch (error) {
    const why = label(error instanceof Error ? error.message : String(error))
    throw new HostError(
      'unreachable',
      settings.name,
      say`ssh configuration: ${why}`,
      label('correct the file'),
    )
  }
}

function lookup(found: Record<string, string | string[]>, commands: readonly string[]): Lookup {
  const options = new Map(Object.entries(found))
  const all = (option: string) => [options.get(option.toLowerCase()) ?? []].flat()
  const one = (option: string) => {
    const value = all(option)[0]
    return option === 'ProxyCommand' && value !== undefined ? commands[Number(value)] : value
  }
  const firstOf = (...wanted: string[]) => {
    const order = [...options.keys()]
    const present = wanted.filter((option) => options.has(option.toLowerCase()))
    return present.sort((a, b) => order.indexOf(a.toLowerCase()) - order.indexOf(b.toLowerCase()))[0]
  }
  return { by: 'package', one, all, firstOf }
}

class Reader {
  /** The texts of the ProxyCommand lines; the text handed to the parser holds their numbers. */
  readonly commands: string[] = []
  readonly #home: string

  constructor(home: string) {
    this.#home = home
  }

  async readIfThere(file: string, depth = 0): Promise<string> {
    try {
      return await this.read(file, depth)
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
      throw error
    }
  }

  async read(file: string, depth = 0): Promise<string> {
    if (depth > MAX_DEPTH) throw new Error(`${file}: too many levels of Include`)
    const lines = (await readFile(file, 'utf8')).split(/\r?\n/)
    const prepared: string[] = []
    let section = 'Host *'
    for (const line of lines) {
      const [, option = '', value = ''] = /^\s*(\w+)\s*[=\s]\s*(.*?)\s*$/.exec(line) ?? []
      if (/^(host|match)$/i.test(option)) section = line
      if (/^include$/i.test(option)) prepared.push(await this.#include(value, file, depth), section)
      else if (/^proxycommand$/i.test(option)) prepared.push(`ProxyCommand ${this.commands.push(value) - 1}`)
      else if (!/^canonicali[sz]ehostname$/i.test(option)) prepared.push(line)
    }
    return prepared.join('\n')
  }

  async #include(patterns: string, from: string, depth: number): Promise<string> {
    const texts: string[] = []
    for (const [, quoted, bare] of patterns.matchAll(/"([^"]*)"|(\S+)/g)) {
      for (const file of await this.#matching(quoted ?? bare ?? '', from)) {
        texts.push(await this.readIfThere(file, depth + 1))
      }
    }
    return texts.join('\n')
  }

  /** The files of an Include pattern in alphabetical order; wildcards only in the last part of the path. */
  async #matching(pattern: string, from: string): Promise<string[]> {
    const base = from.startsWith('/etc/ssh/') ? '/etc/ssh' : `${this.#home}/.ssh`
    const rooted = pattern.replace(/^~(?=\/)/, this.#home)
    const path = rooted.startsWith('/') ? rooted : `${base}/${rooted}`
    if (!/[*?]/.test(path)) return [path]
    const names = await readdir(dirname(path)).catch(() => [])
    const wanted = names.filter((name) => !name.startsWith('.') && wildcard(basename(path), name))
    return wanted.sort().map((name) => `${dirname(path)}/${name}`)
  }
}
