#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# build-in-tree.sh WIRESHARK NLB: compiles the plugin in the folder NLB inside the source tree WIRESHARK.
# With WHOLE=1 it also builds nlb.so and tshark, and loads one into the other.
set -euo pipefail
wireshark=$1
nlb=$2
build=$wireshark/build

ln -sfn -- "$nlb" "$wireshark/plugins/epan/nlb"
cmake -S "$wireshark" -B "$build" -G Ninja -DCUSTOM_PLUGIN_SRC_DIR=plugins/epan/nlb \
  -DBUILD_wireshark=OFF -DBUILD_logray=OFF -DBUILD_stratoshark=OFF

mapfile -t objects < <(ninja -C "$build" -t targets all | sed -n 's,^\(plugins/epan/nlb/.*\.o\): .*,\1,p')
((${#objects[@]} > 0)) || { echo 'the plugin is not part of the build' >&2; exit 1; }
ninja -C "$build" "${objects[@]}"
printf '%s objects of the plugin compiled\n' "${#objects[@]}"

[[ ${WHOLE-} == 1 ]] || exit 0
ninja -C "$build" nlb tshark
"$build/run/tshark" -G plugins | grep '^nlb\.so'
