#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Makes the packages for the Wireshark that is installed here, below build/package/packages.
# ./dev package runs it in a Debian of each series; it is right for any Debian or Ubuntu.
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."

# The files have the date of the sources, so that making them again gives the same: of the last commit,
# or, without git, of the newest file.
if [[ -z ${SOURCE_DATE_EPOCH-} ]]; then
  SOURCE_DATE_EPOCH=$(git log -1 --format=%ct 2>/dev/null ||
    find . -path ./build -prune -o -type f -printf '%T@\n' | sort -n | sed -n '$s/\..*//p')
fi
export SOURCE_DATE_EPOCH

# What Debian hardens its own packages with, but without debugging information, which is stripped
# anyway. xargs takes the quotes off.
export DEB_CFLAGS_STRIP=-g DEB_CXXFLAGS_STRIP=-g
while IFS='=' read -r name value; do
  export "$name=$value"
done < <(dpkg-buildflags --export=cmdline | xargs -n 1 printf '%s\n')

rm -rf build/package
cmake -S . -B build/package -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_INSTALL_PREFIX=/usr -DNLB_BUILD_TESTS=OFF
cmake --build build/package
cd build/package
# What is in the archive is to be root's.
fakeroot cpack
