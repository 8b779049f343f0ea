/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * nlb_plugin.h - what the files of the plugin know of each other. The plugin moves packets into the
 * core and draws what the core says; it knows no field and no finding by name.
 * Stands first in every file: most of Wireshark's headers need packet.h before them.
 */
#ifndef NLB_PLUGIN_H
#define NLB_PLUGIN_H

#include "ws_compat.h"

#include <epan/expert.h>

#include "nlb.h"

/* ---- register.c: called by the loader ---- */

void proto_register_nlb(void);
void proto_reg_handoff_nlb(void);

/* ---- protocols.c ---- */

void nlb_protocols_register(void);
/* The protocol that owns a section's fields and findings. */
int nlb_proto(nlb_section section);
/* A name below the analysis, switched on and off with it. For it Wireshark does not keep the books
 * of a layer on every packet, which costs more than the rest of a hook that finds nothing. */
int nlb_proto_hook(void);
/* The line of a frame that has links or a place in a cluster, and no finding. */
int nlb_proto_context(void);

/* ---- fields.c: the core's tables as Wireshark's ---- */

void nlb_fields_register(void);
int nlb_hf(const nlb_item *item);
int nlb_ett(const nlb_item *item);
int nlb_ett_section(nlb_section section);
expert_field *nlb_ei(const nlb_hit *hit);

/* ---- settings.c: preferences ---- */

void nlb_settings_register(void);
uint32_t nlb_setting_value(size_t setting);
/* Whether the Info column says what is broken. */
bool nlb_setting_info_prefix(void);

/* ---- uat.c: the user's tables ---- */

struct pref_module;
void nlb_uats_register(struct pref_module *module);
/* The rows are valid until the next call. */
void nlb_uats_fill(nlb_config *config);

/* ---- capture.c: the open file and the record being dissected ---- */

/* Deeper nesting is not seen outside of hostile captures. */
#define NLB_MAX_LAYERS 8

/* The layers of one record, outermost first: Ethernet, or a record of another link. Their bytes
 * live as long as its dissection. */
typedef struct nlb_record {
    nlb_frame layers[NLB_MAX_LAYERS];
    size_t count;
} nlb_record;

void nlb_capture_register(void);
void nlb_capture_handoff(void);
/* NULL when no file is open or memory ran out; the core accepts that. */
const nlb_capture *nlb_capture_current(void);
/* The one result every report is written on and drawn from. */
nlb_report *nlb_capture_result(void);
/* The innermost layer of the current record that carries payload, or NULL. */
const nlb_frame *nlb_capture_layer_of(const packet_info *pinfo, const uint8_t *payload);
/* The record whose dissection has ended; NULL without layers. */
const nlb_record *nlb_capture_finished_record(void);
/* Nanoseconds since the first frame of the file. */
int64_t nlb_capture_since_start(const packet_info *pinfo);

/* ---- the hooks, each in the file of its name ---- */

void nlb_analysis_register(void);
/* Draws and taps what there is to report of the finished record. */
int nlb_analysis_report(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree);
void nlb_dissect_register(void);
void nlb_dissect_handoff(void);

/* ---- draw.c ---- */

/* Items below tree, expert infos of the section on their items or on line. tree and line may be
 * NULL. */
void nlb_draw(const nlb_view *view, nlb_section section, packet_info *pinfo, tvbuff_t *tvb,
              proto_tree *tree, proto_item *line);

/* ---- info.c ---- */

/* Puts the gravest finding before the Info column, when it is a warning or an error. */
void nlb_info_prefix(const nlb_view *view, packet_info *pinfo);

/* ---- the tap and the statistics it feeds; both would answer "-z", so only one is registered ----
 */

/* Queued for every record with an Ethernet layer; the data is the nlb_report filled for it. */
#define NLB_TAP "nlb"

void nlb_stats_register(void);
bool nlb_stats_text_wanted(void);
void nlb_stats_text_register(void);
/* Reads "name" or "name,filter", as it stands behind -z; filter may become NULL. False, with a word
 * to the user, for another name that begins alike. */
bool nlb_stats_text_read(const char *argument, const char *name, const char **filter);

/* ---- report.c: the diagnosis in words ---- */

void nlb_report_register(void);

/* ---- flow.c: Wireshark's flow graph ---- */

void nlb_flow_register(void);

/* ---- conversation.c: Conversation Filter and Colorize Conversation ---- */

void nlb_conversation_register(void);
/* Keeps for the menu what the record of the report belongs to. */
void nlb_conversation_keep(const nlb_report *report, packet_info *pinfo);

/* ---- explain.c: the findings of one packet in words ---- */

void nlb_explain_register(void);

/* ---- timeline.c: the life of the clusters as a tree of Wireshark's ---- */

void nlb_timeline_register(void);

#endif /* NLB_PLUGIN_H */
