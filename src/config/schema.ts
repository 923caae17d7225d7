import { z } from 'zod'

/** A host's name is used as an identifier and shown as it is, so it is kept to letters that need no care. */
const hostName = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/,
    'letters, digits, ".", "_" and "-", at most 63, starting with a letter or digit',
  )

/** A libvirt connection URI: a driver, an optional transport, `:///` or `://host/`, a path. https://libvirt.org/uri.html */
const libvirtUri = z
  .string()
  .regex(/^[a-z]+(\+[a-z0-9]+)?:\/\/[^\s]*$/, 'a libvirt URI such as qemu:///system or xen:///system')

const port = z.int().min(1).max(65535)

export const roles = ['hypervisor', 'balancer', 'frontend', 'directory', 'cluster', 'display'] as const
export type Role = (typeof roles)[number]

const host = z.strictObject({
  name: hostName,
  /** What the host does for the cluster. */
  roles: z.array(z.enum(roles)).min(1).default(['hypervisor']),
  /** `true`: this machine, without ssh. */
  local: z.boolean().default(false),
  address: z.string().min(1).optional(),
  user: z.string().min(1).optional(),
  port: port.optional(),
  identityFile: z.string().min(1).optional(),
  proxyJump: z.string().min(1).optional(),
  /** The addresses by which the balancers know a front end, where these are others than `address`. */
  serves: z.array(z.string().min(1)).optional(),
  /** `true`: what needs root is run by `sudo -n`. */
  sudo: z.boolean().optional(),
  /** ldirectord's configuration on a balancer, if it is not /etc/ha.d/ldirectord.cf. */
  ldirectord: z.string().regex(/^\//, 'a path from the root').optional(),
  /** Names of processes (as in `ps -e`) whose descriptors are watched, besides slapd and freeradius. */
  processes: z.array(z.string().regex(/^[\w.+-]{1,15}$/, 'a process name of at most 15 letters')).optional(),
  /** The connection that virsh opens on the host. */
  libvirt: libvirtUri.default('qemu:///system'),
  /** The URI by which the other hosts reach this one's libvirt for a migration. */
  migrateTo: libvirtUri.optional(),
})

export const schema = z.strictObject({
  /** The cluster's name in the status line. */
  cluster: z.string().min(1).max(40).default('cluster'),
  /** `true`: nothing in this console changes anything. */
  readOnly: z.boolean().default(false),
  /** Seconds between two looks at a host. */
  interval: z.number().min(0.2).max(3600).default(1),
  /** The file of the journal; default `$XDG_STATE_HOME/vdd/CLUSTER.db`. */
  journal: z.string().min(1).optional(),
  ssh: z
    .strictObject({
      /** Default `~/.ssh/config`. */
      configFile: z.string().min(1).optional(),
      /** Files of known host keys, instead of those that ssh would use. */
      knownHosts: z.array(z.string().min(1)).optional(),
    })
    .default({}),
  hosts: z
    .array(host)
    .min(1, 'at least one host')
    .check((ctx) => {
      const seen = new Set<string>()
      for (const [i, { name }] of ctx.value.entries()) {
        if (seen.has(name))
          ctx.issues.push({
            code: 'custom',
            input: name,
            path: [i, 'name'],
            message: `a name of its own; ${name} is taken`,
          })
        seen.add(name)
      }
    }),
})

export type Config = z.output<typeof schema>
export type HostConfig = Config['hosts'][number]
