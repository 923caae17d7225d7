# shellcheck shell=bash
# Is it what it is meant to be? Asked from out here, as vdd does.

# context_csn HOST: nothing while the first refresh is under way
context_csn() { timeout -s KILL 3 ldapsearch -x -LLL -H "ldap://$(address "$1"):10389" -b dc=example,dc=org -s base contextCSN 2> /dev/null | sed -n 's/^contextCSN: //p'; }

in_step() { [ "$(context_csn "$1")" = "$CSN" ]; }

accepted() { [[ $(radclient -x -r 1 -t 2 -S "$SECRETS/radius.secret" "$(address "$1"):$2" "$3" 2>&1) == *"Received Access-Accept"* ]]; }
answers_status() { echo 'Message-Authenticator=0x00' | accepted "$1" 11812 status; }
admits() { printf 'User-Name=user1\nUser-Password=%s\nMessage-Authenticator=0x00\n' "$(secret user.password)" | accepted "$1" 11812 auth; }

await_ready() {
  local host
  CSN=$(context_csn "$(provider)")
  [ -n "$CSN" ] || fail "$(provider) has no contextCSN"
  for host in $(frontends); do
    await "$SLOW" in_step "$host" || fail "host $host does not replicate ($RUN/$host/log/slapd.log)"
    await "$SLOW" answers_status "$host" || fail "host $host: FreeRADIUS does not answer ($RUN/$host/log/freeradius)"
    await "$SLOW" admits "$host" || fail "host $host: FreeRADIUS does not admit user1 ($RUN/$host/log/freeradius/radius.log)"
  done
}
