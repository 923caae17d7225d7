import type { OnTrace } from '../hosts/host.ts'
import { say } from '../hosts/label.ts'
import { timed } from '../hosts/trace.ts'
import type { LdapConnection, LdapServer } from '../services/ldap/facts.ts'
import type { RadiusServer } from '../services/radius/watch.ts'

/** A slapd whose connections and searches are written to the diagnostic log, the searches as for ldapsearch(1). */
export function tracedLdap(host: string, server: LdapServer, onTrace: OnTrace | undefined): LdapServer {
  if (!onTrace) return server
  const traced = (connection: LdapConnection): LdapConnection => ({
    get closed() {
      return connection.closed
    },
    ...certificateOf(connection),
    search: (base, search) =>
      timed(
        host,
        ['ldap', 'search', base, ...search.attributes],
        onTrace,
        () => connection.search(base, search),
        ({ length }) => say`${length} entries`,
      ),
    close: () => connection.close(),
  })
  return {
    ...server,
    open: async (lost) =>
      traced(
        await timed(
          host,
          ['ldap', 'bind'],
          onTrace,
          () => server.open(lost),
          () => say`bound`,
        ),
      ),
  }
}

function certificateOf({ certifiedUntil }: LdapConnection): Pick<LdapConnection, 'certifiedUntil'> {
  return certifiedUntil === undefined ? {} : { certifiedUntil }
}

/** A RADIUS server whose requests are written to the diagnostic log, without the contents of packets. */
export function tracedRadius(host: string, server: RadiusServer, onTrace: OnTrace | undefined): RadiusServer {
  if (!onTrace) return server
  return {
    ...server,
    wire: (to, packet, isAnswer, timeout, signal) =>
      timed(
        host,
        ['radius', kinds[packet[0] ?? 0] ?? 'packet', `${to.address}:${to.port}`],
        onTrace,
        () => server.wire(to, packet, isAnswer, timeout, signal),
        (answer) => (answer ? say`code ${answer[0] ?? 0}` : say`no answer`),
      ),
  }
}

/** Codes of requests: RFC 2865, RFC 5997. */
const kinds: Readonly<Record<number, string>> = {
  1: 'access-request',
  4: 'accounting-request',
  12: 'status-server',
}
