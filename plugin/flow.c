/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * flow.c - Statistics > Flow Graph > NLB Flow, and "tshark -z flow,nlb,standard": the core's arrows
 * as items of Wireshark's flow graph. Nothing runs while no such graph is asked for.
 */
#include "nlb_plugin.h"

#include <epan/column-utils.h>

/* ws_flow_info -> its nlb_flow: several graphs may be drawn, and Wireshark has room for no data and
 * tells no end. What is left over goes with the open file. */
static GHashTable *flows;

static void
free_flow(gpointer flow)
{
    nlb_flow_free((nlb_flow *)flow);
}

/* A graph without items is at its beginning: Wireshark empties it before it reads the packets
 * again. */
static nlb_flow *
flow_of(const ws_flow_info *graph)
{
    nlb_flow *flow = (nlb_flow *)g_hash_table_lookup(flows, graph);

    if (flow == NULL) {
        flow = nlb_flow_new();
        g_hash_table_insert(flows, (gpointer)graph, flow);
    } else if (g_queue_is_empty(graph->items)) {
        nlb_flow_clear(flow);
    }
    return flow;
}

static void
forget_flows(void)
{
    g_hash_table_remove_all(flows);
}

/* ---- text ---- */

static bool
is_printable(gunichar character)
{
    return !g_unichar_iscntrl(character) && g_unichar_type(character) != G_UNICODE_FORMAT;
}

/* tshark prints it as it stands, and some of it comes from the packet. */
static char *
printable(char *text)
{
    char *valid = g_utf8_make_valid(text, -1);
    GString *clean = g_string_new(NULL);

    for (const char *at = valid; *at; at = g_utf8_next_char(at)) {
        const gunichar character = g_utf8_get_char(at);

        g_string_append_unichar(clean, is_printable(character) ? character : '?');
    }
    g_free(valid);
    g_free(text);
    return g_string_free(clean, FALSE);
}

/* Where no finding is told, what the packet list says. */
static char *
packet_text(const packet_info *pinfo)
{
    const char *protocol = NULL, *info = NULL;

    if (pinfo->cinfo != NULL) {
        protocol = col_get_text(pinfo->cinfo, COL_PROTOCOL);
        info = col_get_text(pinfo->cinfo, COL_INFO);
    }
    return g_strdup_printf("%s: %s", protocol ? protocol : "", info ? info : "");
}

/* As the packet list shows it, but to the microsecond: with more digits tshark's columns slip. */
static char *
time_text(packet_info *pinfo)
{
    enum { MICROSECONDS = 6 };
    char time[COL_MAX_LEN] = "";
    const char *point;

    set_fd_time(pinfo->epan, pinfo->fd, time);
    point = strpbrk(time, ".,");
    if (point != NULL && strspn(point + 1, "0123456789") > MICROSECONDS)
        return g_strndup(time, (gsize)(point - time) + 1 + MICROSECONDS);
    return g_strdup(time);
}

/* ---- items ---- */

static void
set_column(address *column, const char *name)
{
    address text;

    set_address(&text, AT_STRINGZ, (int)strlen(name) + 1, name);
    copy_address(column, &text);
}

/* What is broken stands out whatever the colouring rules are; all else has the colour of the packet
 * list. */
static void
colour_item(ws_flow_item *item, packet_info *pinfo, nlb_severity severity)
{
    static const unsigned warning = 0xE69F00, error = 0x5A147F, black = 0x000000, white = 0xFFFFFF;

    sequence_analysis_use_color_filter(pinfo, (struct _seq_analysis_item *)item);
    if (severity < NLB_WARN)
        return;
    item->has_color_filter = TRUE;
    item->bg_color = severity == NLB_ERROR ? error : warning;
    item->fg_color = severity == NLB_ERROR ? white : black;
}

static ws_flow_item *
make_item(const nlb_arrow *arrow, packet_info *pinfo)
{
    ws_flow_item *item = g_new0(ws_flow_item, 1);

    item->frame_number = pinfo->num;
    set_column(&item->src_addr, arrow->from);
    set_column(&item->dst_addr, arrow->to);
    item->port_src = arrow->from_port;
    item->port_dst = arrow->to_port;
    item->frame_label = printable(g_strdup(arrow->label));
    item->time_str = time_text(pinfo);
    item->comment = printable(*arrow->comment ? g_strdup(arrow->comment) : packet_text(pinfo));
    item->line_style = arrow->severity >= NLB_WARN ? 2 : 1;
    item->display = TRUE;
    colour_item(item, pinfo, arrow->severity);
    return item;
}

static tap_packet_status
add_record(void *tapdata, packet_info *pinfo, epan_dissect_t *edt _U_, const void *data,
           tap_flags_t flags _U_)
{
    ws_flow_info *graph = (ws_flow_info *)tapdata;
    nlb_flow *flow = flow_of(graph);

    nlb_flow_add(flow, nlb_capture_current(), (const nlb_report *)data);
    for (size_t i = 0; i < nlb_flow_count(flow); i++) {
        const nlb_arrow arrow = nlb_flow_arrow(flow, i);

        g_queue_push_tail(graph->items, make_item(&arrow, pinfo));
    }
    return nlb_flow_count(flow) > 0 ? TAP_PACKET_REDRAW : TAP_PACKET_DONT_REDRAW;
}

/* ---- */

void
nlb_flow_register(void)
{
    flows = g_hash_table_new_full(NULL, NULL, NULL, free_flow);
    register_cleanup_routine(forget_flows);
    /* Columns: for the text of packets without a finding. */
    register_seq_analysis("nlb", "NLB Flow", nlb_proto(NLB_SECTION_ANALYSIS), NLB_TAP,
                          TL_REQUIRES_COLUMNS, add_record);
}
