#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# build.sh SOURCES WORK GLIB: tshark.exe and sharkd.exe of Wireshark 4.0 for Windows, to test nlb.dll
# in. SOURCES has Debian's original tar files of wireshark, glib2.0, pcre2 and c-ares; GLIB Debian's
# development files of GLib. The programs and their DLLs come into WORK/tshark. ./dev windows tshark runs it
# inside a Debian 13.
#
# Each step is done once: an interrupted run goes on where it stopped. Without optimization, because
# libwireshark has 2 million lines.
set -euo pipefail
sources=$1
work=$2
glib=$3
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
target=x86_64-w64-mingw32ucrt
prefix=$work/prefix
jobs=${NLB_JOBS:-$(nproc)}

export PKG_CONFIG_LIBDIR=$prefix/lib/pkgconfig PKG_CONFIG_PATH=

# step NAME: calls the function of that name, unless that was done.
step() {
  [[ ! -e $work/$1.done ]] || return 0
  echo "== $1"
  "step_$1"
  touch "$work/$1.done"
}

cmake_for_windows() {
  cmake -G Ninja -DCMAKE_TOOLCHAIN_FILE="$work/ucrt64.cmake" "-DNLB_WINDOWS_PREFIX=$prefix" \
    -DCMAKE_POLICY_VERSION_MINIMUM=3.5 -DCMAKE_SHARED_LINKER_FLAGS=-static-libgcc \
    -DCMAKE_EXE_LINKER_FLAGS=-static-libgcc "$@"
}

# unpack NAME: the tar file NAME_*.orig.tar.* into $work/NAME, patches of Debian's left out.
unpack() {
  rm -rf -- "${work:?}/$1"
  mkdir -p "$work/$1"
  tar -C "$work/$1" --strip-components=1 -xf "$(find "$sources" -name "$1_*.orig.tar.*" ! -name '*.asc')"
}

# pc_file NAME VERSION LIBS CFLAGS
pc_file() {
  printf 'Name: %s\nDescription: %s\nVersion: %s\nLibs: -L%s/lib %s\nCflags: -I%s/include %s\n' \
    "$1" "$1" "$2" "$prefix" "$3" "$prefix" "$4" >"$prefix/lib/pkgconfig/$1.pc"
}

step_intl() {
  mkdir -p "$prefix"/{bin,include,lib/pkgconfig}
  cp -- "$here/libintl.h" "$prefix/include/"
  "$target-gcc" -O2 "-I$here" -c "$here/intl.c" -o "$work/intl.o"
  "$target-ar" rcs "$prefix/lib/libintl.a" "$work/intl.o"
}

# Debian's own DLLs for the other C library of Windows: they print nothing, so that does no harm.
step_debian() {
  local other=/usr/x86_64-w64-mingw32 ours=/usr/$target
  cp -- $other/include/{zlib,zconf,gcrypt,gpg-error,gpgrt}.h "$prefix/include/"
  cp -- $other/lib/{libgcrypt,libgpg-error}.dll.a "$prefix/lib/"
  cp -- $other/bin/libg{crypt-20,pg-error-0}.dll "$prefix/bin/"
  cp -- "$ours/lib/libz.dll.a" "$prefix/lib/"
  cp -- "$ours/lib/zlib1.dll" "$prefix/bin/"
  find $other $ours /usr/lib/gcc/ -name libwinpthread-1.dll -print -quit | xargs -I{} cp -- {} "$prefix/bin/"
  pc_file zlib 1.3.1 -lz ''
  # GLib asks for it, and needs it for gobject only, which is not built.
  pc_file libffi 3.4.8 '' ''
}

step_pcre2() {
  unpack pcre2
  cmake_for_windows -S "$work/pcre2" -B "$work/pcre2/out" -DCMAKE_BUILD_TYPE=Release \
    "-DCMAKE_INSTALL_PREFIX=$prefix" -DBUILD_SHARED_LIBS=ON -DBUILD_STATIC_LIBS=OFF -DPCRE2_BUILD_TESTS=OFF \
    -DPCRE2_BUILD_PCRE2GREP=OFF
  ninja -C "$work/pcre2/out" -j "$jobs" install
}

step_cares() {
  unpack c-ares
  cmake_for_windows -S "$work/c-ares" -B "$work/c-ares/out" -DCMAKE_BUILD_TYPE=Release \
    "-DCMAKE_INSTALL_PREFIX=$prefix" -DCARES_BUILD_TOOLS=OFF
  ninja -C "$work/c-ares/out" -j "$jobs" install
}

# Only glib, gmodule and gthread, under the names that the official Wireshark's have: nlb.dll asks for
# glib-2.0-0.dll.
step_glib() {
  local source=$work/glib2.0 out=$work/glib2.0/out
  unpack glib2.0
  sed "s,@prefix@,$prefix,g" "$here/meson.ini" >"$work/meson.ini"
  # In the place of the library that GLib would download.
  mkdir -p "$source/subprojects/proxy-libintl/include"
  cp -- "$here/libintl.h" "$source/subprojects/proxy-libintl/include/"
  cat >"$source/subprojects/proxy-libintl/meson.build" <<MESON
project('proxy-libintl', 'c')
intl_dep = declare_dependency(link_args : ['$prefix/lib/libintl.a'],
  include_directories : include_directories('include'))
MESON
  meson setup "$out" "$source" --cross-file "$work/meson.ini" --prefix "$prefix" --buildtype release \
    -Dtests=false -Dintrospection=disabled -Dnls=disabled -Ddocumentation=false -Dman-pages=disabled \
    -Dglib_debug=disabled --wrap-mode=nodownload
  sed -i -E 's/lib((glib|gmodule|gthread)-2\.0-0\.dll)/\1/g' "$out/build.ninja"
  ninja -C "$out" -j "$jobs" {glib/glib,gmodule/gmodule,gthread/gthread}-2.0-0.dll
  cp -- "$out"/{glib/glib,gmodule/gmodule,gthread/gthread}-2.0-0.dll "$prefix/bin/"
  cp -- "$out"/{glib/libglib,gmodule/libgmodule,gthread/libgthread}-2.0.dll.a "$prefix/lib/"
}

# GLib for the compiler: Debian's headers, with which nlb.dll is made too. They are older than the libraries.
step_headers() {
  local name version
  version=$(sed -n 's/^Version: //p' "$glib/usr/lib/x86_64-linux-gnu/pkgconfig/glib-2.0.pc")
  mkdir -p "$prefix/include" "$prefix/lib/glib-2.0/include"
  cp -r -- "$glib/usr/include/glib-2.0" "$prefix/include/"
  python3 "$here/../wireshark/glibconfig.py" "$glib/usr/lib/x86_64-linux-gnu/glib-2.0/include/glibconfig.h" \
    "$prefix/lib/glib-2.0/include/glibconfig.h"
  for name in glib gmodule gthread; do
    pc_file "$name-2.0" "$version" "-l$name-2.0 -lglib-2.0" \
      "-I$prefix/include/glib-2.0 -I$prefix/lib/glib-2.0/include"
  done
}

step_wireshark() {
  local source=$work/wireshark name
  unpack wireshark
  # Lemon runs here and not on Windows.
  gcc -O1 -w -o "$work/lemon" "$source/tools/lemon/lemon.c"
  # shellcheck disable=SC2016 # CMake's
  sed -i -e 's/\$<TARGET_FILE:lemon>/${LEMON_EXECUTABLE}/' -e '/^ *lemon$/d' "$source/cmake/modules/UseLemon.cmake"
  sed -i '0,/^#include/s//#include <wsutil\/feature_list.h>\n&/' "$source/capture/capture-wpcap.c"
  # Half of the time goes into reading the same headers 1,600 times.
  cat >>"$source/epan/dissectors/CMakeLists.txt" <<'CMAKE'
target_precompile_headers(dissectors PRIVATE "${CMAKE_BINARY_DIR}/config.h" <glib.h> <stdio.h> <string.h>
  <epan/packet.h> <epan/expert.h> <epan/prefs.h> <epan/conversation.h> <epan/proto_data.h>)
CMAKE
  # Windows does not tell capital letters from small ones.
  mkdir -p "$prefix/include"
  for name in Ws2tcpip.h VersionHelpers.h Windows.h; do
    echo "#include <${name,,}>" >"$prefix/include/$name"
  done
}

# What tshark and sharkd do not need, or what Debian has no library for Windows of.
unbuilt=(wireshark logray tfshark rawshark dumpcap text2pcap mergecap reordercap editcap capinfos captype
  randpkt dftest dcerpcidl2wrs androiddump sshdump ciscodump dpauxmon randpktdump wifidump etwdump udpdump
  mmdbresolve fuzzshark)
disabled=(PCAP AIRPCAP MINIZIP LZ4 BROTLI SNAPPY ZSTD NGHTTP2 LUA SMI GNUTLS WINSPARKLE KERBEROS SBC SPANDSP
  BCG729 ILBC LIBXML2 OPUS SINSP WERROR)

step_configure() {
  # What Wireshark's CMake knows MinGW by.
  MSYSTEM=MINGW64 cmake_for_windows -S "$work/wireshark" -B "$work/out" -DCMAKE_BUILD_TYPE=None \
    -DCMAKE_C_FLAGS='-O0 -w -fpermissive' -DCMAKE_CXX_FLAGS='-O0 -w' \
    "-DGLIB2_INTERNAL_INCLUDE_DIR=$prefix/lib/glib-2.0/include" "-DLEMON_EXECUTABLE=$work/lemon" \
    -DHAVE_C99_VSNPRINTF=1 -DBUILD_sharkd=ON "${unbuilt[@]/%/=OFF}" "${disabled[@]/%/=OFF}"
}
unbuilt=("${unbuilt[@]/#/-DBUILD_}")
disabled=("${disabled[@]/#/-DENABLE_}")

step_programs() { MSYSTEM=MINGW64 ninja -C "$work/out" -j "$jobs" tshark sharkd; }

step_collect() {
  rm -rf -- "$work/tshark.part" "$work/tshark"
  # Wireshark takes a folder without "plugins" for a build folder, and would look elsewhere.
  mkdir -p "$work/tshark.part/plugins"
  cp -- "$work"/out/run/{tshark,sharkd}.exe "$work"/out/run/*.dll "$prefix"/bin/*.dll "$work/tshark.part/"
  # The names of MACs' vendors, of well-known MACs and of ports.
  cp -- "$work"/wireshark/{manuf,wka,services} "$work/tshark.part/"
  "$target-strip" "$work"/tshark.part/{tshark,sharkd}.exe "$work"/tshark.part/lib{wireshark,wiretap,wsutil}.dll
  mv -- "$work/tshark.part" "$work/tshark"
}

mkdir -p "$work"
# Whatever becomes of the sources of this project meanwhile.
cp -- "$here/../ucrt64.cmake" "$work/ucrt64.cmake"
for name in intl debian pcre2 glib headers cares wireshark configure programs collect; do
  step "$name"
done
