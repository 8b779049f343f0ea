/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * info.c - what is broken, before the text of the Info column: it shows in every profile, and in
 * tshark without an option, as TCP's [TCP Retransmission] does.
 */
#include "nlb_plugin.h"

#include <epan/column-info.h>

/* Whether a column shows a field of the analysis, as the profile's does: it tells who. */
static bool
has_column_of_ours(const column_info *columns)
{
    const char *ours = proto_get_protocol_filter_name(nlb_proto(NLB_SECTION_ANALYSIS));

    for (int i = 0; i < columns->num_cols; i++) {
        const char *fields = columns->columns[i].col_custom_fields;

        if (fields != NULL && strstr(fields, ours) != NULL)
            return true;
    }
    return false;
}

/* The sentence, since the packet's addresses often are not those of the culprit; beside a column
 * that has it, a few words. */
void
nlb_info_prefix(const nlb_view *view, packet_info *pinfo)
{
    const nlb_hit *gravest = view->hits;
    const nlb_finding_desc *finding;

    if (view->hit_count == 0 || pinfo->cinfo == NULL || !nlb_setting_info_prefix())
        return;
    finding = nlb_finding(gravest->finding);
    if (finding->severity >= NLB_WARN)
        col_prepend_fstr(pinfo->cinfo, COL_INFO, "[NLB: %s] ",
                         has_column_of_ours(pinfo->cinfo) ? finding->summary : gravest->text);
}
