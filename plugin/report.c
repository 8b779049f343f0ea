/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * report.c - the core's diagnosis in words: "tshark -z nlb,report[,markdown][,filter]", and in
 * Wireshark Tools > NLB > Report, a window of text that can be copied.
 */
#include "nlb_plugin.h"

#include <stdio.h>
#include <stdlib.h>

#include <epan/funnel.h>
#include <epan/stat_tap_ui.h>
#include <epan/tap.h>

#define REPORT "nlb,report"
#define MARKDOWN "markdown"

/* One "-z" on the command line, or one window. */
typedef struct report {
    nlb_diagnosis *diagnosis;
    nlb_markup markup;
    funnel_text_window_t *window; /* NULL: print it */
} report;

/* ---- counting ---- */

static void
reset_report(void *tapdata)
{
    nlb_diagnosis_clear(((report *)tapdata)->diagnosis);
}

static tap_packet_status
count_record(void *tapdata, packet_info *pinfo _U_, epan_dissect_t *edt _U_, const void *data,
             tap_flags_t flags _U_)
{
    const nlb_status status = nlb_diagnosis_add(
        ((report *)tapdata)->diagnosis, nlb_capture_current(), (const nlb_report *)data);

    return status == NLB_OK ? TAP_PACKET_REDRAW : TAP_PACKET_DONT_REDRAW;
}

static void
draw_report(void *tapdata)
{
    const report *to = (const report *)tapdata;
    const char *text = nlb_diagnosis_text(to->diagnosis, to->markup);

    if (to->window != NULL)
        funnel_get_funnel_ops()->set_text(to->window, text);
    else
        printf("\n%s", text);
}

static void
free_report(void *tapdata)
{
    report *gone = (report *)tapdata;

    nlb_diagnosis_free(gone->diagnosis);
    g_free(gone);
}

/* NULL, with a word on standard error, when the filter does not compile. */
static report *
begin_report(nlb_markup markup, const char *filter, funnel_text_window_t *window)
{
    report *begun = g_new0(report, 1);
    GString *error;

    begun->diagnosis = nlb_diagnosis_new();
    begun->markup = markup;
    begun->window = window;
    error = register_tap_listener(NLB_TAP, begun, filter, TL_REQUIRES_NOTHING, reset_report,
                                  count_record, draw_report, free_report);
    if (error == NULL)
        return begun;
    fprintf(stderr, "tshark: Couldn't register " REPORT " tap: %s\n", error->str);
    g_string_free(error, TRUE);
    free_report(begun);
    return NULL;
}

/* ---- the command line ---- */

/* The word "markdown", if it stands before the filter. */
static nlb_markup
take_markup(const char **rest)
{
    const size_t length = strlen(MARKDOWN);

    if (*rest == NULL || strncmp(*rest, MARKDOWN, length) != 0)
        return NLB_PLAIN;
    if ((*rest)[length] == '\0')
        *rest = NULL;
    else if ((*rest)[length] == ',')
        *rest += length + 1;
    else
        return NLB_PLAIN;
    return NLB_MARKDOWN;
}

static ws_stat_result
start_report(const char *argument, void *userdata _U_)
{
    const char *filter;
    nlb_markup markup;

    if (!nlb_stats_text_read(argument, REPORT, &filter))
        WS_STAT_FAIL();
    markup = take_markup(&filter);
    if (begin_report(markup, filter, NULL) == NULL)
        WS_STAT_FAIL();
    WS_STAT_SUCCEED();
}

/* ---- the window ---- */

static ws_bool
copy_text(funnel_text_window_t *window, void *data _U_)
{
    const funnel_ops_t *ops = funnel_get_funnel_ops();
    GString *text = g_string_new(ops->get_text(window));

    ops->copy_to_clipboard(text);
    g_string_free(text, TRUE);
    return TRUE;
}

static ws_bool
show_broken(funnel_text_window_t *window _U_, void *data _U_)
{
    const funnel_ops_t *ops = funnel_get_funnel_ops();

    ops->set_filter(ops->ops_id, nlb_broken_filter());
    ops->apply_filter(ops->ops_id);
    return TRUE;
}

static void
add_button(funnel_text_window_t *window, funnel_bt_cb_t clicked, const char *label)
{
    funnel_bt_t *button = g_new0(funnel_bt_t, 1);

    button->tw = window;
    button->func = clicked;
    button->free_fcn = g_free;
    button->free_data_fcn = g_free;
    funnel_get_funnel_ops()->add_button(window, button, label);
}

static void
close_window(void *data)
{
    remove_tap_listener(data);
}

/* Left to itself Wireshark would draw three seconds later, and until then the window would say that
 * nothing was looked at. */
static void
open_window(void *data _U_)
{
    const funnel_ops_t *ops = funnel_get_funnel_ops();
    funnel_text_window_t *window = ops->new_text_window(ops->ops_id, "NLB Report");
    report *shown;

    add_button(window, show_broken, "Show what is broken");
    add_button(window, copy_text, "Copy");
    shown = begin_report(NLB_PLAIN, NULL, window);
    if (shown == NULL)
        return;
    ops->set_close_cb(window, close_window, shown);
    ops->retap_packets(ops->ops_id);
    draw_report(shown);
}

/* ---- registration ---- */

void
nlb_report_register(void)
{
    stat_tap_ui ui = {.group = REGISTER_PACKET_STAT_GROUP_UNSORTED,
                      .cli_string = REPORT,
                      .tap_init_cb = start_report};

    if (nlb_stats_text_wanted())
        register_stat_tap_ui(&ui, NULL);
    else
        funnel_register_menu("NLB/Report", REGISTER_TOOLS_GROUP_UNSORTED, open_window, NULL, NULL,
                             FALSE);
}
