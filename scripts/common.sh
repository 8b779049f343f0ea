# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# What every command of ./dev uses. Sourced, never run.

# Debian's own, because scapy and pytest come from Debian.
python=/usr/bin/python3
command_name=${1-help}

note() { printf 'dev %s: %s\n' "$command_name" "$1" >&2; }

# die STATUS MESSAGE
die() {
  note "$2"
  exit "$1"
}

# Runs a command without a word, unless it fails.
quietly() {
  local said status=0
  said=$("$@" 2>&1 </dev/null) || status=$?
  ((status == 0)) || printf '%s\n' "$said" >&2
  return "$status"
}

# Files made as root under sudo belong to whoever typed the command.
give_to_caller() {
  [[ -z ${SUDO_UID-} ]] || chown -hR "$SUDO_UID:${SUDO_GID:-$SUDO_UID}" "$@"
}

need_file() {
  [[ -e $1 ]] || die 2 "$1: no such file"
  [[ ! -d $1 ]] || die 2 "$1: is a directory, not a capture"
  [[ -f $1 ]] || die 2 "$1: is not a regular file"
  [[ -r $1 ]] || die 2 "$1: cannot be read: permission denied"
  [[ -s $1 ]] || die 2 "$1: is empty, not a capture"
}
