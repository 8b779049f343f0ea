/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * ws_compat.h - what differs between Wireshark 4.0, 4.2, 4.4 and 4.6. The only file that asks for
 * the version, so that a new series is one file to look at.
 */
#ifndef NLB_WS_COMPAT_H
#define NLB_WS_COMPAT_H

#include <stdbool.h>

#include <glib.h>

#include <epan/packet.h>
/* packet.h includes it up to 4.0 only. */
#include <wiretap/wtap.h>

/* From CMake: ws_version.h and config.h are each missing from one of the series. */
#define WS_VERSION_AT_LEAST(major, minor)                                                          \
    (NLB_WIRESHARK_MAJOR > (major) ||                                                              \
     (NLB_WIRESHARK_MAJOR == (major) && NLB_WIRESHARK_MINOR >= (minor)))

/* Boolean preferences and heuristic dissectors became bool later than the UAT callbacks did. A
 * gboolean is four bytes and a bool is one: the wrong type is written past, not converted. */
#if WS_VERSION_AT_LEAST(4, 4)
typedef bool ws_bool;
#else
typedef gboolean ws_bool;
#endif

#if WS_VERSION_AT_LEAST(4, 2)
typedef bool ws_uat_bool;
#else
typedef gboolean ws_uat_bool;
#endif

/* The function behind "-z" reports from 4.6 on whether it worked; before, it ends the program. */
#if WS_VERSION_AT_LEAST(4, 6)
typedef bool ws_stat_result;
#define WS_STAT_SUCCEED() return true
#define WS_STAT_FAIL() return false
#else
typedef void ws_stat_result;
#define WS_STAT_SUCCEED() return
#define WS_STAT_FAIL() exit(1)
#endif

/* Microsoft's compiler knows no attributes; plugin/CMakeLists.txt tells its linker what to export.
 */
#if defined(_MSC_VER) && !defined(__clang__)
#define __attribute__(list)
#endif

/* TRY. What gcc hands Windows to unwind the stack to, a longjmp has ended programs by
 * (STATUS_BAD_STACK): without a frame, nothing is unwound, as on every other system. */
#if defined(__MINGW64__)
#include <setjmp.h>
#undef setjmp
#define setjmp(buffer) _setjmp((buffer), NULL)
#endif

#endif /* NLB_WS_COMPAT_H */
