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
#include <epan/tap.h>
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

/* epan/sequence_analysis.h is installed by no series, and all export what it declares: this much of
 * it is needed here. The items of a flow graph are Wireshark's to free, with g_free. */
typedef struct ws_flow_item {
    guint32 frame_number;
    address src_addr; /* the column; freed with the item */
    guint16 port_src;
    address dst_addr;
    guint16 port_dst;
    char *frame_label; /* on the arrow; this and the next two are freed with the item */
    char *time_str;
    char *comment;
    guint16 conv_num;
    unsigned fg_color, bg_color; /* 0xRRGGBB */
    ws_bool has_color_filter;    /* the colours are set */
    ws_bool display;
    unsigned src_node, dst_node; /* Wireshark's own */
    guint16 line_style;
    int info_type; /* NONE */
    void *info_ptr;
    void (*free_info_ptr)(void *); /* 4.6 */
    void *room[8];                 /* for what a later one adds */
} ws_flow_item;

/* The beginning of it. */
typedef struct ws_flow_info {
    const char *name;
    ws_bool any_addr;
    int nconv;
    GQueue *items;
} ws_flow_info;

WS_DLL_PUBLIC void register_seq_analysis(const char *name, const char *ui_name, const int proto_id,
                                         const char *tap_listener, guint tap_flags,
                                         tap_packet_cb tap_func);
struct _seq_analysis_item;
WS_DLL_PUBLIC void sequence_analysis_use_color_filter(packet_info *pinfo,
                                                      struct _seq_analysis_item *sai);

/* The callbacks of conversation filters get their data from 4.4 on. */
#if WS_VERSION_AT_LEAST(4, 4)
#define WS_CONVERSATION_CALLBACK(type, function, pinfo)                                            \
    type function(packet_info *pinfo, void *user_data _U_)
#define ws_register_conversation_filter(proto, title, is_valid, build)                             \
    register_conversation_filter(proto, title, is_valid, build, NULL)
#else
#define WS_CONVERSATION_CALLBACK(type, function, pinfo) type function(packet_info *pinfo)
#define ws_register_conversation_filter(proto, title, is_valid, build)                             \
    register_conversation_filter(proto, title, is_valid, build)
#endif

/* Entries of a plugin in the menu of a packet, from 4.4 on. */
#if WS_VERSION_AT_LEAST(4, 4)
#define ws_register_packet_menu(name, required, callback)                                          \
    funnel_register_packet_menu(name, required, callback, NULL, false)
#else
#define ws_register_packet_menu(name, required, callback) ((void)(callback))
#endif

/* The value of a field that is text. */
#if WS_VERSION_AT_LEAST(4, 2)
#define ws_field_string(field) fvalue_get_string((field)->value)
#else
#define ws_field_string(field) fvalue_get_string(&(field)->value)
#endif

/* Whether somebody looks at the tree: most trees are made for a filter only. */
static inline bool
ws_tree_is_shown(proto_tree *tree)
{
    return tree != NULL && PTREE_DATA(tree)->visible;
}

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
