# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Hostile input: the libFuzzer targets of tests/fuzz. Sourced by ./dev.
#
# What a run finds new is kept in build/fuzz/corpus and used by the next; an input that breaks
# something is written to build/fuzz/found and belongs, with the fix, into tests/fuzz/regressions.

fuzz_packages=(clang libclang-rt-dev llvm libxxhash-dev cmake ninja-build python3-scapy)
fuzz_targets=(feed decode)
fuzz_build=$root/build/fuzz
fuzz_most_bytes=1000000 # of corpus in git, for each target

cmd_fuzz() {
  local what=${1:-10}
  need_fuzzer
  case $what in
    corpus) fuzz_corpus ;;
    coverage) fuzz_coverage ;;
    *[!0-9]* | 0*) die 2 "$what: minutes expected, or corpus, or coverage" ;;
    *) fuzz_for "$what" ;;
  esac
}

need_fuzzer() {
  need_packages "${fuzz_packages[@]}"
  build_preset fuzz || die 1 "the fuzz targets do not build"
  "$python" -B "$root/tests/fuzz/make_seeds.py" "$fuzz_build/seeds"
}

# The folders a target reads, as far as they are there: libFuzzer ends at a missing one. The first
# is also written.
fuzz_folders() {
  local target=$1 folder
  mkdir -p "$fuzz_build/corpus/$target" "$fuzz_build/found/$target"
  for folder in "$fuzz_build/corpus" "$root/tests/fuzz/corpus" "$root/tests/fuzz/regressions" \
    "$fuzz_build/seeds"; do
    [[ ! -d $folder/$target ]] || printf '%s\n' "$folder/$target"
  done
}

# fuzz_one TARGET MINUTES: the last line of its log is the processor time, in seconds.
fuzz_one() {
  local target=$1 folders log=$fuzz_build/$1.log TIMEFORMAT='%U %S'
  mapfile -t folders < <(fuzz_folders "$target")
  {
    time ASAN_OPTIONS=quarantine_size_mb=4:malloc_context_size=8 nice \
      "$fuzz_build/tests/fuzz/fuzz_$target" -max_len=12288 -entropic=0 -timeout=10 \
      -max_total_time=$(($2 * 60)) -print_final_stats=1 \
      -artifact_prefix="$fuzz_build/found/$target/" "${folders[@]}"
  } >"$log" 2>&1
}

fuzz_for() {
  local minutes=$1 target status=0 jobs=()
  trap 'note "interrupted"' INT # the targets hear it too, and end with what they have
  for target in "${fuzz_targets[@]}"; do
    fuzz_one "$target" "$minutes" &
    jobs+=($!)
  done
  note "running ${fuzz_targets[*]} for $minutes min"
  for target in "${!jobs[@]}"; do
    wait_for "${jobs[target]}" || status=1
    fuzz_result "${fuzz_targets[target]}"
  done
  ((status == 0)) || die 1 "an input broke something: see $fuzz_build/found and *.log beside it"
}

# As wait, which gives up when a signal is caught. libFuzzer ends with 72 when it is interrupted.
wait_for() {
  local status=0
  wait "$1" || status=$?
  if ((status > 128)); then
    status=0
    wait "$1" || status=$?
  fi
  ((status == 0 || status == 72))
}

fuzz_result() {
  local log=$fuzz_build/$1.log
  printf 'fuzz_%s: %s executions in %s s of processor time, %s\n' "$1" \
    "$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")" \
    "$(awk 'END { print int($1 + $2) }' "$log")" \
    "$(grep -oE 'cov: [0-9]+ ft: [0-9]+ corp: [0-9]+' "$log" | tail -n 1)"
  grep -E '^SUMMARY|broken:|runtime error' "$log" || true
}

# Chooses the smallest inputs that reach everything that is reached.
fuzz_corpus() {
  local target folders chosen
  for target in "${fuzz_targets[@]}"; do
    mapfile -t folders < <(fuzz_folders "$target")
    chosen=$(mktemp -d)
    quietly "$fuzz_build/tests/fuzz/fuzz_$target" -merge=1 "$chosen" "${folders[@]}"
    fuzz_store "$chosen" "$root/tests/fuzz/corpus/$target"
    rm -rf -- "$chosen"
  done
}

# fuzz_store FROM TO: the smaller files, as many as are worth their place in git.
fuzz_store() {
  rm -rf -- "$2"
  mkdir -p "$2"
  find "$1" -type f -printf '%s %p\n' | sort -n |
    awk -v most="$fuzz_most_bytes" '{ sum += $1 } sum <= most { print $2 }' |
    xargs -r cp -t "$2"
  printf '%s: %s files, %s\n' "$2" "$(find "$2" -type f | wc -l)" "$(du -sh "$2" | cut -f 1)"
}

# Line coverage of src/ by everything known, without sanitizers.
fuzz_coverage() {
  local build=$root/build/coverage target folders objects=()
  (
    cd "$root" &&
      quietly cmake --preset fuzz -B "$build" -DNLB_SANITIZE=OFF \
        -DCMAKE_CXX_FLAGS='-O1 -g -fprofile-instr-generate -fcoverage-mapping' &&
      quietly cmake --build "$build" --target "${fuzz_targets[@]/#/fuzz_}"
  ) || die 1 "the coverage build failed"
  for target in "${fuzz_targets[@]}"; do
    mapfile -t folders < <(fuzz_folders "$target")
    LLVM_PROFILE_FILE=$build/$target.profraw quietly "$build/tests/fuzz/fuzz_$target" -runs=0 \
      -max_len=12288 "${folders[@]}"
    objects+=(-object "$build/tests/fuzz/fuzz_$target")
  done
  llvm-profdata merge -o "$build/all.profdata" "$build"/*.profraw
  # The first object goes without its option, else llvm-cov takes the folder for it.
  llvm-cov report "${objects[@]:1}" -instr-profile="$build/all.profdata" "$root/src" |
    tee "$build/report.txt"
  llvm-cov show "${objects[@]:1}" -instr-profile="$build/all.profdata" "$root/src" \
    >"$build/lines.txt"
  note "every line: $build/lines.txt"
}
