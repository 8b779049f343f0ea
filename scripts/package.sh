# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Makes the profile's zip and the packages of each series, then installs each of these where only it
# can be at work, and lets it diagnose a capture. Sourced by ./dev.

packages=$root/build/packages
sample=test-pcaps/foreign-router.pcapng

cmd_package() {
  local series failed=0
  need_root "$@"
  choose_series "${1-}"
  need_packages dpkg-dev
  lock_chroots
  make_folder "$packages"
  for series in "${wanted_series[@]}"; do
    package_series "$series" || failed=1
  done
  check_upgrades || failed=1
  "$root/packaging/profile_zip.py" "$packages/nlb-profile.zip"
  write_sums
  give_to_caller "$root/build/packages"
  ((failed == 0)) || die 1 "failed; the logs are in $chroots/logs"
  note "in $packages:"
  cat "$packages/SHA256SUMS"
}

# Of whatever was made, in this run or an earlier one: where nothing was, there is nothing to sum.
write_sums() (
  shopt -s nullglob
  cd "$packages"
  rm -f SHA256SUMS
  files=(*.deb *.rpm *.tar.gz *.zip *.exe)
  ((${#files[@]} == 0)) || sha256sum -- "${files[@]}" >SHA256SUMS
)

package_series() {
  local series=$1 folder=$chroots/$1.build
  build_chroot "$series" || return 1
  copy_sources "$folder"
  progress "$series packages" in_plain "$folder" "SOURCE_DATE_EPOCH=$(source_date)" \
    "$builder_home/nlb/packaging/make-packages.sh" || return 1
  rm -f -- "$packages"/*ws"$series"[-.]*.{deb,rpm,tar.gz}
  cp -- "$folder$builder_home/nlb/build/package/packages"/*.{deb,rpm,tar.gz} "$packages/"
  check_packages "$series"
}

# Of the sources; inside there is no git to ask.
source_date() { git -C "$root" -c safe.directory="$root" log -1 --format=%ct; }

# ---- each file, where only it can be at work ----

check_packages() {
  local series=$1 failed=0 file
  user_chroot "$series" || return 1
  file=$(echo "$packages"/*ws"$series"-*.deb)
  progress "$series lintian" lint_deb "$series" "$file" || failed=1
  progress "$series deb, installed" try_deb "$series" "$file" || failed=1
  file=$(echo "$packages"/*ws"$series".*.rpm)
  progress "$series rpm, installed" try_rpm "$series" "$file" || failed=1
  file=$(echo "$packages"/*ws"$series"-*.tar.gz)
  progress "$series tar.gz, installed" try_archive "$series" "$file" || failed=1
  for file in "$packages"/*.tar.gz; do
    [[ $file == *"+ws$series-"* ]] || progress "$series refuses ${file##*+}" try_other "$series" "$file" || failed=1
  done
  return "$failed"
}

# A Debian with tshark and nothing of ours.
user_chroot() { chroot_with "$1.user" "$(suite_of "$1")" tshark man-db rpm; }

# with_copy SERIES FUNCTION ARGUMENT...: FUNCTION gets a fresh copy of that Debian as its first
# argument; afterwards everything that the copy has more or less than before is a failure.
with_copy() {
  local series=$1 function=$2 copy=$chroots/$1.try status=0
  shift 2
  fresh_copy "$series" "$@"
  list_files "$copy" >"$chroots/logs/$series.before"
  "$function" "$copy" "$@" || status=1
  list_files "$copy" >"$chroots/logs/$series.after"
  diff -u "$chroots/logs/$series.before" "$chroots/logs/$series.after" ||
    { echo 'removing the package left the above behind'; status=1; }
  rm -rf --one-file-system -- "$copy"
  return "$status"
}

# fresh_copy SERIES FILE...: $chroots/SERIES.try, with the files and a capture in /tmp/try.
fresh_copy() {
  local copy=$chroots/$1.try
  rm -rf --one-file-system -- "$copy"
  cp -a --reflink=auto -- "$chroots/$1.user" "$copy"
  mkdir -p "$copy/tmp/try"
  cp -- "$root/$sample" "$copy/tmp/try/sample.pcapng"
  cp -- "${@:2}" "$copy/tmp/try/"
  chmod -R a+rX "$copy/tmp/try"
}

# Logs and caches of the package managers tell what was done, and may.
list_files() {
  (cd "$1" && find . -path ./proc -prune -o -path ./var/log -prune -o -path ./var/cache -prune \
    -o -path ./var/lib/apt -prune -o -path ./var/lib/dpkg -prune -o -path ./var/lib/rpm -prune \
    -o -path ./root/.rpmdb -prune -o -print) | sort
}

# diagnoses FOLDER [VARIABLE=VALUE...]: tshark there finds what is to be found.
diagnoses() {
  local folder=$1 out
  shift
  in_plain "$folder" "$@" tshark -G plugins | grep '^nlb\.so' || { echo 'tshark does not load it'; return 1; }
  out=$(in_plain "$folder" "$@" tshark -q -z nlb,findings -r /tmp/try/sample.pcapng)
  printf '%s\n' "$out"
  grep -q foreign_router <<<"$out"
}

# Not only loaded: nothing is left to do, the profile is in its place too.
is_well() {
  local folder=$1 out
  shift
  out=$(in_plain "$folder" "$@") || { printf '%s\n' "$out"; return 1; }
  printf '%s\n' "$out"
  grep -q '^All is well' <<<"$out"
}

lint_deb() {
  local folder=$chroots/$1.build name=${2##*/}
  cp -- "$2" "$folder/tmp/$name"
  in_plain "$folder" lintian --allow-root --info --fail-on error "/tmp/$name"
}

try_deb() { with_copy "$1" try_deb_in "$2"; }

try_deb_in() {
  local folder=$1 name=${2##*/}
  in_plain "$folder" dpkg-deb -f "/tmp/try/$name" Depends | grep -F "$(library_of "$series") (<< " &&
    in_root "$folder" apt-get -q -y install "/tmp/try/$name" &&
    diagnoses "$folder" &&
    is_well "$folder" nlb-doctor &&
    in_plain "$folder" man -w 7 nlb &&
    in_root "$folder" dpkg -V nlb-wireshark &&
    in_root "$folder" apt-get -q -y purge nlb-wireshark
}

try_rpm() { with_copy "$1" try_rpm_in "$2"; }

# On Debian the packages that it asks for are not rpm's, and the folder is not Wireshark's.
try_rpm_in() {
  local folder=$1 name=${2##*/} force=()
  # What Debian 12's rpm wants to hear, and later ones do not know.
  ! in_root "$folder" rpm --force-debian --version >/dev/null 2>&1 || force=(--force-debian)
  in_root "$folder" rpm "${force[@]}" -i --nodeps "/tmp/try/$name" &&
    in_root "$folder" rpm -qp --requires "/tmp/try/$name" | grep 'libwireshark' &&
    in_root "$folder" rpm -qp --suggests "/tmp/try/$name" | grep 'python3' &&
    diagnoses "$folder" WIRESHARK_PLUGIN_DIR=/usr/lib64/wireshark/plugins &&
    is_well "$folder" WIRESHARK_PLUGIN_DIR=/usr/lib64/wireshark/plugins nlb-doctor &&
    in_root "$folder" rpm "${force[@]}" -e nlb-wireshark &&
    in_root "$folder" rmdir -p --ignore-fail-on-non-empty "/usr/lib64/wireshark/plugins/$series/epan"
}

try_archive() { with_copy "$1" try_archive_in "$2"; }

try_archive_in() {
  local folder=$1 name=${2##*/} unpacked
  unpacked=$builder_home/${name%.tar.gz}
  in_plain "$folder" tar -C "$builder_home" -xf "/tmp/try/$name" &&
    in_plain "$folder" "$unpacked/install.sh" &&
    diagnoses "$folder" &&
    is_well "$folder" "$unpacked/nlb-doctor" &&
    in_plain "$folder" "$unpacked/install.sh" --remove &&
    in_plain "$folder" rm -r "$unpacked"
}

try_other() { with_copy "$1" try_other_in "$2"; }

# Another series' file in the right folder: Wireshark says so and goes on, and the doctor knows why.
try_other_in() {
  local folder=$1 name=${2##*/} plugins=$builder_home/.local
  local epan=$plugins/lib/wireshark/plugins/$series/epan
  in_plain "$folder" sh -c "mkdir -p $epan && cd $epan && tar --strip-components=1 -xf '/tmp/try/$name'" &&
    in_plain "$folder" tshark -r /tmp/try/sample.pcapng >"$folder/tmp/said" 2>&1 &&
    grep "Couldn't load plugin 'nlb.so'" "$folder/tmp/said" &&
    { in_plain "$folder" "$epan/nlb-doctor" || true; } | grep 'it is for Wireshark' &&
    rm -r "$folder$plugins" "$folder/tmp/said"
}

# ---- Debian is upgraded under it ----

# From each series to the next, as far as there are packages of both.
check_upgrades() {
  local from to old new failed=0
  while read -r from to; do
    old=$(echo "$packages"/*ws"$from"-*.deb)
    new=$(echo "$packages"/*ws"$to"-*.deb)
    [[ -f $old && -f $new ]] || continue
    user_chroot "$from" || return 1
    progress "$from to $to, taken away" try_upgrade "$from" "$to" "$old" || failed=1
    progress "$from to $to, replaced" try_upgrade "$from" "$to" "$old" "$new" || failed=1
  done < <(series_table | awk 'NR > 1 { print last, $1 } { last = $1 }')
  return "$failed"
}

# try_upgrade FROM TO DEB [NEW_DEB]: a real full-upgrade. An archive that has our next package replaces ours
# by it; without one ours goes, for no Wireshark is left that would load it.
try_upgrade() {
  local from=$1 to=$2 deb=$3 new=${4-} folder=$chroots/$1.try status=0
  fresh_copy "$from" "${@:3}"
  { in_root "$folder" apt-get -q update && in_root "$folder" apt-get -q -y install "/tmp/try/${deb##*/}" &&
    diagnoses "$folder" && next_suite "$folder" "$(suite_of "$from")" "$(suite_of "$to")" "$new" &&
    in_root "$folder" apt-get -q update && in_root "$folder" apt-get -q -y full-upgrade &&
    [[ $(series_in "$folder") == "$to".* ]] && upgraded "$folder" "$new"; } || status=1
  rm -rf --one-file-system -- "$folder"
  return "$status"
}

next_suite() {
  local folder=$1 list=$1/etc/apt/sources.list
  sed -i "s/ $2 / $3 /" "$list"
  [[ -n $4 ]] || return 0
  (cd "$folder/tmp/try" && dpkg-scanpackages --multiversion . >Packages)
  echo 'deb [trusted=yes] file:/tmp/try ./' >>"$list"
}

upgraded() {
  if [[ -n $2 ]]; then
    diagnoses "$1" && is_well "$1" nlb-doctor
  else
    ! find "$1/usr" -name 'nlb*' | grep .
  fi
}

# Without an argument it judges what was built here, if anything was.
cmd_doctor() {
  local file=${1-} built
  built=$root/build/$(light_preset)/plugin/nlb.so
  [[ -n $file || ! -e $built ]] || file=$built
  exec "$root/packaging/nlb-doctor" ${file:+"$file"}
}
