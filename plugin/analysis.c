/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * analysis.c - what the core concluded about a record, as a tree of its own behind the protocols it
 * explains.
 */
#include "nlb_plugin.h"

#include <epan/tap.h>

static int nlb_tap = -1;

static bool
has_visible_item(const nlb_view *view)
{
    for (size_t i = 0; i < view->item_count; i++) {
        if (!(view->items[i].flags & NLB_ITEM_HIDDEN))
            return true;
    }
    return false;
}

static const char *
name_of_analysis(void)
{
    return proto_get_protocol_long_name(find_protocol_by_id(nlb_proto(NLB_SECTION_ANALYSIS)));
}

/* The protocol's line: the filter nlb.analysis finds the frame. */
static void
draw_findings(const nlb_view *view, packet_info *pinfo, tvbuff_t *tvb, proto_tree *tree)
{
    proto_item *line =
        proto_tree_add_item(tree, nlb_proto(NLB_SECTION_ANALYSIS), tvb, 0, 0, ENC_NA);
    proto_tree *below = proto_item_add_subtree(line, nlb_ett_section(NLB_SECTION_ANALYSIS));

    proto_item_append_text(line, ": %s", view->summary);
    proto_item_set_generated(line);
    nlb_draw(view, NLB_SECTION_ANALYSIS, pinfo, tvb, below, line);
}

/* The line says the first ones too: tshark -O opens protocols by their name, and this is none. In
 * a loop one packet has hundreds. */
static void
append_links(const nlb_view *view, proto_item *line)
{
    enum { SHOWN = 3 };
    size_t links = 0;

    for (size_t i = 0; i < view->item_count; i++) {
        const nlb_item *item = &view->items[i];
        const nlb_field_desc *field = nlb_field(item->field);

        if (field->kind != NLB_KIND_FRAME || (item->flags & NLB_ITEM_HIDDEN))
            continue;
        if (links++ < SHOWN)
            proto_item_append_text(line, "%s%s %u", links == 1 ? ": " : ", ", field->title,
                                   (guint)item->value);
    }
    if (links > SHOWN)
        proto_item_append_text(line, " and %u more", (guint)(links - SHOWN));
}

/* Links to later frames, and whose frame it is, are no finding: the filter nlb.analysis does not
 * find them. The line is hidden when all below it is. */
static void
draw_context(const nlb_view *view, packet_info *pinfo, tvbuff_t *tvb, proto_tree *tree)
{
    proto_item *line = proto_tree_add_protocol_format(tree, nlb_proto_context(), tvb, 0, 0, "%s",
                                                      name_of_analysis());
    proto_tree *below = proto_item_add_subtree(line, nlb_ett_section(NLB_SECTION_ANALYSIS));

    append_links(view, line);
    proto_item_set_generated(line);
    if (!has_visible_item(view))
        proto_item_set_hidden(line);
    nlb_draw(view, NLB_SECTION_ANALYSIS, pinfo, tvb, below, line);
}

/* Without a tree, expert infos alone. */
static int
draw_report(const nlb_view *view, packet_info *pinfo, tvbuff_t *tvb, proto_tree *tree)
{
    const int taken = view->hit_count > 0 ? (int)tvb_captured_length(tvb) : 0;

    if (tree == NULL)
        nlb_draw(view, NLB_SECTION_ANALYSIS, pinfo, tvb, NULL, NULL);
    else if (view->hit_count > 0)
        draw_findings(view, pinfo, tvb, tree);
    else
        draw_context(view, pinfo, tvb, tree);
    return taken;
}

/* NULL for the many trees that are made for a filter or a column that asks for nothing of ours. */
static proto_tree *
wanted(proto_tree *tree)
{
    /* Wireshark registers its protocol of all expert infos behind everybody else's. */
    static int expert_infos = -1;

    if (tree == NULL)
        return NULL;
    if (expert_infos < 0)
        expert_infos = proto_get_id_by_filter_name("_ws.expert");
    if (proto_field_is_referenced(tree, nlb_proto(NLB_SECTION_ANALYSIS)) ||
        proto_field_is_referenced(tree, nlb_proto_context()) || expert_infos < 0 ||
        proto_field_is_referenced(tree, expert_infos))
        return tree;
    return NULL;
}

/* Without a tree, and with nobody who reads it, a sentence is not worth making: a first pass wants
 * to know no more than how grave it is. */
static nlb_detail
detail_for(const packet_info *pinfo, const proto_tree *tree, bool tapped)
{
    static int expert_tap = 0;

    if (tree != NULL)
        return NLB_DETAIL_FULL;
    if (expert_tap == 0)
        expert_tap = find_tap_id("expert");
    if (tapped)
        return NLB_DETAIL_SUMMARY;
    if (pinfo->cinfo != NULL || have_tap_listener(expert_tap))
        return NLB_DETAIL_SENTENCES;
    return NLB_DETAIL_FINDINGS;
}

/* With and without a tree: expert infos reach the taps in both cases. The tree, the taps and
 * through them the tables share one report of the record. */
int
nlb_analysis_report(tvbuff_t *tvb, packet_info *pinfo, proto_tree *whole)
{
    const nlb_record *record = nlb_capture_finished_record();
    const nlb_capture *capture = nlb_capture_current();
    nlb_report *report = nlb_capture_result();
    const bool tapped = have_tap_listener(nlb_tap);
    proto_tree *tree;
    nlb_view view;

    if (record == NULL)
        return 0;
    tree = wanted(whole);
    if (!tapped && tree == NULL && !nlb_capture_has_finding(capture, pinfo->num))
        return 0;
    /* The handle's protocol is a name only; expert infos are filed under this. */
    pinfo->current_proto = "NLB Analysis";
    nlb_capture_report(capture, record->layers, record->count, detail_for(pinfo, tree, tapped),
                       report);
    if (tapped)
        tap_queue_packet(nlb_tap, pinfo, report);
    view = nlb_report_view(report);
    if (view.item_count == 0 && view.hit_count == 0)
        return 0;
    nlb_info_prefix(&view, pinfo);
    if (ws_tree_is_shown(tree))
        nlb_conversation_keep(report, pinfo);
    return draw_report(&view, pinfo, tvb, tree);
}

void
nlb_analysis_register(void)
{
    nlb_tap = register_tap(NLB_TAP);
}
