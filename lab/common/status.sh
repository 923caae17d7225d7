# shellcheck shell=bash
# What status begins with in a part whose hosts are made of namespaces; sourced by it. `code`: with what it is to exit.
. "$LAB/common/launch.sh"

if ! recorded "$LAUNCHER" > /dev/null && ! recorded "$FIRST" > /dev/null; then
  echo "${PART##*/}: down ($STATE)"
  exit 3
fi
code=0
if lab_is_up; then
  echo "${PART##*/}: up ($STATE)"
else
  echo "${PART##*/}: half up, or coming up ($STATE)"
  # shellcheck disable=SC2034 # for the one that sources this
  code=3
fi
