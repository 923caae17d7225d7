/** What vdd's own configuration says about reaching a host; it wins over `~/.ssh/config`. */
export interface SshSettings {
  /** The name from the configuration; also what the `Host` patterns of ssh_config are matched against. */
  readonly name: string
  /** Host name or address. Default: `HostName` of ssh_config, else the name. */
  readonly address?: string
  readonly user?: string
  readonly port?: number
  readonly identityFile?: string
  /** Hops as in ssh -J: `[user@]host[:port]`, several with commas; `none` for a direct connection. */
  readonly proxyJump?: string
  /** Default `~/.ssh/config` and then `/etc/ssh/ssh_config`; a configured file is read alone and must exist. */
  readonly configFile?: string
  /** known_hosts files to use instead of those of ssh_config. */
  readonly knownHosts?: readonly string[]
  /** Tried when no key is taken. Of this host alone, not of its jump hosts. */
  readonly password?: string
}

/** Where this process runs; tests give their own. */
export interface Surroundings {
  readonly home: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** The program that is asked what ssh_config says, default `ssh`; `false`: the npm package reads the files. */
  readonly ssh?: string | false
}

/** The options that hold for one host. */
export interface Lookup {
  /** Who read the configuration: OpenSSH itself, whose values need no further look, or the npm package. */
  readonly by: 'ssh' | 'package'
  /** The keys that are tried when none is configured, where that is known. */
  readonly defaultIdentities?: readonly string[]

  one(option: string): string | undefined
  all(option: string): string[]
  /** Which of these options is written first. */
  firstOf(...options: string[]): string | undefined
}
