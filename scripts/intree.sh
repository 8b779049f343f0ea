# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Compiles the plugin inside Wireshark's own source tree, as people on Windows and macOS do. Sourced by
# ./dev. The tree is Debian's source package; a whole build takes hours, so only our objects are made,
# linked with the libraries that Debian made of the same sources, and loaded into its tshark, unless
# NLB_INTREE_WHOLE=1 asks for libwireshark, tshark and nlb.so as well.

# Wireshark's own needs without its graphical program, ours, and what Debian made of the sources.
intree_packages=(
  build-essential dpkg-dev cmake ninja-build python3 perl flex libxxhash-dev
  libglib2.0-dev libgcrypt20-dev libc-ares-dev libpcre2-dev libspeexdsp-dev libpcap-dev libxml2-dev
  pkg-config tshark libwireshark-dev libwiretap-dev libwsutil-dev
)

cmd_intree() {
  local series failed=0
  need_root "$@"
  choose_series "${1-}"
  lock_chroots
  for series in "${wanted_series[@]}"; do
    intree_series "$series" || failed=1
  done
  ((failed == 0)) || die 1 "failed; the logs are in $chroots/logs"
}

intree_series() {
  local series=$1 folder=$chroots/$1.intree
  chroot_with "$series.intree" "$(suite_of "$series")" "${intree_packages[@]}" || return 1
  fetch_wireshark "$series" "$folder" || return 1
  copy_sources "$folder"
  progress "$series in-tree" in_plain "$folder" "WHOLE=${NLB_INTREE_WHOLE-}" \
    bash "$builder_home/nlb/packaging/build-in-tree.sh" "$builder_home/wireshark" "$builder_home/nlb"
}

# In this folder only; the machine's own package lists stay as they are.
fetch_wireshark() {
  local series=$1 folder=$2 sources=$2/etc/apt/sources.list.d/source.list
  [[ ! -d $folder$builder_home/wireshark ]] || return 0
  printf 'deb-src %s %s main\n' "$mirror" "$(suite_of "$series")" >"$sources"
  progress "$series source lists" in_root "$folder" apt-get -q update || return 1
  progress "$series Wireshark's source" in_root "$folder" sh -c "cd $builder_home &&
    apt-get -q source --download-only wireshark && chown $builder_id:$builder_id wireshark_*" || return 1
  progress "$series unpacking" in_plain "$folder" sh -c "cd $builder_home && rm -rf part &&
    dpkg-source -x --no-check wireshark_*.dsc part && mv part wireshark"
}
