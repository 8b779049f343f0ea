/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * info.c - what is broken, before the text of the Info column: it shows in every profile, and in
 * tshark without an option, as TCP's [TCP Retransmission] does.
 */
#include "nlb_plugin.h"

static const nlb_finding_desc *
gravest_of(const nlb_view *view)
{
    const nlb_finding_desc *gravest = NULL;

    for (size_t i = 0; i < view->hit_count; i++) {
        const nlb_finding_desc *finding = nlb_finding(view->hits[i].finding);

        if (gravest == NULL || finding->severity > gravest->severity)
            gravest = finding;
    }
    return gravest;
}

void
nlb_info_prefix(const nlb_view *view, packet_info *pinfo)
{
    const nlb_finding_desc *gravest = gravest_of(view);

    if (gravest == NULL || gravest->severity < NLB_WARN)
        return;
    if (nlb_setting_info_prefix())
        col_prepend_fstr(pinfo->cinfo, COL_INFO, "[NLB: %s] ", gravest->summary);
}
