import * as z from 'zod'
import { alerts } from './alerts.ts'
import { desk } from './desk.ts'
import { events } from './events.ts'
import { type LdapConfig, ldapForAll, ldapOfHost, tellsPassword } from './ldap.ts'
import { lookBack } from './look-back.ts'
import { type RadiusConfig, radius } from './radius.ts'
import { suchAs } from './such-as.ts'

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

export const roles = [
  'hypervisor',
  'balancer',
  'frontend',
  'directory',
  'display',
  'pacemaker',
  'heartbeat',
  'keepalived',
] as const
export type Role = (typeof roles)[number]

const host = z.strictObject(
  {
    name: hostName,
    /** What the host does for the cluster. */
    roles: z
      .array(z.enum(roles))
      .min(1)
      .refine(
        (all) =>
          all.filter((one) => one === 'pacemaker' || one === 'heartbeat' || one === 'keepalived').length < 2,
        'one of pacemaker, heartbeat and keepalived',
      )
      .default(['hypervisor']),
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
    /** The `vdd` of a display server, if it is not the one that its PATH finds: a path, or a name. */
    vdd: z
      .string()
      .regex(/^[A-Za-z0-9_/][A-Za-z0-9_./+-]{0,254}$/, 'the path of a program, or its name')
      .optional(),
    /** Processes whose descriptors are watched, besides slapd and freeradius: `NAME` as in `ps -e`, or `NAME@OWNER`. */
    processes: z
      .array(
        z
          .string()
          .regex(/^[\w.+-]{1,15}(@[\w.-]{1,32})?$/, 'a process name of at most 15 letters, or NAME@OWNER'),
      )
      .optional(),
    /** Its slapd; a front end or directory is asked when there are settings here or for all. */
    ldap: ldapOfHost.optional(),
    /** Its FreeRADIUS; a front end is asked when there are settings here or for all. */
    radius: radius.optional(),
    /** The connection that virsh opens on the host. */
    libvirt: libvirtUri.default('qemu:///system'),
    /** The URI by which the other hosts reach this one's libvirt for a migration. */
    migrateTo: libvirtUri.optional(),
  },
  suchAs('a host such as {name: host1}'),
)

export const schema = z
  .strictObject({
    /** The cluster's name in the status line. */
    cluster: z.string().min(1).max(40).default('cluster'),
    /** `true`: nothing in this console changes anything. */
    readOnly: z.boolean().default(false),
    /** Whether something may be broken on purpose, for a time, to see what becomes of it. */
    drills: z.enum(['refused', 'allowed']).default('refused'),
    /** Seconds between two looks at a host. */
    interval: z.number().min(0.2).max(3600).default(1),
    /** Above so many objects at once the number is typed before something is done to them. */
    typeCountAbove: z.int().min(0).max(100_000).default(5),
    /** `true`: what front ends did in the last day is kept in the journal's file. */
    keepHistory: z.boolean().default(false),
    /** What the lists of the console show, by the names of their screens. */
    views: z
      .record(
        z.string().max(40),
        z.strictObject({ columns: z.array(z.string().min(1).max(40)).min(1).max(40) }),
      )
      .default({}),
    /** The file of the journal; default `$XDG_STATE_HOME/vdd/CLUSTER.db`. */
    journal: z.string().min(1).optional(),
    /** How much is kept of what happened, and who else is told of it. */
    events: events.optional(),
    /** How much is kept of how it was. */
    lookBack: lookBack.optional(),
    ssh: z
      .strictObject({
        /** Default `~/.ssh/config`. */
        configFile: z.string().min(1).optional(),
        /** Files of known host keys, instead of those that ssh would use. */
        knownHosts: z.array(z.string().min(1)).optional(),
      })
      .default({}),
    /** How the slapd of each front end and directory is asked. */
    ldap: ldapForAll.optional(),
    /** How the FreeRADIUS of each front end is asked. */
    radius: radius.optional(),
    /** Who is called when something is wrong. */
    alerts: alerts.optional(),
    /** What people at terminals may choose from. */
    desk: desk.optional(),
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
  .check(({ value, issues }) => {
    for (const [i, host] of value.hosts.entries()) {
      const ldap = ldapOf(value, host) ?? {}
      const { url, startTls } = ldap
      if (startTls && url && !url.startsWith('ldap:'))
        issues.push({
          code: 'custom',
          input: host,
          path: ['hosts', i, 'ldap'],
          message: 'no startTls with ldaps:// and ldapi://; "startTls: false" here takes that of all away',
        })
      if (tellsPassword(ldap, host.local))
        issues.push({
          code: 'custom',
          input: host,
          path: ['hosts', i, 'ldap'],
          message:
            'startTls: true, or a url with ldaps:// or ldapi://: the password of bindDn would go over the network for all to read; "insecure: true" allows that',
        })
      if (radiusOf(value, host) && !radiusOf(value, host)?.secretFile)
        issues.push({
          code: 'custom',
          input: host,
          path: ['hosts', i, 'radius'],
          message: 'a secretFile here or in radius for all',
        })
    }
  })

export type Config = z.output<typeof schema>
export type HostConfig = Config['hosts'][number]

/** How a host's slapd is asked; `undefined`: it is not. */
export function ldapOf({ ldap }: Pick<Config, 'ldap'>, host: HostConfig): LdapConfig | undefined {
  const serves = host.roles.some((role) => role === 'frontend' || role === 'directory')
  return host.ldap || (ldap && serves) ? { ...ldap, ...host.ldap } : undefined
}

/** How a host's FreeRADIUS is asked; `undefined`: it is not. */
export function radiusOf({ radius }: Pick<Config, 'radius'>, host: HostConfig): RadiusConfig | undefined {
  return host.radius || (radius && host.roles.includes('frontend'))
    ? { ...radius, ...host.radius }
    : undefined
}
