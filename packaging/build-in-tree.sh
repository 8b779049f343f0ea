#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# build-in-tree.sh WIRESHARK NLB: compiles the plugin in the folder NLB inside the source tree WIRESHARK,
# links what came out with the libraries of the same version that are installed, and lets the tshark
# that is installed load it. With WHOLE=1 the libraries and tshark are built as well, and tried too.
set -euo pipefail
wireshark=$1
nlb=$2
build=$wireshark/build

ln -sfn -- "$nlb" "$wireshark/plugins/epan/nlb"
cmake -S "$wireshark" -B "$build" -G Ninja -DCUSTOM_PLUGIN_SRC_DIR=plugins/epan/nlb \
  -DBUILD_wireshark=OFF -DBUILD_logray=OFF -DBUILD_stratoshark=OFF

# tries PLUGIN TSHARK: it loads and diagnoses.
tries() {
  local folder series
  folder=$(mktemp -d)
  series=$("$2" -v 2>/dev/null | sed -n '1s/[^0-9]*\([0-9]*\.[0-9]*\).*/\1/p')
  mkdir -p "$folder/$series/epan"
  cp -- "$1" "$folder/$series/epan/nlb.so"
  WIRESHARK_PLUGIN_DIR=$folder "$2" -G plugins | grep '^nlb\.so'
  WIRESHARK_PLUGIN_DIR=$folder "$2" -q -z nlb,findings -r "$nlb/test-pcaps/foreign-router.pcapng" |
    grep foreign_router
  rm -r -- "$folder"
}

# By their own commands: asking ninja for an object of a plugin makes the whole of libwireshark first,
# for headers that ours do not need. The list is ours alone; Wireshark exports none of its own.
python3 - "$build/compile_commands.json" "$build/nlb-objects" <<'PYTHON'
import json, os, subprocess, sys

commands = [row for row in json.load(open(sys.argv[1])) if "/plugins/epan/nlb/" in row["file"]]
assert commands, "the plugin is not part of the build"
objects = []
for row in commands:
    name = row["command"].split(" -o ")[1].split()[0]
    objects.append(os.path.join(row["directory"], name))
    os.makedirs(os.path.dirname(objects[-1]), exist_ok=True)
    print(row["file"], flush=True)
    subprocess.run(row["command"], shell=True, cwd=row["directory"], check=True)
with open(sys.argv[2], "w") as out:
    print(*objects, sep="\n", file=out)
print(len(commands), "files of the plugin compiled")
PYTHON

mapfile -t objects <"$build/nlb-objects"
mapfile -t libraries < <(pkg-config --libs wireshark glib-2.0 | xargs -n 1 printf '%s\n')
g++ -shared -o "$build/nlb.so" "${objects[@]}" -Wl,--no-undefined \
  "-Wl,--version-script=$nlb/plugin/exports.map" "${libraries[@]}"
tries "$build/nlb.so" tshark

[[ ${WHOLE-} == 1 ]] || exit 0
ninja -C "$build" nlb tshark
tries "$(find "$build/run" -name nlb.so -print -quit)" "$build/run/tshark"
