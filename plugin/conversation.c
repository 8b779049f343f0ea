/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * conversation.c - Conversation Filter and Colorize Conversation: all packets of the cluster, host
 * or forwarder of this one. Wireshark asks with the packet alone, long after its dissection, so
 * what it belongs to is kept with it.
 */
#include "nlb_plugin.h"

#include <epan/conversation_filter.h>
#include <epan/proto_data.h>

static bool is_registered;

/* Only of a packet that is shown: the others are never asked about. */
void
nlb_conversation_keep(const nlb_report *report, packet_info *pinfo)
{
    nlb_belonging belonging;

    if (!is_registered)
        return;
    belonging = nlb_capture_belonging(nlb_capture_current(), report);
    p_set_proto_data(pinfo->pool, pinfo, nlb_proto(NLB_SECTION_ANALYSIS), 0,
                     wmem_memdup(pinfo->pool, &belonging, sizeof belonging));
}

static const nlb_belonging *
kept(packet_info *pinfo)
{
    return (const nlb_belonging *)p_get_proto_data(pinfo->pool, pinfo,
                                                   nlb_proto(NLB_SECTION_ANALYSIS), 0);
}

static ws_bool
has_filter(packet_info *pinfo, nlb_conversation which)
{
    return nlb_conversation_filter(kept(pinfo), which, NULL, 0) > 0;
}

/* The caller frees it with g_free. */
static char *
new_filter(packet_info *pinfo, nlb_conversation which)
{
    char filter[NLB_CONVERSATION_SIZE];

    nlb_conversation_filter(kept(pinfo), which, filter, sizeof filter);
    return g_strdup(filter);
}

/* ---- Wireshark's callbacks: before 4.4 they are not told for which entry they are called ---- */

static WS_CONVERSATION_CALLBACK(ws_bool, has_cluster, pinfo)
{
    return has_filter(pinfo, NLB_CONVERSATION_CLUSTER);
}

static WS_CONVERSATION_CALLBACK(char *, cluster_filter, pinfo)
{
    return new_filter(pinfo, NLB_CONVERSATION_CLUSTER);
}

static WS_CONVERSATION_CALLBACK(ws_bool, has_host, pinfo)
{
    return has_filter(pinfo, NLB_CONVERSATION_HOST);
}

static WS_CONVERSATION_CALLBACK(char *, host_filter, pinfo)
{
    return new_filter(pinfo, NLB_CONVERSATION_HOST);
}

static WS_CONVERSATION_CALLBACK(ws_bool, has_forwarder, pinfo)
{
    return has_filter(pinfo, NLB_CONVERSATION_FORWARDER);
}

static WS_CONVERSATION_CALLBACK(char *, forwarder_filter, pinfo)
{
    return new_filter(pinfo, NLB_CONVERSATION_FORWARDER);
}

/* ---- */

static const struct entry {
    is_filter_valid_func is_valid;
    build_filter_string_func build;
} entries[NLB_CONVERSATION_COUNT] = {
    [NLB_CONVERSATION_CLUSTER] = {has_cluster, cluster_filter},
    [NLB_CONVERSATION_HOST] = {has_host, host_filter},
    [NLB_CONVERSATION_FORWARDER] = {has_forwarder, forwarder_filter},
};

void
nlb_conversation_register(void)
{
    if (nlb_stats_text_wanted()) /* tshark has no such menu */
        return;
    is_registered = true;
    for (int which = 0; which < NLB_CONVERSATION_COUNT; which++)
        ws_register_conversation_filter(
            proto_get_protocol_filter_name(nlb_proto(NLB_SECTION_ANALYSIS)),
            nlb_conversation_title((nlb_conversation)which), entries[which].is_valid,
            entries[which].build);
}
