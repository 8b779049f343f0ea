# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Configures, builds and tests a CMake preset. Sourced by ./dev.

plugin=$root/build/release/plugin/nlb.so

# What is enough where no test is to run; the build with the tests does as well where it is there.
light_preset() {
  if [[ -e $plugin ]]; then echo release; else echo run; fi
}

# need_own_build PRESET: what is there already can be written, or one line says why not.
need_own_build() {
  local path
  for path in "$root/build" "$root/build/$1" "$root/build/$1/CMakeCache.txt"; do
    [[ ! -e $path || -w $path ]] ||
      die 1 "$path belongs to $(stat -c %U "$path"): sudo chown -R $(id -un) '$root/build'"
  done
}

# build_preset PRESET [TARGET...]: without a target all that the preset builds.
# Configures every time: it takes a second, and a build tree made for an older point release of
# Wireshark names library files that no longer exist.
build_preset() {
  local preset=$1 targets=("${@:2}")
  need_own_build "$preset"
  [[ -d $root/build/$preset ]] || note "building the $preset preset, a few minutes the first time"
  (
    enter_build &&
      quietly cmake --preset "$preset" &&
      visibly cmake --build "build/$preset" ${targets:+--target "${targets[@]}"}
  )
}

# Configures, builds and tests; each says what it is doing.
run_workflow() {
  need_own_build "$1"
  (enter_build && CTEST_PARALLEL_LEVEL=$(nproc) cmake --workflow --preset "$1" </dev/null)
}

# In a subshell of its own. However that ends, what it built is the caller's.
enter_build() {
  trap 'give_to_caller "$root/build"' EXIT
  mkdir -p "$root/build"
  cd "$root"
  ! command -v ccache >/dev/null || export CMAKE_C_COMPILER_LAUNCHER=ccache CMAKE_CXX_COMPILER_LAUNCHER=ccache
}

# As quietly does, but on a terminal the command's own line of progress is seen.
visibly() {
  if [[ -t 1 ]]; then "$@" </dev/null; else quietly "$@"; fi
}
