/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * explain.c - in the menu of a packet, from 4.4 on: NLB > Explain this finding, a window with the
 * sentence, the cause and the cure of each of the packet's findings.
 */
#include "nlb_plugin.h"

#include <epan/funnel.h>

/* Wireshark's field for the sentence of an expert info, which stands behind the info's own. */
#define EXPERT_MESSAGE "_ws.expert.message"

static const nlb_finding_desc *
finding_of(const field_info *field)
{
    for (size_t i = 0; i < nlb_finding_count(); i++) {
        if (strcmp(nlb_finding(i)->filter, field->hfinfo->abbrev) == 0)
            return nlb_finding(i);
    }
    return NULL;
}

static void
append_finding(GString *text, const nlb_finding_desc *finding, const char *sentence)
{
    if (text->len > 0)
        g_string_append_c(text, '\n');
    g_string_append_printf(text, "%s: %s\n", nlb_severity_name(finding->severity),
                           finding->summary);
    g_string_append_printf(text, "   seen:   %s\n", sentence);
    g_string_append_printf(text, "   why:    %s\n", finding->cause);
    g_string_append_printf(text, "   do:     %s\n", finding->remedy);
    g_string_append_printf(text, "   filter: %s\n", finding->filter);
}

/* The fields come in the order of the tree. */
static char *
explanation(const GPtrArray *fields)
{
    GString *text = g_string_new(NULL);
    const nlb_finding_desc *finding = NULL;

    for (guint i = 0; i < fields->len; i++) {
        field_info *field = (field_info *)g_ptr_array_index(fields, i);
        const nlb_finding_desc *begun = finding_of(field);

        if (begun != NULL) {
            finding = begun;
        } else if (finding != NULL && strcmp(field->hfinfo->abbrev, EXPERT_MESSAGE) == 0) {
            append_finding(text, finding, ws_field_string(field));
            finding = NULL;
        }
    }
    return g_string_free(text, FALSE);
}

static void
open_window(void *data _U_, GPtrArray *fields)
{
    const funnel_ops_t *ops = funnel_get_funnel_ops();
    funnel_text_window_t *window = ops->new_text_window(ops->ops_id, "NLB: this finding");
    char *text = explanation(fields);

    ops->set_text(window, text);
    g_free(text);
}

void
nlb_explain_register(void)
{
    ws_register_packet_menu("NLB/Explain this finding",
                            proto_get_protocol_filter_name(nlb_proto(NLB_SECTION_ANALYSIS)),
                            open_window);
}
