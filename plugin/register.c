/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * register.c - the two protocols a user sees, and the order in which the rest is registered.
 */
#include "nlb_plugin.h"

static int proto_nlb = -1;
static int proto_nlb_analysis = -1;

int
nlb_proto(nlb_section section)
{
    return section == NLB_SECTION_ANALYSIS ? proto_nlb_analysis : proto_nlb;
}

void
proto_register_nlb(void)
{
    proto_nlb = proto_register_protocol("MS Network Load Balancing (NLB)", "NLB", "nlb");
    proto_nlb_analysis = proto_register_protocol("NLB Analysis", "NLB Analysis", "nlb.analysis");

    nlb_fields_register();
    nlb_settings_register();
    nlb_capture_register();
    nlb_dissect_register();
    nlb_analysis_register();
    if (nlb_stats_text_wanted())
        nlb_stats_text_register();
    else
        nlb_stats_register();
    nlb_timeline_register();
}

void
proto_reg_handoff_nlb(void)
{
    nlb_capture_handoff();
    nlb_dissect_handoff();
    nlb_analysis_handoff();
}
