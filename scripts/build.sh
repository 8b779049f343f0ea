# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Configures, builds and tests a CMake preset. Sourced by ./dev.

plugin=$root/build/release/plugin/nlb.so

# What is enough where no test is to run; the build with the tests does as well where it is there.
light_preset() {
  if [[ -e $plugin ]]; then echo release; else echo run; fi
}

# need_own_folder PATH...: what is there already can be written, or one line says why not.
need_own_folder() {
  local path
  for path; do
    [[ ! -e $path || -w $path ]] ||
      die 1 "$path belongs to $(stat -c %U "$path"): sudo chown -R $(id -un) '$root/build'"
  done
}

# build_preset PRESET [TARGET...]: without a target all that the preset builds.
# Configures every time: it takes a second, and a build tree made for an older point release of
# Wireshark names library files that no longer exist.
build_preset() {
  local preset=$1 launcher=() targets=("${@:2}")
  if command -v ccache >/dev/null; then
    launcher=(-DCMAKE_C_COMPILER_LAUNCHER=ccache -DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
  fi
  need_own_folder "$root/build" "$root/build/$preset" "$root/build/$preset/CMakeCache.txt"
  [[ -d $root/build/$preset ]] || note "building the $preset preset, a few minutes the first time"
  (
    trap 'give_to_caller "$root/build"' EXIT
    mkdir -p "$root/build" && cd "$root" &&
      quietly cmake --preset "$preset" "${launcher[@]}" &&
      quietly cmake --build "build/$preset" ${targets:+--target "${targets[@]}"}
  )
}

# Adds the number of tests to $total of the caller.
run_ctest() {
  local folder=$root/build/$1 status=0 count
  ctest --test-dir "$folder" --output-on-failure --no-tests=error -j "$(nproc)" \
    </dev/null 2>&1 | tee "$folder/ctest.log" || status=$?
  count=$(sed -n 's/.* tests failed out of \([0-9]*\)$/\1/p' "$folder/ctest.log")
  total=$((total + ${count:-0}))
  return "$status"
}
