#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Puts nlb.so and the profile NLB into your personal Wireshark folders, or removes them:
#   ./install.sh            ./install.sh --remove
# Nobody else's Wireshark is touched. Wireshark itself is asked where the folders are.
set -euo pipefail

series=@NLB_WIRESHARK_SERIES@
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)

die() {
  printf 'install.sh: %s\n' "$1" >&2
  exit 1
}

need_person() {
  ((EUID != 0)) ||
    die 'Wireshark started by root ignores personal plugins: run this as the user who will use it, without sudo'
}

need_series() {
  local found
  command -v tshark >/dev/null || die 'tshark is not installed; it is needed to find the folders'
  found=$(tshark -v 2>/dev/null | sed -n '1s/[^0-9]*\([0-9]*\.[0-9]*\).*/\1/p')
  [[ $found == "$series" ]] ||
    die "this is the plugin for Wireshark $series, and yours is $found: get the archive for $found"
}

folder_named() {
  tshark -G folders 2>/dev/null | sed -n "s/^$1:[[:space:]]*//p" | sed -n '1s,/*$,,p'
}

# After an upgrade Wireshark names the folder of its new series; ours is beside that.
find_folders() {
  plugins=$(folder_named 'Personal Plugins')
  profiles=$(folder_named 'Personal configuration')/profiles
  [[ -n $plugins && $profiles != /profiles ]] || die 'tshark -G folders names no personal folders'
  plugins=${plugins%/*}/$series
}

put_in() {
  mkdir -p -- "$plugins/epan"
  # A new file, not new bytes in the old one: a Wireshark that runs keeps its own.
  cp -- "$here/nlb.so" "$plugins/epan/nlb.so.new"
  mv -f -- "$plugins/epan/nlb.so.new" "$plugins/epan/nlb.so"
  if [[ -d $here/profile/NLB ]]; then put_in_profile; fi
  command -v python3 >/dev/null || echo 'nlb-survey needs python3, which is not installed; all else works without.'
  tshark -G plugins 2>&1 | grep '^nlb\.so' || die "Wireshark does not load it: run $here/nlb-doctor"
}

# What the user changed in the profile stays.
put_in_profile() {
  if [[ -e $profiles/NLB ]]; then
    printf 'The profile %s is there already and stays as it is.\n' "$profiles/NLB"
    return
  fi
  mkdir -p -- "$profiles"
  cp -R -- "$here/profile/NLB" "$profiles/NLB"
}

take_out() {
  taken=0
  take_file "$plugins/epan/nlb.so"
  remove_empty "$plugins/epan"
  # The profile goes with the plugin of the last series.
  if [[ -d $here/profile/NLB && -d $profiles/NLB && -z $(other_series) ]]; then take_out_profile; fi
  ((taken > 0)) || die "nothing to remove: $plugins/epan/nlb.so is not there"
}

other_series() { find "${plugins%/*}" -path '*/epan/nlb.so' 2>/dev/null; }

take_file() {
  [[ -e $1 || -L $1 ]] || return 0
  rm -f -- "$1"
  taken=$((taken + 1))
  printf 'Removed: %s\n' "$1"
}

take_out_profile() {
  local file
  for file in "$here"/profile/NLB/*; do
    if cmp -s -- "$file" "$profiles/NLB/${file##*/}"; then
      take_file "$profiles/NLB/${file##*/}"
    fi
  done
  remove_empty "$profiles/NLB"
  [[ ! -d $profiles/NLB ]] || printf 'Left alone, because you changed it: %s\n' "$profiles/NLB"
}

# Upwards, as far as nothing else is in there.
remove_empty() {
  local folder=$1
  while [[ $folder == "$HOME"/* ]] && rmdir -- "$folder" 2>/dev/null; do
    folder=${folder%/*}
  done
}

main() {
  need_person
  case ${1-} in
    '') need_series; find_folders; put_in ;;
    --remove) find_folders; take_out ;;
    *) die 'usage: install.sh [--remove]' ;;
  esac
}

main "$@"
