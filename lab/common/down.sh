# shellcheck shell=bash
# What down does in a part whose hosts are made of namespaces; sourced by it.
. "$LAB/common/launch.sh"
. "$LAB/common/lock.sh"

[ -e "$RUN" ] || exit 0
need_root
# first without the lock, so that an "up" that is under way fails at once instead of being waited for
end_lab
lock
end_lab
rm -rf "$RUN"
say "down ($STATE)"
