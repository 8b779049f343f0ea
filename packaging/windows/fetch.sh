#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Gets packages of another Debian suite, and leaves the machine's own package lists as they are:
#   fetch.sh unpack MIRROR SUITE FOLDER PACKAGE...   their files below FOLDER, nothing is installed
#   fetch.sh source MIRROR SUITE FOLDER PACKAGE      the original tar files of a source package
# PACKAGE may be a pattern for all that PACKAGE depends on: libwsutil-dev:libwsutil[0-9]*
# What the archive lacks is said in the last line; the status is 90 then.
set -euo pipefail
verb=$1
mirror=$2
suite=$3
folder=$4
shift 4

kind=deb
[[ $verb != source ]] || kind=deb-src
state=/var/lib/nlb-apt/$suite-$kind
mkdir -p "$state"/{lists,cache/archives}/partial
: >"$state/status"
printf '%s [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] %s %s main\n' \
  "$kind" "$mirror" "$suite" >"$state/sources.list"
options=(
  -q -y -o APT::Sandbox::User=root -o "Dir::Etc::sourcelist=$state/sources.list" -o Dir::Etc::sourceparts=-
  -o "Dir::State::lists=$state/lists" -o "Dir::State::status=$state/status" -o "Dir::Cache=$state/cache"
)

# "libwsutil-dev:libwsutil[0-9]*" becomes "libwsutil16".
resolved() {
  local package
  for package in "$@"; do
    case $package in
      *:*)
        apt-cache "${options[@]:2}" depends "${package%%:*}" |
          sed -n "s/^ *Depends: \(${package#*:}\)\$/\1/p" | head -n 1
        ;;
      *) printf '%s\n' "$package" ;;
    esac
  done
}

refuse() {
  echo "$1: set NLB_DEBIAN_MIRROR to an archive that has it"
  exit 90
}

# Without the option a list that cannot be had is a mere warning.
apt-get "${options[@]}" -o APT::Update::Error-Mode=any update ||
  refuse "Debian $suite cannot be read at $mirror"
rm -rf -- "$folder.part"
mkdir -p "$folder.part"
cd "$folder.part"
if [[ $verb == source ]]; then
  [[ -n $(apt-cache "${options[@]:2}" showsrc "$1" 2>/dev/null) ]] ||
    refuse "Debian $suite at $mirror has no source package $1"
  # What Debian adds is not asked for: it changes nothing on Windows.
  apt-get "${options[@]}" source --download-only --tar-only "$1"
else
  mapfile -t packages < <(resolved "$@")
  for package in "${packages[@]}"; do
    [[ -n $(apt-cache "${options[@]:2}" show "$package" 2>/dev/null) ]] ||
      refuse "Debian $suite at $mirror has no package $package"
  done
  apt-get "${options[@]}" download "${packages[@]}"
  for file in *.deb; do dpkg-deb -x "$file" .; done
  rm -- *.deb
fi
mkdir -p "${folder%/*}"
rm -rf -- "$folder"
mv -- "$folder.part" "$folder"
