# shellcheck shell=bash
# The beginning and the end of a part made of namespaces. Records (common/process.sh): LAUNCHER, which holds the part from
# before it exists, and FIRST, the first process of a pid namespace in which everything else is.

# launch LIB SCRIPT OPTION...: SCRIPT as first process, in new namespaces (options of unshare(1)).
# The launcher records itself before there is anything to end, then becomes unshare(1), which holds the first
# process of the lab: --kill-child ends that one if the launcher is killed.
launch() {
  local lib=$1
  shift
  # shellcheck disable=SC2016
  setsid bash -c '
    set -euo pipefail
    . "$0"
    record "$LAUNCHER"
    script=$2
    exec unshare "${@:3}" -m -p --fork --kill-child bash "$script" "$STATE" $$
  ' "$lib" "$STATE" "$@" > "${FIRST%.pid}.log" 2>&1 < /dev/null 9>&- &
  disown # or bash reports its end as an accident
}

# be_first LAUNCHER-PID, by SCRIPT itself. Ties it to its launcher even if that one was killed before unshare(1) asked the
# kernel to do so. Sets SELF, its pid as /proc has it, which still is the outer one.
be_first() {
  local parent
  # shellcheck disable=SC2034 # used by those who source this
  read -r SELF _ _ parent _ < /proc/self/stat
  [ "$parent" = "$1" ] || exit 1
  record "$FIRST"
}

# Only bash, as first process, collects the orphans of a pid namespace; a bare sleep would not.
stay() {
  while :; do
    sleep infinity &
    wait $! || true
  done
}

# One kill takes the first process's pid namespace with everything in it: hosts, daemons, and with them their
# namespaces, mounts and interfaces.
end_lab() {
  local record
  for record in "$LAUNCHER" "$FIRST"; do
    end "$record" || fail "$record: that process does not end"
  done
  rm -f "$RUN/ready"
}

# `ready` is written last, so a lab whose "up" was killed half way is not up
lab_is_up() { [ -e "$RUN/ready" ] && recorded "$FIRST" > /dev/null; }
booted_or_dead() { [ -e "$RUN/$1/booted" ] || ended "$LAUNCHER"; }
