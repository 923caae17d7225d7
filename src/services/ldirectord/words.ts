import { type Label, label, say } from '../../hosts/label.ts'

/** What a value means, or what ldirectord refuses in it. */
export type Taken = { readonly value: string } | { readonly wrong: Label }

/** Where a word stands: in the whole file, or in a virtual service. */
export interface Standing {
  readonly family: 4 | 6
  /** of a firewall mark */
  readonly isMark: boolean
}

/** How a word takes its value: as `read_config` of ldirectord 4.12 does, with what it lets pass. */
type Word = (value: string, standing: Standing) => Taken

const taken = (value: string): Taken => ({ value })
const wrong = (what: Label, value: string): Taken => ({ wrong: value ? say`${what}: ${label(value)}` : what })
/** The same of what may hold a password. */
const hidden = (what: Label): Taken => ({ wrong: what })

/** The first digits, whatever stands around them: `10s`. */
const number: Word = (value) => {
  const digits = /\d+/.exec(value)?.[0]
  if (digits === undefined) return wrong(say`is no number`, value)
  return digits === '0' ? wrong(say`must be more than 0`, value) : taken(digits)
}

const above0: Word = (value, standing) => {
  const found = number(value, standing)
  return 'value' in found && Number(found.value) === 0 ? wrong(say`must be more than 0`, value) : found
}

/** As it stands there: neither capitals nor blanks behind it are taken. */
const flag: Word = (value) =>
  value === 'yes' || value === 'no' ? taken(value) : wrong(say`is neither yes nor no`, value)

/** Up to the last quotation mark. */
function quotedIn(value: string): string | undefined {
  const end = value.lastIndexOf('"')
  return value.startsWith('"') && end > 0 ? value.slice(1, end) : undefined
}

/** It counts only in quotation marks; without them ldirectord does not know the word. */
const quoted: Word = (value) => {
  const found = quotedIn(value)
  if (found === undefined) return hidden(say`not in quotation marks`)
  return found ? taken(found) : hidden(say`is empty`)
}

const maybeEmpty: Word = (value) => {
  const found = quotedIn(value)
  return found === undefined ? hidden(say`not in quotation marks`) : taken(found)
}

const maybeQuoted: Word = (value) => {
  const found = quotedIn(value) ?? value
  return found ? taken(found) : hidden(say`is empty`)
}

const anything: Word = taken
const something: Word = (value) => (value ? taken(value) : hidden(say`is empty`))

/** The first piece of the value that has this form, or why there is none. */
const first =
  (form: RegExp, why: Label): Word =>
  (value) => {
    const [all, group] = form.exec(value) ?? []
    return all === undefined ? wrong(why, value) : taken(group ?? all)
  }

/** The first word, which has to be one of these. */
const oneOf = (form: RegExp, words: readonly string[]): Word => {
  const known = new Set(words)
  return (value) => {
    const word = form.exec(value)?.[0]
    return word !== undefined && known.has(word)
      ? taken(word)
      : wrong(label(`must be one of ${words.join(', ')}`), value)
  }
}

const services =
  'dns ftp http https http_proxy imap imaps ldap ldaps nntp mysql none oracle pop pops radius pgsql sip smtp submission simpletcp'
const checktypes = oneOf(/[\w-]+/, 'connect negotiate ping off on external external-perl'.split(' '))

/** How many times a connection is enough, until a question is asked again: any number at all. */
const checktype: Word = (value, standing) =>
  /\d/.test(value) ? taken('combined') : checktypes(value, standing)

const protocol: Word = (value, { isMark }) => {
  const word = /\w+/.exec(value)?.[0] ?? ''
  if (isMark) return word === 'fwm' ? taken(word) : wrong(say`of a firewall mark must be fwm`, value)
  return word === 'tcp' || word === 'udp' ? taken(word) : wrong(say`must be tcp or udp`, value)
}

const netmask: Word = (value, { family }) => {
  if (family === 4)
    return /^\d+\.\d+\.\d+\.\d+$/.test(value) ? taken(value) : wrong(say`is no mask of four numbers`, value)
  const isLength = /^\d+$/.test(value) && Number(value) >= 1 && Number(value) <= 128
  return isLength ? taken(value) : wrong(say`is no length from 1 to 128`, value)
}

const checkport: Word = (value) => {
  const digits = /\d+/.exec(value)?.[0]
  return digits !== undefined && Number(digits) > 0 && Number(digits) < 65_536
    ? taken(digits)
    : wrong(say`is no port from 1 to 65535`, value)
}

const httpmethod: Word = (value) => {
  const word = /\w+/.exec(value)?.[0]?.toUpperCase()
  return word === 'GET' || word === 'HEAD' ? taken(word) : wrong(say`must be GET or HEAD`, value)
}

const load: Word = (value) => {
  const found = quotedIn(value)
  if (found === undefined) return hidden(say`not in quotation marks`)
  return /\w/.test(found) ? taken(found) : hidden(say`is empty`)
}

const emailalert: Word = (value) => something(/^"([^"]*)"$/.exec(value)?.[1] ?? value, anywhere)

const moments = new Set(['all', 'starting', 'stopping', 'running', 'reloading'])

const emailalertstatus: Word = (value) => {
  const words = value
    .split(',')
    .map((word, i, all) => word.slice(i && startOf(word), i < all.length - 1 ? endOf(word) : undefined))
  while (words.at(-1) === '') words.pop()
  const others = words.filter((word) => word !== 'none')
  const unknown = others.find((word) => !moments.has(word))
  if (unknown !== undefined) return wrong(say`knows no`, unknown || value)
  return others.length && others.length < words.length
    ? wrong(say`has none beside others`, value)
    : taken(value)
}

/** Blanks of Perl, which knows those of ASCII here. */
const blank = /[\t-\r ]/
const startOf = (text: string): number => {
  let at = 0
  while (at < text.length && blank.test(text[at] ?? '')) at++
  return at
}
const endOf = (text: string): number => {
  let at = text.length
  while (at > 0 && blank.test(text[at - 1] ?? '')) at--
  return at
}

const anywhere: Standing = { family: 4, isMark: false }

const deprecated =
  (instead: string): Word =>
  () =>
    hidden(label(`is no longer known: use ${instead}`))

const server = first(/^[\w.+-]+/, say`begins with no name of a server`)
const digitsFirst = first(/^\d+/, say`is no number`)

/** Of the whole file. */
export const globals: ReadonlyMap<string, Word> = new Map(
  Object.entries<Word>({
    checktimeout: above0,
    negotiatetimeout: above0,
    checkinterval: number,
    checkcount: number,
    failurecount: number,
    connecttimeout: deprecated('negotiatetimeout'),
    timeout: deprecated('checktimeout and negotiatetimeout'),
    fallbackcommand: something,
    autoreload: flag,
    callback: maybeEmpty,
    logfile: maybeEmpty,
    execute: anything,
    fork: flag,
    supervised: flag,
    quiescent: flag,
    readdquiescent: flag,
    emailalert,
    emailalertfreq: digitsFirst,
    emailalertstatus,
    emailalertfrom: something,
    cleanstop: flag,
    smtp: server,
    maintenancedir: something,
  }),
)

/** Of a virtual service. Its real servers and its fallback are read elsewhere. */
export const locals: ReadonlyMap<string, Word> = new Map(
  Object.entries<Word>({
    request: quoted,
    receive: quoted,
    checktype,
    checkcommand: maybeQuoted,
    checktimeout: number,
    connecttimeout: deprecated('negotiatetimeout'),
    negotiatetimeout: number,
    checkcount: number,
    failurecount: number,
    checkinterval: number,
    checkport,
    login: quoted,
    passwd: quoted,
    database: quoted,
    secret: quoted,
    load,
    scheduler: first(/[a-z]+/, say`has only small letters`),
    persistent: first(/\d+/, say`is no number`),
    schedflags: first(/[^\t-\r ]+/, say`is empty`),
    netmask,
    protocol,
    ops: flag,
    service: oneOf(/\w+/, services.split(' ')),
    httpmethod,
    virtualhost: anything,
    fallbackcommand: maybeQuoted,
    quiescent: flag,
    emailalert,
    emailalertfreq: digitsFirst,
    emailalertstatus,
    monitorfile: maybeQuoted,
    cleanstop: flag,
    smtp: server,
    servicename: anything,
    comment: anything,
  }),
)
