#!/bin/bash
# lab/lab down: ends the lab, whatever state it is in. Keys and configuration stay (lab/lab clean).
set -euo pipefail
. "$(dirname "$0")/lib.sh"
. "$LAB/common/down.sh"
