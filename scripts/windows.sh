# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# nlb.dll for the Wireshark of Windows, made and tried in a Debian 13: gcc for Windows compiles it
# against the headers that Debian has of each series, Wine runs it. Sourced by ./dev.
#
#   ./dev windows [SERIES]   nlb.dll, what must hold of the file, the unit tests, zip and installer
#   ./dev windows tshark     the plugin's tests in a tshark.exe of 4.0, which is built once (half an hour
#                            on two idle cores) and kept

windows_suite=trixie
windows_packages=(
  build-essential cmake ninja-build pkg-config python3 clang zip unzip ccache ca-certificates
  gcc-mingw-w64-ucrt64 g++-mingw-w64-ucrt64 googletest libxxhash-dev wine wine64 nsis
  # For the plugin's tests: the tools beside tshark.
  python3-pytest python3-pytest-xdist python3-scapy tshark wireshark-common
  # What tshark.exe is made with, and of.
  meson flex bison perl libglib2.0-dev
  libz-mingw-w64-dev libgcrypt-mingw-w64-dev libgpg-error-mingw-w64-dev
)
windows_megabytes=4000
windows_tshark_megabytes=9000

# source package, suite: Wireshark of Debian 12 is 4.0, and wants the c-ares of its time.
windows_sources() {
  cat <<'TABLE'
wireshark bookworm
c-ares    bookworm
glib2.0   trixie
pcre2     trixie
TABLE
}
# GLib of Debian 12 for all series: the official Wireshark's may be older than Debian 13's.
windows_glib_suite=bookworm
windows_glib=/opt/glib
windows_tshark_series=4.0

# The tests that know nothing of Linux, in the order in which they tell most. Those of one word run in one
# process: what it reads of a capture serves all of them.
windows_tests=(
  test_goldens,test_expectations,test_report,test_statistics test_filters test_everywhere test_alarms test_wording
  test_flow test_timeline test_sharkd test_sessions test_other_dissectors test_start test_on_windows
)
# Damaged captures, read twice each; a process does so many.
windows_damaged=200
windows_damaged_piece=10
# Half of the time a program waits for Wine.
windows_jobs=$((2 * $(nproc)))

windows_folder=$chroots/windows
windows_kept=$chroots/windows-tshark
# Inside: the sources of this project, and whatever is made for Windows.
windows_inside=$builder_home/nlb
windows_work=$builder_home/windows

cmd_windows() {
  local what=${1-}
  [[ $what == tshark ]] || choose_series "$what"
  need_root "$@"
  need_namespaces
  lock_chroots
  if [[ $what == tshark ]]; then
    windows_tshark || die 1 "failed; the logs are in $chroots/logs"
  else
    windows_make || die 1 "failed; the logs are in $chroots/logs"
  fi
}

# ---- what it needs of the machine ----

need_namespaces() {
  local tool
  for tool in unshare chroot mount; do
    command -v "$tool" >/dev/null || die 2 "the program $tool is missing (Debian: util-linux, coreutils, mount)"
  done
  unshare --mount --pid --fork true 2>/dev/null ||
    die 2 'unshare fails here: without namespaces no chroot can be entered'
}

# need_space MEGABYTES: where the chroots are. No loop device and no image: it is a folder.
need_space() {
  local free
  free=$(df --output=avail -m -- "$chroots" | tail -n 1)
  ((free >= $1)) ||
    die 2 "$chroots has ${free// /} MB left and this takes $1 MB: set NLB_CHROOTS to a larger place"
}

# ---- the Debian it happens in ----

windows_chroot() {
  [[ -d $windows_folder ]] || need_space "$windows_megabytes"
  chroot_with windows "$windows_suite" "${windows_packages[@]}" || return 1
  copy_sources "$windows_folder"
}

# fetch LABEL unpack|source SUITE FOLDER PACKAGE...: once; FOLDER is one inside.
windows_fetch() {
  local label=$1 verb=$2 suite=$3 folder=$4
  shift 4
  [[ ! -d $windows_folder$folder ]] || return 0
  progress "$label" in_root "$windows_folder" bash "$windows_inside/packaging/windows/fetch.sh" \
    "$verb" "$mirror" "$suite" "$folder" "$@"
}

windows_headers() { echo "/opt/wireshark/$1"; }

windows_fetch_glib() {
  windows_fetch 'windows GLib headers' unpack "$windows_glib_suite" "$windows_glib" libglib2.0-dev libglib2.0-0
}

# Debian's headers and libraries of one series, not installed.
windows_fetch_headers() {
  local series=$1 folder found
  folder=$(windows_headers "$series")
  windows_fetch_glib &&
    windows_fetch "windows $series headers" unpack "$(suite_of "$series")" "$folder" \
      libwireshark-dev libwiretap-dev libwsutil-dev "$(library_of "$series")" 'libwsutil-dev:libwsutil[0-9]*' ||
    return 1
  found=$(sed -n 's/.*VERSION_M\(AJOR\|INOR\) //p' "$windows_folder$folder/usr/include/wireshark/ws_version.h" |
    paste -sd .)
  [[ $found == "$series" ]] ||
    { note "Debian $(suite_of "$series") has Wireshark $found, not $series: give series.sh a row for it"; return 1; }
}

# in_wine COMMAND...: as the builder, in his Windows, which ends with the command. Wine's own programs
# start before: they would keep the command's output open. Their server is there first: one that they start
# themselves ends with them, and each program would wait for another. Without XDG_RUNTIME_DIR they complain.
in_wine() {
  in_plain "$windows_folder" "WINEPREFIX=$windows_work/wine" XDG_RUNTIME_DIR=/tmp WINEDEBUG=-all \
      WINEDLLOVERRIDES=mscoree,mshtml= \
    "CCACHE_DIR=$windows_work/ccache" "SOURCE_DATE_EPOCH=$(source_date)" bash -c '
      mkdir -p "$WINEPREFIX"
      wineserver -p
      /usr/lib/wine/wine64 wineboot >/dev/null 2>&1 </dev/null
      "$@"' - "$@"
}

# ---- nlb.dll, zip and installer ----

windows_make() {
  local series failed=0
  make_folder "$packages"
  make_folder "$root/build/windows"
  windows_chroot || return 1
  windows_unit_tests || failed=1
  for series in "${wanted_series[@]}"; do
    windows_series "$series" || failed=1
  done
  write_sums
  give_to_caller "$root/build/packages" "$root/build/windows"
  return "$failed"
}

# The core's own, which know no Wireshark: one build serves all series.
windows_unit_tests() {
  local build=$windows_inside/build/windows-core
  progress 'windows core build' in_wine bash "$windows_inside/packaging/windows/build.sh" \
    "$windows_inside" "$build" || return 1
  progress 'windows core tests' in_wine ctest --test-dir "$build" --verbose --no-tests=error || return 1
  note "$(passed_in 'windows core tests') unit tests passed in Wine"
}

# Each program of GoogleTest says how many: "3: [  PASSED  ] 928 tests."
passed_in() { tr -d '\r' <"$(log_of "$1")" | awk '/\[  PASSED  \]/ { sum += $(NF - 1) } END { print sum + 0 }'; }

windows_build() {
  local series=$1 build=$windows_inside/build/windows-$1
  windows_fetch_headers "$series" || return 1
  progress "windows $series build" in_wine bash "$windows_inside/packaging/windows/build.sh" \
    "$windows_inside" "$build" "$(windows_headers "$series")" "$windows_glib"
}

windows_series() {
  local series=$1 build=$windows_inside/build/windows-$1 out=$root/build/windows/$1 name failed=0
  windows_build "$series" || return 1
  make_folder "$out"
  progress "windows $series nlb.dll" in_plain "$windows_folder" python3 -B \
    "$windows_inside/packaging/windows/check_dll.py" "$build/stage/nlb.dll" "$series" \
    "$(windows_headers "$series")" "$windows_glib" "$build/plugin" || failed=1
  cp -- "$(log_of "windows $series nlb.dll")" "$out/nlb.dll.txt"
  progress "windows $series struct layouts" in_plain "$windows_folder" python3 -B \
    "$windows_inside/packaging/windows/check_layout.py" "$windows_inside" "$build" || failed=1
  name=$(<"$windows_folder$build/packaging/name")
  progress "windows $series installation" in_plain "$windows_folder" bash \
    "$windows_inside/tests/windows/try_install.sh" "$series" "$build/stage" "$build/packages/$name.exe" || failed=1
  cp -- "$windows_folder$build/stage/nlb.dll" "$out/"
  rm -f -- "$packages"/*ws"$series"[-.]*.{zip,exe}
  cp -- "$windows_folder$build/packages/$name".{zip,exe} "$packages/"
  return "$failed"
}

# ---- the plugin's tests in a Wireshark of Windows ----

windows_tshark() {
  local build=$windows_inside/build/windows-$windows_tshark_series names name failed=0 files
  windows_chroot && windows_build "$windows_tshark_series" && windows_programs || return 1
  for names in "${windows_tests[@]}"; do
    files=()
    for name in ${names//,/ }; do files+=("$windows_inside/tests/plugin/$name.py"); done
    windows_try "windows $names" "$build" python3 -B -m pytest -q -p no:cacheprovider -rs \
      -n "$windows_jobs" --dist loadgroup "${files[@]}" || failed=1
    note "$(tail -n 1 "$(log_of "windows $names")")"
  done
  windows_try_damaged "$build" || failed=1
  return "$failed"
}

windows_try_damaged() {
  local build=$1 status=0
  # shellcheck disable=SC2016 # the arguments of the inner shell
  windows_try 'windows damaged captures' "$build" env "PYTHONPATH=$windows_inside/tests/plugin" bash -c '
    seq 0 "$3" "$(($2 - 1))" | xargs -P "$4" -I{} python3 -B "$0" "$1" --first {} --runs "$3"' \
    "$windows_inside/tests/hostile/whole_program.py" "$build/stage/nlb.dll" "$windows_damaged" \
    "$windows_damaged_piece" "$windows_jobs" || status=1
  note "$(awk '/^[0-9]+ runs, / { runs += $1; failed += $(NF - 1) }
    END { print runs + 0 " damaged captures, " failed + 0 " failed" }' "$(log_of 'windows damaged captures')")"
  return "$status"
}

# windows_try LABEL BUILD COMMAND...
windows_try() {
  local label=$1 build=$2
  shift 2
  progress "$label" in_wine env "NLB_PLUGIN=$build/stage/nlb.dll" \
      "NLB_WINDOWS_PROGRAMS=$windows_work/tshark-4.0/tshark" "$@"
}

# Kept beside the chroot, which is made anew when it gets another list of packages.
windows_programs() {
  local work=$windows_work/tshark-4.0
  if [[ ! -d $windows_folder$work/tshark && -d $windows_kept ]]; then
    mkdir -p "$windows_folder$work"
    cp -r -- "$windows_kept" "$windows_folder$work/tshark"
    chown -R "$builder_id:$builder_id" "$windows_folder$windows_work"
  fi
  if [[ ! -d $windows_folder$work/tshark ]]; then
    need_space "$windows_tshark_megabytes"
    windows_fetch_sources && windows_fetch_glib || return 1
    progress 'windows tshark.exe' in_wine bash "$windows_inside/packaging/windows/tshark/build.sh" \
      /opt/sources "$work" "$windows_glib" || return 1
  fi
  [[ -d $windows_kept ]] || { cp -r -- "$windows_folder$work/tshark" "$windows_kept.part" && mv -- \
      "$windows_kept.part" "$windows_kept"; }
}

windows_fetch_sources() {
  local package suite
  while read -r package suite; do
    windows_fetch "windows source of $package" source "$suite" "/opt/sources/$package" "$package" </dev/null ||
      return 1
  done < <(windows_sources)
}
