# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# What the plugin costs: tests/bench. Sourced by ./dev.

cmd_bench() {
  local own=()
  if (($# > 0)); then
    need_file "$1"
    own=(--capture "$(realpath -- "$1")")
  fi
  need_packages "${build_packages[@]}" "${test_packages[@]}"
  build_preset release || die 1 "the release preset does not build"
  note "counting instructions with callgrind, some ten minutes"
  "$python" -B "$root/tests/bench/bench.py" "$root/build/release" "${own[@]}"
}
