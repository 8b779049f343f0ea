/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * timeline.c - the life of the clusters as one of Wireshark's statistics trees: it has rates and
 * bursts, and tshark prints it too.
 */
#include "nlb_plugin.h"

#include <stdlib.h>

#include <epan/stat_tap_ui.h>
#include <epan/stats_tree.h>
#include <epan/tap.h>

/* tshark offers a tree as "-z ABBREVIATION,tree"; the abbreviation may hold no comma. */
#define TREE "nlb,tree"
#define TIMELINE "nlb,timeline"

/* stats_tree -> its nlb_timeline: several windows may be open, and a tree has room for no data. */
static GHashTable *timelines;

static void
free_timeline(gpointer timeline)
{
    nlb_timeline_free((nlb_timeline *)timeline);
}

/* Also called when the packets are read again. */
static void
begin_tree(stats_tree *tree)
{
    g_hash_table_replace(timelines, tree, nlb_timeline_new());
}

static void
end_tree(stats_tree *tree)
{
    g_hash_table_remove(timelines, tree);
}

static tap_packet_status
count_record(stats_tree *tree, packet_info *pinfo, epan_dissect_t *edt _U_, const void *data,
             tap_flags_t flags _U_)
{
    nlb_timeline *timeline = (nlb_timeline *)g_hash_table_lookup(timelines, tree);

    if (nlb_timeline_add(timeline, nlb_capture_current(), (const nlb_report *)data,
                         nlb_capture_since_start(pinfo)) != NLB_OK)
        return TAP_PACKET_DONT_REDRAW;
    for (size_t i = 0; i < nlb_timeline_count(timeline); i++) {
        const nlb_moment moment = nlb_timeline_moment(timeline, i);
        const int cluster = tick_stat_node(tree, moment.cluster, 0, TRUE);
        const int part = tick_stat_node(tree, moment.part, cluster, TRUE);

        tick_stat_node(tree, moment.line, part, FALSE);
    }
    return TAP_PACKET_REDRAW;
}

/* ---- the name that the other statistics have: -z nlb,timeline[,FILTER] ---- */

static ws_stat_result
start_tree(const char *argument, void *userdata _U_)
{
    const char *filter;
    char *tree;

    if (!nlb_stats_text_read(argument, TIMELINE, &filter))
        WS_STAT_FAIL();
    tree = filter ? g_strdup_printf(TREE ",%s", filter) : g_strdup(TREE);
    process_stat_cmd_arg(tree);
    g_free(tree);
    WS_STAT_SUCCEED();
}

static void
register_name(void)
{
    stat_tap_ui ui = {.group = REGISTER_PACKET_STAT_GROUP_UNSORTED,
                      .cli_string = TIMELINE,
                      .tap_init_cb = start_tree};

    register_stat_tap_ui(&ui, NULL);
}

/* ---- */

void
nlb_timeline_register(void)
{
    const guint by_time = ST_SORT_COL_NAME << ST_FLG_SRTCOL_SHIFT;

    timelines = g_hash_table_new_full(NULL, NULL, NULL, free_timeline);
    /* A plugin's trees may have a submenu, but the tables beside it may not: one menu for all. */
    stats_tree_register_plugin(NLB_TAP, "nlb", "NLB Timeline", by_time, count_record, begin_tree,
                               end_tree);
    if (nlb_stats_text_wanted())
        register_name();
}
