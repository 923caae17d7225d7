# shellcheck shell=bash
# Which process is meant. A pid alone is not enough: after a crash it may belong to somebody else.
# A record is a file "PID STARTTIME" (ticks since boot, proc(5)); it counts only while a process with both
# lives and has the lab's directory on its command line.

# fields LINE: /proc/PID/stat from the state on, one blank apart; the name before it may hold anything (proc(5))
fields() { echo "${1##*) }"; }

# state_of PID: R, S, D, T, Z, ..., or nothing if it is gone
state_of() {
  local line
  { read -r line < "/proc/$1/stat"; } 2> /dev/null || return 0
  fields "$line" | cut -d ' ' -f 1
}

# start_of PID: in ticks since boot
start_of() {
  local line
  { read -r line < "/proc/$1/stat"; } 2> /dev/null || return 0
  fields "$line" | cut -d ' ' -f 20
}

# record FILE: the calling shell, as the /proc that is mounted here counts pids. Whoever has just entered a new
# pid namespace and not yet mounted its own /proc thus records the pid that is seen from outside.
record() {
  local pid
  read -r pid _ < /proc/self/stat
  echo "$pid $(start_of "$pid")" > "$1.new"
  mv "$1.new" "$1"
}

# running FILE: the process with that pid and that start time has not ended
running() {
  local pid start
  { read -r pid start < "$1"; } 2> /dev/null || return 1
  case $(state_of "$pid") in '' | Z | X) return 1 ;; esac
  [ "$(start_of "$pid")" = "$start" ]
}

command_line() { tr '\0' '\n' 2> /dev/null < "/proc/$1/cmdline"; }

# recorded FILE: prints the pid if that very process still runs
recorded() {
  local pid
  running "$1" || return 1
  read -r pid _ < "$1"
  command_line "$pid" | grep -qxF -- "$STATE" || return 1
  echo "$pid"
}

ended() { ! running "$1"; }

# end FILE: kills the recorded process, if it is still that one, and waits until it is gone. The first process of
# a pid namespace is gone only when everything in the namespace is (pid_namespaces(7)). Until then it has no
# command line: that one was killed before, and is only waited for.
end() {
  local pid
  if pid=$(recorded "$1"); then
    kill -KILL "$pid" 2> /dev/null || true
  elif running "$1" && read -r pid _ < "$1" && [ -n "$(command_line "$pid")" ]; then
    return 0 # somebody else's
  fi
  await "$SLOW" ended "$1"
}
