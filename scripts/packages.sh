# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Installs what is missing, from Debian's archive. Sourced by ./dev.

# The plugin alone, and tshark to load it: what someone who only wants a diagnosis gets.
build_packages=(
  wireshark-dev libwireshark-dev libwiretap-dev libwsutil-dev tshark libglib2.0-dev libxxhash-dev
  cmake ninja-build g++ pkg-config
)

# What configuring, building and running the tests needs beside that.
test_packages=(
  libgtest-dev libbenchmark-dev libpcap-dev python3-scapy python3-pytest make
  parallel openssh-server openssh-client libnss-wrapper slurm-wlm munge file valgrind chromium
)

# Wireshark's window, and what opens, drives and photographs it without a screen.
gui_packages=(wireshark xvfb xdotool imagemagick)

# On another distribution than Debian and its children CMake says what is missing.
need_packages() {
  command -v dpkg-query >/dev/null || return 0
  local missing
  mapfile -t missing < <(missing_packages "$@")
  ((${#missing[@]} == 0)) || install_packages "${missing[@]}"
}

missing_packages() {
  comm -23 <(printf '%s\n' "$@" | sort) <(installed_packages "$@" | sort)
}

# dpkg-query fails when it does not know a package; that is an answer, not an error.
installed_packages() {
  dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null |
    sed -n 's/^installed //p' || true
}

install_packages() {
  local as_root=()
  if ((EUID != 0)); then
    as_root=(sudo)
    command -v sudo >/dev/null || die 1 "missing packages, install them as root: $*"
  fi
  need_wireshark_in_archive "$@"
  note "installing from Debian's archive: $*"
  apt_get update && need_wireshark_in_archive "$@" && apt_get install --no-install-recommends "$@" ||
    die 1 "apt-get could not install the missing packages"
}

# Said before anything is installed. Without package lists nothing is known yet.
need_wireshark_in_archive() {
  local version
  [[ " $* " == *' libwireshark-dev '* ]] || return 0
  version=$(apt-cache policy libwireshark-dev 2>/dev/null | sed -n 's/^ *Candidate: //p')
  [[ $version != [0-9]* ]] || dpkg --compare-versions "$version" ge 4.0 ||
    die 1 "the archive of this system has Wireshark ${version%%-*}, and the plugin needs 4.0 or later (docs/install.md)"
}

# Of what apt-get says only its errors, if it fails.
apt_get() {
  local said status=0
  said=$("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y "$@" 2>&1 </dev/null) || status=$?
  ((status == 0)) || { grep '^E: ' <<<"$said" || tail -n 5 <<<"$said"; } >&2
  return "$status"
}
