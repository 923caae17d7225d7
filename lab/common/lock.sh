# shellcheck shell=bash
# One "up" or "down" at a time. The lock goes with the process, however that ends, so it is never stale;
# fd 9 is closed for children, which could outlive it.

lock() {
  (umask 077 && mkdir -p "$PART")
  exec 9> "$PART/lock"
  flock -n 9 && return
  say 'waiting for another "up" or "down"'
  flock -w 60 9 || fail "another lab/lab up or down has not ended for a minute ($STATE)"
}
