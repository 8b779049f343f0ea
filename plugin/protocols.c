/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * protocols.c - the two protocols a user sees, and the name of a line that is neither.
 */
#include "nlb_plugin.h"

static int proto_nlb = -1;
static int proto_nlb_analysis = -1;
static int proto_nlb_hook = -1;
static int proto_nlb_context = -1;

int
nlb_proto(nlb_section section)
{
    return section == NLB_SECTION_ANALYSIS ? proto_nlb_analysis : proto_nlb;
}

int
nlb_proto_hook(void)
{
    return proto_nlb_hook;
}

int
nlb_proto_context(void)
{
    return proto_nlb_context;
}

void
nlb_protocols_register(void)
{
    proto_nlb = proto_register_protocol("MS Network Load Balancing (NLB)", "NLB", "nlb");
    proto_nlb_analysis = proto_register_protocol("NLB Analysis", "NLB Analysis", "nlb.analysis");
    proto_nlb_hook = proto_register_protocol_in_name_only(
        "NLB Analysis hook", "NLB hook", "nlb.analysis.hook", proto_nlb_analysis, FT_PROTOCOL);
    /* Whatever stands directly below the root counts as a protocol in "-z io,phs", so it is one
     * line with a name. */
    proto_nlb_context = proto_register_protocol_in_name_only(
        "NLB context, without a finding", "NLB context", "nlb.context", proto_nlb_analysis,
        FT_PROTOCOL);
}
