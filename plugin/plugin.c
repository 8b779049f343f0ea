/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * plugin.c - what Wireshark's loader looks for; exports.map lists the same names.
 */
#include "nlb_plugin.h"

#define NLB_EXPORT __attribute__((visibility("default")))

NLB_EXPORT extern const char plugin_version[];
NLB_EXPORT extern const int plugin_want_major;
NLB_EXPORT extern const int plugin_want_minor;
NLB_EXPORT void plugin_register(void);
NLB_EXPORT uint32_t plugin_describe(void);

const char plugin_version[] = NLB_VERSION;
const int plugin_want_major = NLB_WIRESHARK_MAJOR;
const int plugin_want_minor = NLB_WIRESHARK_MINOR;

void
plugin_register(void)
{
    static proto_plugin plugin;

    plugin.register_protoinfo = proto_register_nlb;
    plugin.register_handoff = proto_reg_handoff_nlb;
    proto_register_plugin(&plugin);
}

/* Asked for from 4.4 on; the value is WS_PLUGIN_DESC_DISSECTOR, which older headers do not have. */
uint32_t
plugin_describe(void)
{
    return 1u;
}
