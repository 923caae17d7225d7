import type { LdapEntry } from '../../../src/services/ldap/facts.ts'

/** The entries of an LDIF text (RFC 2849): folded lines joined; values in base64 stay as they are, none is looked at here. */
export function entriesOf(ldif: string): LdapEntry[] {
  const records = ldif.replaceAll(/\r?\n /g, '').split(/\n\n+/)
  return records.flatMap((record): LdapEntry[] => {
    const values = new Map<string, string[]>()
    for (const line of record.split('\n')) {
      const [, name = '', value = ''] = /^([^:]+)::? ?(.*)$/.exec(line) ?? []
      if (name) values.set(name.toLowerCase(), [...(values.get(name.toLowerCase()) ?? []), value])
    }
    const dn = values.get('dn')?.[0]
    return dn === undefined ? [] : [{ dn, values }]
  })
}
