# shellcheck shell=bash
# Installs what is missing, on a Debian, and lets no service start by itself.

POLICY=/usr/sbin/policy-rc.d
OURS='# placed by the vdd lab while it installs packages'

# missing FILE: those of the packages named in FILE (one a line, # comments) that are not installed
missing() {
  local wanted installed
  wanted=$(sed 's/#.*//' "$1" | xargs -n 1)
  # dpkg-query complains and fails about a package it has never heard of: that is an answer here
  # shellcheck disable=SC2016,SC2086
  installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' $wanted 2> /dev/null | sed -n 's/^installed //p') || true
  grep -vxF -e "$installed" <<< "$wanted" || true
}

# 101 = "action forbidden" (Debian policy-rc.d specification). An administrator's own file is left as it is.
forbid_services() {
  [ -e "$POLICY" ] && return
  printf '#!/bin/sh\n%s\nexit 101\n' "$OURS" > "$POLICY"
  chmod 755 "$POLICY"
}

policy_is_ours() { grep -qsxF -- "$OURS" "$POLICY"; }

# also removes the one an installation that was killed has left behind
allow_services() {
  if policy_is_ours; then rm -f "$POLICY"; fi
}

# apt_get ARGUMENT...: apt-get; waits for others who use it, and says why it failed. By itself it waits for dpkg's lock only, not
# for those of the lists and of the downloads.
apt_get() (
  export DEBIAN_FRONTEND=noninteractive LC_ALL=C
  end=$((SECONDS + 600))
  # a file and not a pipe, which a daemon that a package starts would keep open
  said=$(mktemp)
  trap 'rm -f "$said"' EXIT
  until apt-get -y -q -o DPkg::Lock::Timeout=600 "$@" > "$said" 2>&1 < /dev/null 8<&-; do
    if ! grep -q 'Could not get lock' "$said" || ((SECONDS >= end)); then
      tail -n 5 "$said" >&2
      return 1
    fi
    sleep 1
  done
)

# What a machine has of apt's lists is chance: none, some, or so old that the mirror has other packages by now. So they are fetched
# before they are used. Goes on where that fails: somebody else's repository may be away, or the machine be cut off and able to do without.
fetch_lists() { apt_get update || say 'apt-get update failed; going on with the package lists that are here'; }

# need_packages FILE: in a subshell, so that its traps are its own
need_packages() (
  type dpkg-query apt-get > /dev/null 2>&1 || skip "needs the Debian packages of ${1#"$LAB/"}, and this machine has no apt"
  [ -n "$(missing "$1")" ] || policy_is_ours || exit 0
  # one installation at a time: the second lab would take the first one's policy-rc.d for the administrator's
  exec 8< /var/lib/dpkg
  flock -n 8 || { say 'waiting for another lab to install packages' && flock 8; }
  allow_services
  names=$(missing "$1" | xargs)
  [ -n "$names" ] || exit 0
  trap allow_services EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  say "installing (apt-get, services stay off): $names"
  forbid_services
  fetch_lists
  # shellcheck disable=SC2086
  apt_get install --no-install-recommends $names || skip "apt-get cannot install: $names"
)
