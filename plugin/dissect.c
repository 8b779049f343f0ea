/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * dissect.c - heartbeats. Wireshark has a dissector of its own on this EtherType; whoever was there
 * before us keeps what is not ours, and all of it when the user switches our decode off. That is
 * what the selector is for: Wireshark's table holds one dissector per number.
 */
#include "nlb_plugin.h"

#include <epan/exceptions.h>
#include <epan/show_exception.h>

static int proto_selector = -1;
static dissector_handle_t nlb_handle;
static dissector_handle_t selector_handle;

typedef struct ethertype_row {
    guint number;
    dissector_handle_t before; /* who listened before us; may be NULL */
} ethertype_row;

static ethertype_row ethertypes[] = {{NLB_ETHERTYPE, NULL}, {NLB_ETHERTYPE_CONVOY, NULL}};

/* ---- one heartbeat ---- */

/* Cooked captures have no destination; without one the mode stays unknown. */
static const uint8_t *
destination_of(const packet_info *pinfo, const nlb_frame *layer)
{
    if (layer != NULL)
        return layer->link == NLB_LINK_ETHERNET ? layer->bytes : NULL;
    if (pinfo->dl_dst.type == AT_ETHER && pinfo->dl_dst.len == 6)
        return (const uint8_t *)pinfo->dl_dst.data;
    return NULL;
}

static nlb_view
decode(const uint8_t *payload, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    const nlb_frame *layer = nlb_capture_layer_of(pinfo, payload);
    nlb_report *result = nlb_capture_result();

    nlb_decode(payload, tvb_captured_length(tvb), tvb_reported_length(tvb),
               destination_of(pinfo, layer), tree ? NLB_DETAIL_FULL : NLB_DETAIL_SUMMARY, result);
    if (tree != NULL && layer != NULL)
        nlb_capture_link_heartbeat(nlb_capture_current(), layer, result);
    return nlb_report_view(result);
}

static void
draw_heartbeat(const nlb_view *view, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    proto_item *line =
        proto_tree_add_item(tree, nlb_proto(NLB_SECTION_HEARTBEAT), tvb, 0, -1, ENC_NA);
    proto_tree *below = proto_item_add_subtree(line, nlb_ett_section(NLB_SECTION_HEARTBEAT));

    /* The protocol's long name would fill a third of the line. */
    proto_item_set_text(line, "NLB: %s", view->summary);
    nlb_draw(view, NLB_SECTION_HEARTBEAT, pinfo, tvb, below, line);
}

static int
dissect_nlb(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data _U_)
{
    const guint captured = tvb_captured_length(tvb);
    const uint8_t *payload = captured > 0 ? tvb_get_ptr(tvb, 0, (gint)captured) : NULL;
    nlb_view view;

    if (!nlb_is_heartbeat(payload, captured))
        return 0;
    view = decode(payload, tvb, pinfo, tree);
    col_set_str(pinfo->cinfo, COL_PROTOCOL, "NLB");
    col_add_str(pinfo->cinfo, COL_INFO, view.summary);
    draw_heartbeat(&view, tvb, pinfo, tree);
    return (int)captured;
}

/* ---- who decodes ---- */

static dissector_handle_t
dissector_before_us(const packet_info *pinfo)
{
    for (size_t i = 0; i < G_N_ELEMENTS(ethertypes); i++) {
        if (ethertypes[i].number == pinfo->match_uint)
            return ethertypes[i].before;
    }
    return NULL;
}

/* Below ours, for filters that were saved. The columns stay ours, or locked if they were. A throw
 * would leave them locked for what comes behind this frame, so it ends here. */
static void
show_builtin(dissector_handle_t builtin, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree,
             void *data)
{
    const bool writable = col_get_writable(pinfo->cinfo, -1);

    col_set_writable(pinfo->cinfo, -1, FALSE);
    TRY { call_dissector_only(builtin, tvb, pinfo, tree, data); }
    CATCH_NONFATAL_ERRORS { show_exception(tvb, pinfo, tree, EXCEPT_CODE, GET_MESSAGE); }
    ENDTRY;
    col_set_writable(pinfo->cinfo, -1, writable);
}

static int
dissect_selected(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    dissector_handle_t before = dissector_before_us(pinfo);
    int taken = 0;

    /* 0 for foreign signatures and when the protocol is switched off. */
    if (nlb_setting_value(NLB_SETTING_REPLACE_BUILTIN))
        taken = call_dissector_only(nlb_handle, tvb, pinfo, tree, data);
    if (before == NULL)
        return taken;
    if (taken == 0)
        return call_dissector_only(before, tvb, pinfo, tree, data);
    if (nlb_setting_value(NLB_SETTING_SHOW_BUILTIN))
        show_builtin(before, tvb, pinfo, tree, data);
    return taken;
}

/* ---- */

void
nlb_dissect_register(void)
{
    /* A name for the table only: what hangs below Wireshark's ethertype protocol cannot be switched
     * off, and is no layer of its own in frame.protocols. */
    proto_selector = proto_register_protocol_in_name_only(
        "NLB EtherType selector", "NLB or built-in", "nlb.ethertype",
        proto_get_id_by_filter_name("ethertype"), FT_PROTOCOL);
    nlb_handle = register_dissector("nlb", dissect_nlb, nlb_proto(NLB_SECTION_HEARTBEAT));
    selector_handle = create_dissector_handle(dissect_selected, proto_selector);
}

/* Plugins hand off after the built-in dissectors: the table is complete. */
void
nlb_dissect_handoff(void)
{
    dissector_table_t table = find_dissector_table("ethertype");

    for (size_t i = 0; i < G_N_ELEMENTS(ethertypes); i++) {
        ethertypes[i].before = dissector_get_uint_handle(table, ethertypes[i].number);
        dissector_add_uint("ethertype", ethertypes[i].number, selector_handle);
    }
    dissector_add_for_decode_as("ethertype", nlb_handle);
}
