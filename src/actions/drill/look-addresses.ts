import type { Look } from './kind.ts'

/** The addresses of a host but those of loopback, with commas: of IPv4 as people write them (/proc/net/fib_trie), of IPv6 the global ones in 32 hexadecimal digits (/proc/net/if_inet6). */
export const addressesHere: Look = {
  words: [],
  script: `now=
address=
while read -r first second third rest; do
  case "$first $second $third" in
    '|-- '*) address=$second ;;
    '/32 host LOCAL') case "$address,$now," in 127.*|*",$address,"*) ;; *) now=$now\${now:+,}$address ;; esac ;;
  esac
done < /proc/net/fib_trie
if [ -r /proc/net/if_inet6 ]; then
  while read -r address index length scope rest; do
    [ "$scope" = 00 ] && now=$now\${now:+,}$address
  done < /proc/net/if_inet6
fi
[ -n "$now" ] || now=none`,
}

export function addressesIn(value: string): ReadonlySet<string> {
  return new Set(value === 'none' ? [] : value.split(','))
}
