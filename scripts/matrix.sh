# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Builds and tests on every Wireshark series with every compiler. Sourced by ./dev.

# NLB_COMPILERS=g++ tries one of them only.
read -r -a compilers <<<"${NLB_COMPILERS:-g++ clang++}"
declare -A c_compiler=([g++]=gcc [clang++]=clang)

# What building, testing and packaging need, beside what ./dev test needs.
matrix_packages=(build-essential clang git file rpm lintian fakeroot gzip)

cmd_matrix() {
  local series failed=0 rows
  need_root "$@"
  choose_series "${1-}"
  lock_chroots
  rows=$(mktemp)
  for series in "${wanted_series[@]}"; do
    matrix_series "$series" || failed=1
  done
  matrix_table <"$rows"
  rm -f -- "$rows"
  ((failed == 0)) || die 1 "failed; the logs are in $chroots/logs"
}

build_chroot() {
  local series=$1
  chroot_with "$series.build" "$(suite_of "$series")" "${build_packages[@]}" "${test_packages[@]}" \
    "${gui_packages[@]}" "${matrix_packages[@]}" || return 1
  check_series "$series"
}

# sid moves: one day it has the next series under the same name.
check_series() {
  local series=$1 found
  found=$(series_in "$chroots/$series.build")
  [[ $found == "$series".* ]] ||
    { note "Debian $(suite_of "$series") has Wireshark $found, not $series: give series.sh a row for it"; return 1; }
}

series_in() {
  in_plain "$1" tshark -v 2>/dev/null | sed -n '1s/[^0-9]*\([0-9.]*[0-9]\).*/\1/p'
}

matrix_series() {
  local series=$1 compiler failed=0
  if ! build_chroot "$series"; then
    matrix_row "$series" - - 'no chroot' -
    return 1
  fi
  copy_sources "$chroots/$series.build"
  for compiler in "${compilers[@]}"; do
    matrix_cell "$series" "$compiler" || failed=1
  done
  return "$failed"
}

matrix_row() {
  printf '%s\t%s\t%s\t%s\t%s\n' "$@" >>"$rows"
}

# One series, one compiler.
matrix_cell() {
  local series=$1 compiler=$2 folder=$chroots/$1.build start=$SECONDS
  local wireshark version build=ok tests=- status=0
  wireshark=$(series_in "$folder")
  version=$(in_plain "$folder" "$compiler" -dumpversion)
  if matrix_build "$series" "$compiler"; then
    matrix_test "$series" "$compiler" || status=1
    tests=$(sed -n 's/.* tests passed, //p' "$chroots/logs/$series-$compiler-test.log")
  else
    build=FAILED status=1
  fi
  matrix_row "$wireshark" "$compiler $version" "$build" "$tests" "$((SECONDS - start)) s"
  return "$status"
}

# The default compiler builds in the preset's own folder, which ./dev run inside uses again.
build_folder() {
  if [[ $1 == g++ ]]; then echo build/release; else echo "build/$1"; fi
}

matrix_build() {
  local series=$1 compiler=$2 folder
  folder=$(build_folder "$compiler")
  progress "$series $compiler build" in_plain "$chroots/$series.build" sh -c '
    cd "$1" && cmake --preset release -B "$2" -DNLB_WERROR=OFF \
      -DCMAKE_CXX_COMPILER="$3" -DCMAKE_C_COMPILER="$4" && cmake --build "$2"' - \
    "$builder_home/nlb" "$folder" "$compiler" "${c_compiler[$compiler]}"
}

# Scripts, packages and windows do not depend on the compiler: the first one tries them.
matrix_test() {
  local series=$1 compiler=$2 without=()
  [[ $compiler == "${compilers[0]}" ]] || without=(-LE any-compiler)
  progress "$series $compiler test" in_plain "$chroots/$series.build" \
    ctest --test-dir "$builder_home/nlb/$(build_folder "$compiler")" \
    --output-on-failure --no-tests=error -j "$(nproc)" "${without[@]}"
}

matrix_table() {
  {
    printf 'WIRESHARK\tCOMPILER\tBUILD\tTESTS\tTIME\n'
    cat
  } | awk -F '\t' '{ printf "%-10s %-16s %-8s %-28s %s\n", $1, $2, $3, $4, $5 }'
}
