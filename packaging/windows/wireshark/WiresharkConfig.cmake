# SPDX-License-Identifier: GPL-2.0-or-later
# What Wireshark's own CMake files say, for Windows, for which there are none: NLB_WIRESHARK_ROOT has
# Debian's development files and libraries of one series unpacked, NLB_GLIB_ROOT those of GLib.
#
# Headers are the same on all systems. The names that the libraries export are those of Debian's; which
# of them Windows exports too, the headers tell by WS_DLL_PUBLIC. That becomes dllimport, and the
# import libraries here serve what is declared so, and nothing else: the linker refuses the rest. GLib's
# headers make that difference for data only.

file(STRINGS "${NLB_WIRESHARK_ROOT}/usr/include/wireshark/ws_version.h" lines REGEX "WIRESHARK_VERSION_M")
foreach(part MAJOR MINOR MICRO)
  string(REGEX REPLACE ".*WIRESHARK_VERSION_${part} ([0-9]+).*" "\\1" Wireshark_${part}_VERSION "${lines}")
endforeach()
set(Wireshark_VERSION "${Wireshark_MAJOR_VERSION}.${Wireshark_MINOR_VERSION}.${Wireshark_MICRO_VERSION}")
set(Wireshark_PLUGIN_INSTALL_DIR "plugins/${Wireshark_MAJOR_VERSION}.${Wireshark_MINOR_VERSION}")
set(Wireshark_INSTALL_PREFIX "")

# nlb_import_library(TARGET DLL SO KINDS): of the Linux library; names of these kinds, which are nm's, as
# data, which has no other symbol than that of a dllimport.
function(nlb_import_library target dll so kinds)
  set(made "${CMAKE_BINARY_DIR}/import/${target}")
  if(NOT EXISTS "${made}.a")
    file(GLOB found "${so}")
    list(GET found 0 found)
    execute_process(COMMAND ${CMAKE_NM} -D --defined-only ${found} OUTPUT_VARIABLE names
                    COMMAND_ERROR_IS_FATAL ANY)
    string(REGEX REPLACE "[0-9a-f]+ [${kinds}] ([A-Za-z0-9_]+)[^\n]*" "  \\1 DATA" names "${names}")
    string(REGEX REPLACE "[0-9a-f]+ [A-Za-z] ([A-Za-z0-9_]+)[^\n]*" "  \\1" names "${names}")
    file(WRITE "${made}.def" "LIBRARY \"${dll}\"\nEXPORTS\n${names}")
    execute_process(COMMAND ${CMAKE_DLLTOOL} -d ${made}.def -l ${made}.a
                    WORKING_DIRECTORY ${CMAKE_BINARY_DIR}/import COMMAND_ERROR_IS_FATAL ANY)
  endif()
  add_library(${target} UNKNOWN IMPORTED GLOBAL)
  set_target_properties(${target} PROPERTIES IMPORTED_LOCATION "${made}.a")
endfunction()

if(NOT TARGET epan)
  set(libraries "${NLB_WIRESHARK_ROOT}/usr/lib/x86_64-linux-gnu")
  nlb_import_library(wireshark_dll libwireshark.dll "${libraries}/libwireshark.so.*" A-Za-z)
  nlb_import_library(wsutil_dll libwsutil.dll "${libraries}/libwsutil.so.*" A-Za-z)
  nlb_import_library(glib_dll glib-2.0-0.dll "${NLB_GLIB_ROOT}/usr/lib/x86_64-linux-gnu/libglib-2.0.so.0"
                     BDRV)
  # glibconfig.h is what differs between systems in GLib.
  set(glib_config "${CMAKE_BINARY_DIR}/import/include")
  execute_process(
    COMMAND python3 ${CMAKE_CURRENT_LIST_DIR}/glibconfig.py
            ${NLB_GLIB_ROOT}/usr/lib/x86_64-linux-gnu/glib-2.0/include/glibconfig.h
            ${glib_config}/glibconfig.h
    COMMAND_ERROR_IS_FATAL ANY)
  add_library(epan INTERFACE IMPORTED GLOBAL)
  target_include_directories(epan SYSTEM INTERFACE
    ${glib_config} ${NLB_GLIB_ROOT}/usr/include/glib-2.0 ${NLB_WIRESHARK_ROOT}/usr/include/wireshark)
  target_link_libraries(epan INTERFACE wireshark_dll wsutil_dll glib_dll)
endif()
set(Wireshark_FOUND ON)
