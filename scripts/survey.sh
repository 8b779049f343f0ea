# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# The long tests of nlb-survey, and how fast it is. Sourced by ./dev.

# cmd_survey [FILES]: with a number, also measures over that many files of 50 MB, made for it.
cmd_survey() {
  local files=${1-} data
  [[ -z $files || $files =~ ^[0-9]+$ ]] || die 2 "$files: is no number of files"
  need_packages "${build_packages[@]}" "${test_packages[@]}"
  build_preset release nlb
  NLB_PLUGIN=$plugin NLB_SURVEY_ALL=1 "$python" -B -m pytest -q -p no:cacheprovider "$root/tests/survey"
  [[ -n $files ]] || return 0
  data=$(mktemp -d "${TMPDIR:-/var/tmp}/nlb-survey.XXXXXX")
  chmod 755 "$data"
  # shellcheck disable=SC2064 # the folder of now
  trap "rm -rf -- '$data'" EXIT
  "$python" -B "$root/tests/survey/measure.py" "$plugin" "$data/m" "$files"
}
