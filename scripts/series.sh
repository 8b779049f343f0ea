# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# The Wireshark series we serve, and the Debian suite that ships each. Sourced by ./dev.

# series, suite, the package whose name changes with the series
series_table() {
  cat <<'TABLE'
4.0 bookworm libwireshark16
4.4 trixie   libwireshark18
4.6 sid      libwireshark19
TABLE
}

all_series() { series_table | awk '{ print $1 }'; }
suite_of() { series_table | awk -v series="$1" '$1 == series { print $2 }'; }
library_of() { series_table | awk -v series="$1" '$1 == series { print $3 }'; }

# Sets $wanted_series from a command's argument: one series, or all of them.
choose_series() {
  mapfile -t wanted_series < <(all_series)
  [[ -n ${1-} ]] || return 0
  [[ -n $(suite_of "$1") ]] ||
    die 2 "no such series: $1 (there are $(all_series | paste -sd ' '))"
  wanted_series=("$1")
}
