/** State and reason as libvirt numbers them (virDomainState and its reasons). */
export interface Life {
  state: number
  reason: number
}

export const life = {
  booted: { state: 1, reason: 1 },
  arrived: { state: 1, reason: 2 },
  unpaused: { state: 1, reason: 5 },
  paused: { state: 3, reason: 1 },
  incoming: { state: 3, reason: 2 },
  off: { state: 5, reason: 1 },
  destroyed: { state: 5, reason: 2 },
  crashed: { state: 5, reason: 3 },
  failed: { state: 5, reason: 6 },
} as const satisfies Record<string, Life>

/** What it has, and may have at most. */
export interface DemoSize {
  vcpus: number
  maxVcpus: number
  memoryKiB: number
  maxMemoryKiB: number
}

export interface DemoMachine extends DemoSize {
  readonly uuid: string
  name: string
  title: string
  host: string
  life: Life
  /** what it is defined to have from its next start on, where that was set while it ran */
  next?: DemoSize
  autostart: boolean
  persistent: boolean
  hasDisk: boolean
  /** milliseconds since the epoch */
  startedAt: number
  /** what its CPUs do in the mean, 0 to 1 */
  readonly load: number
  readonly phase: number
  /** a guest that ignores a request to shut down */
  readonly deaf: boolean
  cpuNs: number
  diskRead: number
  diskWritten: number
  netIn: number
  netOut: number
  /** the XML it was defined from, if from one */
  xml?: string
  migration?: {
    readonly to: string
    readonly startedAt: number
    readonly milliseconds: number
    abort: () => void
  }
}

/** The purposes of the demo's machines, used in turn. */
export const purposes = [
  { name: 'debian-kde', title: 'Debian 12, KDE Plasma', vcpus: 2, memoryMiB: 2048 },
  { name: 'windows', title: 'Windows, room 2.14', vcpus: 4, memoryMiB: 4096 },
  { name: 'fedora-gnome', title: 'Fedora, GNOME', vcpus: 2, memoryMiB: 3072 },
  { name: 'reactos', title: 'ReactOS, old teaching programs', vcpus: 1, memoryMiB: 512 },
  { name: 'ubuntu-xfce', title: 'Ubuntu, Xfce', vcpus: 2, memoryMiB: 1536 },
  { name: 'ldap', title: 'OpenLDAP replica and FreeRADIUS', vcpus: 2, memoryMiB: 1024 },
  { name: 'exam', title: 'Exam image, no network', vcpus: 2, memoryMiB: 2048 },
] as const
