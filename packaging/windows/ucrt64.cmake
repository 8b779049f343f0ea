# SPDX-License-Identifier: GPL-2.0-or-later
# For 64-bit Windows with gcc (Debian: g++-mingw-w64-ucrt64). UCRT, because the official Wireshark
# uses it: a DLL with another C library has a stdout of its own, and its tables would come out late.
set(CMAKE_SYSTEM_NAME Windows)
set(CMAKE_SYSTEM_PROCESSOR x86_64)
set(triplet x86_64-w64-mingw32ucrt)
set(CMAKE_C_COMPILER ${triplet}-gcc)
set(CMAKE_CXX_COMPILER ${triplet}-g++)
set(CMAKE_RC_COMPILER ${triplet}-windres)
set(CMAKE_DLLTOOL ${triplet}-dlltool)
# What was built for Windows beside: NLB_WINDOWS_PREFIX, several of them separated by semicolons.
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES NLB_WINDOWS_PREFIX)
set(CMAKE_FIND_ROOT_PATH ${NLB_WINDOWS_PREFIX} /usr/${triplet})
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
set(CMAKE_CROSSCOMPILING_EMULATOR /usr/lib/wine/wine64)
