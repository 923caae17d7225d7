# shellcheck shell=bash
# What the lab says goes to standard error: standard output is only for answers (a path, a pid).

say() { printf 'lab: %s\n' "$*" >&2; }

fail() {
  say "$*"
  exit 1
}

# This machine cannot run the lab. 77 is the "skipped" of automake's test protocol, so a test can tell
# "not possible here, because ..." from "broken".
skip() {
  say "skipped: $*"
  exit 77
}

# Seconds for what comes at once where nothing else is done: a bound for what never comes.
# shellcheck disable=SC2034 # used by the parts
SLOW=120

# await SECONDS COMMAND...: until COMMAND succeeds. Fails when it has not after SECONDS.
await() {
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    ((SECONDS < end)) || return 1
    sleep 0.05
  done
}
