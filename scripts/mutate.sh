# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Which changes of src/ no unit test notices: tests/mutation. Sourced by ./dev.

mutate_packages=(libgtest-dev libbenchmark-dev libxxhash-dev cmake ninja-build g++ mold)

cmd_mutate() {
  local count=${1:-150} options=()
  [[ $count =~ ^[1-9][0-9]*$ ]] || die 2 "$count: a number of changes expected"
  [[ -z ${NLB_SEED-} ]] || options+=(--seed "$NLB_SEED")
  need_packages "${mutate_packages[@]}"
  build_preset mutation nlb_unit_tests || die 1 "the unit tests do not build"
  note "trying $count changes, a few seconds each"
  nice "$python" -B "$root/tests/mutation/mutate.py" "$root/build/mutation" \
    --count "$count" --only "${NLB_ONLY-}" "${options[@]}"
}
