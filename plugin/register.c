/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * register.c - the order in which everything is registered. Nothing looks back here.
 */
#include "nlb_plugin.h"

void
proto_register_nlb(void)
{
    nlb_protocols_register();
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
    nlb_report_register();
    nlb_flow_register();
    nlb_conversation_register();
    nlb_explain_register();
}

void
proto_reg_handoff_nlb(void)
{
    nlb_capture_handoff();
    nlb_dissect_handoff();
}
