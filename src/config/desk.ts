import * as z from 'zod'
import { ownSecretFile } from './secret.ts'
import { span } from './span.ts'
import { suchAs } from './such-as.ts'

/** One line that is shown to people, without signs that would move a cursor. */
const line = z
  .string()
  .min(1, 'at least one letter')
  .max(200)
  .regex(/^[^\p{Cc}\p{Zl}\p{Zp}]*$/u, 'text on one line')

/** A text for people: as it is, or in each language. */
const text = z.preprocess(
  (value) => (typeof value === 'string' ? { it: value, en: value } : value),
  z
    .strictObject(
      { it: line.optional(), en: line.optional() },
      suchAs('a text such as Office, or {en: Office, it: Ufficio}'),
    )
    .refine(({ it, en }) => it !== undefined || en !== undefined, 'at least one of it, en'),
)

/** It becomes a word of a command line of ssh, where a dash at the beginning would be an option. */
const address = /^[A-Za-z0-9[:][A-Za-z0-9.:_%\]-]{0,199}$/

const machine = z.preprocess(
  (value) => (typeof value === 'string' ? { name: value } : value),
  z
    .strictObject(
      {
        /** As its hypervisor has it. */
        name: line,
        /** Where its sshd is found; default: by its name. */
        address: z.string().regex(address, 'a name or an address').optional(),
        port: z.int().min(1).max(65_535).optional(),
        /** The SHA-256 of the certificate of its RDP server, as `openssl x509 -fingerprint -sha256` writes it. */
        certificate: z
          .string()
          .regex(
            /^([0-9A-Fa-f]{2}:){31}[0-9A-Fa-f]{2}$/,
            'a SHA-256 as 32 pairs of hexadecimal digits with colons',
          )
          .transform((text) => text.toLowerCase())
          .optional(),
        /** `true`: no hypervisor of this configuration has it, and it is there at any time. */
        always: z.boolean().default(false),
      },
      suchAs('the name of a machine such as pc1, or {name: pc1, address: 192.0.2.7}'),
    )
    .refine(({ name, address: own }) => own !== undefined || address.test(name), {
      path: ['address'],
      message: 'an address, since the name of the machine cannot be one',
    }),
)

function eachOnce({ value, issues }: z.core.ParsePayload<readonly { readonly name: string }[]>): void {
  for (const [i, { name }] of value.entries())
    if (value.findIndex((one) => one.name === name) < i)
      issues.push({
        code: 'custom',
        input: name,
        path: [i, 'name'],
        message: `a name of its own; ${name} is taken`,
      })
}

const system = z
  .strictObject(
    {
      name: z
        .string()
        .regex(
          /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/,
          'letters, digits, ".", "_" and "-", at most 63, starting with a letter or digit',
        ),
      title: text,
      description: text.optional(),
      machines: z.array(machine).min(1, 'at least one machine').max(1_000).check(eachOnce),
      /** `screen`: that of the machine, as its hypervisor has it, for what has no X11; `rdp`: as the machine has it for whom logs in. */
      shows: z.enum(['session', 'screen', 'rdp']).default('session'),
      /** The session managers that are offered, as their `.desktop` files are called; default: all that the machine has. */
      sessions: z
        .array(
          z
            .string()
            .regex(/^\w[\w.+-]{0,99}$/, 'the name of a file in /usr/share/xsessions, without .desktop'),
        )
        .min(1, 'at least one session manager')
        .max(100)
        .optional(),
      /** `true`: the session outlives the terminal. */
      keep: z.boolean().default(false),
      /** In a closed network: an address of the display server, to which X11 goes as it is; default: inside ssh. */
      x11OverTcp: z.ipv4('an IPv4 address of the display server').optional(),
      limits: z.strictObject({ idle: span.optional(), total: span.optional() }).default({}),
      /** Members of one of these may choose it; default: all. */
      groups: z
        .array(z.string().regex(/^[^\s:,-][^\p{Cc}:,]{0,62}$/u, 'the name of a group'))
        .min(1, 'at least one group')
        .max(100)
        .optional(),
      /** How many people may be on one of its machines; one that is there at any time takes any number. */
      people: z.int().min(1).max(1_000).default(1),
      /** So many of its machines are kept running and free. */
      ready: z.int().min(0).max(1_000).default(0),
    },
    suchAs('a system such as {name: office, title: Office, machines: [pc1]}'),
  )
  .check(({ value: { machines, ready }, issues }) => {
    const started = machines.filter(({ always }) => !always).length
    if (ready > started)
      issues.push({
        code: 'custom',
        input: ready,
        path: ['ready'],
        message: `at most ${started}, since there are no more machines that can be started`,
      })
  })
  .check(({ value: { shows, sessions, x11OverTcp, limits, machines, keep }, issues }) => {
    const wrong = (input: unknown, path: PropertyKey[], message: string) =>
      issues.push({ code: 'custom', input, path, message })
    for (const [i, { certificate }] of machines.entries())
      if ((certificate !== undefined) !== (shows === 'rdp'))
        wrong(
          certificate,
          ['machines', i, 'certificate'],
          shows === 'rdp'
            ? 'the SHA-256 of the certificate of its RDP server, or nobody would know which machine it is'
            : 'nothing, since it is for "shows: rdp" alone',
        )
    if (shows === 'rdp' && keep)
      wrong(
        keep,
        ['keep'],
        'false, since the machine itself keeps the session: it is there when it is opened again',
      )
    if (shows === 'session') return
    if (sessions) wrong(sessions, ['sessions'], 'nothing, since a screen has no session managers')
    if (x11OverTcp) wrong(x11OverTcp, ['x11OverTcp'], 'nothing, since a screen has no X11')
    if (limits.idle !== undefined)
      wrong(limits.idle, ['limits', 'idle'], 'nothing, since nobody knows how long a screen rests')
    for (const [i, { always }] of machines.entries())
      if (always) wrong(always, ['machines', i, 'always'], 'false, since it is reached by its hypervisor')
  })

/** A RADIUS server that is told of the sessions. */
const accountingServer = z.strictObject({
  address: z.string().min(1),
  /** Of accounting. */
  port: z.int().min(1).max(65_535).default(1813),
  /** The secret that it shares with this display server. */
  secretFile: ownSecretFile,
})

/** What people at terminals may choose from, and who is told what they did. */
export const desk = z.strictObject({
  systems: z.array(system).max(200).check(eachOnce),
  /** Who knows the groups of a person: this machine alone, or also the directory, which is asked by the `ldap` of the hosts. */
  groupsFrom: z.enum(['system', 'directory']).default('system'),
  /** Whether operators may look at the channels of people, or take them over: never, or where the person agrees on their own screen. */
  viewing: z.enum(['off', 'ask']).default('off'),
  accounting: z
    .strictObject({
      /** The first that answers is told; the others stand in for it. Of more the last would not be reached in the time of one run. */
      servers: z.array(accountingServer).min(1, 'at least one server').max(4),
    })
    .optional(),
})

export type DeskConfig = z.output<typeof desk>
export type SystemConfig = z.output<typeof system>
export type AccountingServer = z.output<typeof accountingServer>
export type SystemMachine = SystemConfig['machines'][number]

/** Where the sshd of a machine is found. */
export function addressOf({ name, address }: Pick<SystemMachine, 'name' | 'address'>): string {
  return address ?? name
}
