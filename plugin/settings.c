/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * settings.c - the core's setting table as preferences. A change makes Wireshark dissect the file
 * again, with a new handle of the core.
 */
#include "nlb_plugin.h"

#include <epan/prefs.h>

/* Two arrays, because Wireshark writes through the address of a variable of its own type. */
static ws_bool switches[NLB_SETTING_COUNT];
static guint numbers[NLB_SETTING_COUNT];

uint32_t
nlb_setting_value(size_t setting)
{
    if (nlb_setting(setting)->is_switch)
        return switches[setting] ? 1 : 0;
    return numbers[setting];
}

/* How findings are shown is no business of the core. */
static ws_bool info_prefix = TRUE;

bool
nlb_setting_info_prefix(void)
{
    return info_prefix;
}

/* Wireshark knows no limits: what the user sees afterwards is what the core works with. */
static void
clamp_settings(void)
{
    for (size_t i = 0; i < NLB_SETTING_COUNT; i++)
        numbers[i] = CLAMP(numbers[i], nlb_setting(i)->lowest, nlb_setting(i)->highest);
}

static void
register_switch(module_t *module, size_t i)
{
    const nlb_setting_desc *desc = nlb_setting(i);

    switches[i] = desc->default_value != 0;
    prefs_register_bool_preference(module, desc->name, desc->title, desc->help, &switches[i]);
}

static void
register_number(module_t *module, size_t i)
{
    const nlb_setting_desc *desc = nlb_setting(i);
    /* Kept by Wireshark. */
    const char *help =
        g_strdup_printf("%s. %u to %u%s%s, default %u.", desc->help, desc->lowest, desc->highest,
                        *desc->unit ? " " : "", desc->unit, desc->default_value);

    numbers[i] = desc->default_value;
    prefs_register_uint_preference(module, desc->name, desc->title, help, 10, &numbers[i]);
}

void
nlb_settings_register(void)
{
    module_t *module = prefs_register_protocol(nlb_proto(NLB_SECTION_HEARTBEAT), clamp_settings);

    for (size_t i = 0; i < NLB_SETTING_COUNT; i++) {
        if (nlb_setting(i)->is_switch)
            register_switch(module, i);
        else
            register_number(module, i);
    }
    prefs_register_bool_preference(
        module, "info_prefix", "Show what is broken in the Info column",
        "Put the gravest warning or error of a packet before the text of its Info column",
        &info_prefix);
    nlb_uats_register(module);
}
