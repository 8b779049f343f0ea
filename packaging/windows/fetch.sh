#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Gets packages of another Debian suite, and leaves the machine's own package lists as they are:
#   fetch.sh unpack MIRROR SUITE FOLDER PACKAGE...   their files below FOLDER, nothing is installed
#   fetch.sh source MIRROR SUITE FOLDER PACKAGE      the original tar files of a source package
# PACKAGE may be a pattern for all that PACKAGE depends on: libwsutil-dev:libwsutil[0-9]*
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

apt-get "${options[@]}" update
rm -rf -- "$folder.part"
mkdir -p "$folder.part"
cd "$folder.part"
if [[ $verb == source ]]; then
  # What Debian adds is not asked for: it changes nothing on Windows.
  apt-get "${options[@]}" source --download-only --tar-only "$1"
else
  mapfile -t packages < <(resolved "$@")
  apt-get "${options[@]}" download "${packages[@]}"
  for file in *.deb; do dpkg-deb -x "$file" .; done
  rm -- *.deb
fi
mkdir -p "${folder%/*}"
rm -rf -- "$folder"
mv -- "$folder.part" "$folder"
