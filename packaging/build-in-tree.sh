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

# By their own commands: asking ninja for an object of a plugin makes the whole of libwireshark first,
# for headers that ours do not need. The list is ours alone; Wireshark exports none of its own.
python3 - "$build/compile_commands.json" <<'PYTHON'
import json, os, subprocess, sys

commands = [row for row in json.load(open(sys.argv[1])) if "/plugins/epan/nlb/" in row["file"]]
assert commands, "the plugin is not part of the build"
for row in commands:
    folder = row["command"].split(" -o ")[1].split()[0].rpartition("/")[0]
    os.makedirs(os.path.join(row["directory"], folder), exist_ok=True)
    print(row["file"], flush=True)
    subprocess.run(row["command"], shell=True, cwd=row["directory"], check=True)
print(len(commands), "files of the plugin compiled")
PYTHON

[[ ${WHOLE-} == 1 ]] || exit 0
ninja -C "$build" nlb tshark
"$build/run/tshark" -G plugins | grep '^nlb\.so'
