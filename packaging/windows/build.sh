#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# build.sh SOURCES BUILD [WIRESHARK_ROOT GLIB_ROOT]: in the folder BUILD nlb.dll for Windows; without the
# roots the tests of the core, which know no Wireshark. The roots have Debian's development files
# unpacked: see wireshark/WiresharkConfig.cmake.
set -euo pipefail
sources=$1
build=$2
here=$sources/packaging/windows
prefix=${NLB_WINDOWS_PREFIX:-$HOME/windows/googletest}

for_windows() {
  cmake -G Ninja "-DCMAKE_TOOLCHAIN_FILE=$here/ucrt64.cmake" -DCMAKE_BUILD_TYPE=Release \
    -DCMAKE_C_COMPILER_LAUNCHER=ccache -DCMAKE_CXX_COMPILER_LAUNCHER=ccache "-DNLB_WINDOWS_PREFIX=$prefix" \
    "-DCMAKE_CXX_STANDARD_INCLUDE_DIRECTORIES=$prefix/include" "$@"
}

if [[ ! -d $prefix ]]; then
  rm -rf -- "$prefix.build"
  for_windows -S /usr/src/googletest -B "$prefix.build" -DBUILD_GMOCK=OFF "-DCMAKE_INSTALL_PREFIX=$prefix.part"
  cmake --build "$prefix.build" --target install --parallel "$(nproc)"
  # One file, the same for all systems.
  cp -- /usr/include/xxhash.h "$prefix.part/include/"
  mv -- "$prefix.part" "$prefix"
fi

if (($# > 2)); then
  for_windows -S "$sources" -B "$build" -DNLB_BUILD_TESTS=OFF "-DWireshark_DIR=$here/wireshark" \
    "-DNLB_WIRESHARK_ROOT=$3" "-DNLB_GLIB_ROOT=$4"
  cmake --build "$build" --parallel "$(nproc)" --target nlb
  rm -rf -- "$build/stage"
  cmake --install "$build" --component windows --strip --prefix "$build/stage"
  "$sources/packaging/profile_zip.py" "$build/stage/nlb-profile.zip"
  "$here/make-packages.py" "$build/stage" "$build/packaging/installer.nsi" "$build/packages" \
      "$(<"$build/packaging/name")"
else
  for_windows -S "$sources" -B "$build" -DNLB_BUILD_PLUGIN=OFF
  cmake --build "$build" --parallel "$(nproc)"
fi
