/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The C face as a C program sees it: what nlb.h promises about NULL, order, lifetime and handles.
 * What happens when memory runs out is told in tests/wall.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nlb.h"

static int failures = 0;

static void check(int holds, const char *what, int line) {
  if (holds) return;
  fprintf(stderr, "%s:%d: %s\n", __FILE__, line, what);
  ++failures;
}
#define CHECK(condition) check((condition), #condition, __LINE__)
#define CHECK_TEXT(actual, expected) check(strcmp((actual), (expected)) == 0, (actual), __LINE__)

/* ---- frames --------------------------------------------------------------------------------- */

enum { UDP_SIZE = 14 + 20 + 8 + 4, HEARTBEAT_SIZE = 1496 };

/* A UDP packet from 10.0.0.1 to the cluster 192.168.2.10, to its unicast MAC. */
static const unsigned char udp[UDP_SIZE] = {0x02, 0xbf, 192,  168, 2, 10, /* destination */
                                            0x00, 0x15, 0x5d, 0,   0, 1,  /* source */
                                            0x08, 0x00,                   /* IPv4 */
                                            0x45, 0,    0,    32,  0, 1,   0,   0, 64,  17,  0,
                                            0,    10,   0,    0,   1, 192, 168, 2, 10, /* header */
                                            0x03, 0xe8, 0,    80,  0, 12,  0,   0, 'd', 'a', 't',
                                            'a'};

/* The same packet sent again by another station, its TTL one less. */
static void make_copy(unsigned char *copy) {
  memcpy(copy, udp, UDP_SIZE);
  copy[11] = 9;
  copy[14 + 8] = 63;
}

static void make_heartbeat(unsigned char *payload) {
  static const unsigned char head[20] = {0xbf, 0x01, 0xde, 0xc0, 6, 2,  0,   0,   1, 0,
                                         0,    0,    192,  168,  2, 10, 192, 168, 2, 30};
  memset(payload, 0, HEARTBEAT_SIZE);
  memcpy(payload, head, sizeof head);
  payload[26] = 1; /* the default rule */
}

static nlb_frame frame_of(uint32_t number, const unsigned char *bytes, uint32_t size) {
  nlb_frame frame;
  memset(&frame, 0, sizeof frame);
  frame.record = number * 1000u;
  frame.number = number;
  frame.captured_len = frame.wire_len = size;
  frame.time_ns = (int64_t)number * 1000000;
  frame.bytes = bytes;
  return frame;
}

static int has_hit(const nlb_view *view, const char *filter) {
  size_t i;
  for (i = 0; i < view->hit_count; ++i) {
    if (strcmp(nlb_finding(view->hits[i].finding)->filter, filter) == 0) return 1;
  }
  return 0;
}

/* ---- describe ------------------------------------------------------------------------------- */

static void tables_end_where_they_end(void) {
  CHECK(nlb_field_count() > 50);
  CHECK(nlb_field(nlb_field_count() - 1) != NULL);
  CHECK(nlb_field(nlb_field_count()) == NULL);
  CHECK(nlb_field((size_t)-1) == NULL);
  CHECK(nlb_finding(nlb_finding_count() - 1) != NULL);
  CHECK(nlb_finding(nlb_finding_count()) == NULL);
  CHECK(nlb_finding((size_t)-1) == NULL);
  CHECK(nlb_setting_count() == NLB_SETTING_COUNT);
  CHECK(nlb_setting(NLB_SETTING_COUNT) == NULL);
  CHECK(nlb_setting((size_t)-1) == NULL);
  CHECK_TEXT(nlb_setting(NLB_SETTING_COPY_WINDOW)->name, "copy_window");
  CHECK_TEXT(nlb_severity_name(NLB_WARN), "Warning");
  CHECK(nlb_table_column(NLB_TABLE_LOAD, nlb_table_column_count(NLB_TABLE_LOAD)) == NULL);
  CHECK(nlb_table_column_count(NLB_TABLE_COUNT) == 0);
  CHECK_TEXT(nlb_table_name(NLB_TABLE_COUNT), "");
}

static void versions_are_cut_to_the_buffer(void) {
  char text[8] = "xxxxxxx";
  nlb_show_version(0x206, text, sizeof text);
  CHECK_TEXT(text, "2.6");
  nlb_show_version(0xFFFFFFFF, text, sizeof text);
  CHECK_TEXT(text, "255.255");
  nlb_show_version(0xFFFFFFFF, text, 4);
  CHECK_TEXT(text, "255");
  nlb_show_version(0x206, text, 1);
  CHECK_TEXT(text, "");
  text[0] = 'x';
  nlb_show_version(0x206, text, 0);
  CHECK(text[0] == 'x');
  nlb_show_version(0x206, NULL, 8);
}

static void examples_are_cut_to_the_buffer(void) {
  char whole[200] = "", text[8] = "xxxxxxx";
  nlb_command_example(0, whole, sizeof whole);
  CHECK(strlen(whole) > 8);
  nlb_command_example(0, text, sizeof text);
  CHECK(strncmp(text, whole, 7) == 0 && text[7] == '\0');
  nlb_command_example(0, text, 1);
  CHECK_TEXT(text, "");
  text[0] = 'x';
  nlb_command_example(0, text, 0);
  CHECK(text[0] == 'x');
  nlb_command_example(nlb_command_count(), text, sizeof text);
  CHECK_TEXT(text, "");
  nlb_command_example(0, NULL, 8);
}

static void defaults_are_those_of_the_table(void) {
  nlb_config config;
  size_t i;
  memset(&config, 0xFF, sizeof config);
  nlb_config_defaults(&config);
  for (i = 0; i < NLB_SETTING_COUNT; ++i) CHECK(config.value[i] == nlb_setting(i)->default_value);
  CHECK(config.clusters == NULL && config.cluster_count == 0);
  CHECK(config.routers == NULL && config.router_count == 0);
  nlb_config_defaults(NULL);
}

/* ---- NULL ----------------------------------------------------------------------------------- */

static void null_is_refused_and_changes_nothing(void) {
  nlb_capture *capture = nlb_capture_new(NULL);
  nlb_report *report = nlb_report_new();
  nlb_summary *summary = nlb_summary_new(NLB_TABLE_CLUSTERS);
  nlb_timeline *timeline = nlb_timeline_new();
  nlb_diagnosis *diagnosis = nlb_diagnosis_new();
  nlb_flow *flow = nlb_flow_new();
  nlb_belonging belonging;
  char text[NLB_CONVERSATION_SIZE] = "x";
  const nlb_frame frame = frame_of(1, udp, UDP_SIZE);
  unsigned char payload[HEARTBEAT_SIZE];
  nlb_view view;
  size_t first = 7, end = 7;
  CHECK(capture != NULL && report != NULL && summary != NULL && timeline != NULL);

  CHECK(nlb_capture_feed(NULL, &frame) == NLB_ERR_ARGUMENT);
  CHECK(nlb_capture_feed(capture, NULL) == NLB_ERR_ARGUMENT);

  CHECK(nlb_capture_report(NULL, &frame, 1, NLB_DETAIL_FULL, report) == NLB_ERR_ARGUMENT);
  CHECK(nlb_capture_report(capture, NULL, 1, NLB_DETAIL_FULL, report) == NLB_ERR_ARGUMENT);
  CHECK(nlb_capture_report(capture, &frame, 1, NLB_DETAIL_FULL, NULL) == NLB_ERR_ARGUMENT);
  CHECK(nlb_capture_report(capture, NULL, 0, NLB_DETAIL_FULL, report) == NLB_OK);
  CHECK(nlb_capture_is_reportable(NULL, 1) == 0);
  CHECK(nlb_capture_has_finding(NULL, 1) == 0);

  CHECK(nlb_capture_link_heartbeat(NULL, &frame, report) == NLB_ERR_ARGUMENT);
  CHECK(nlb_capture_link_heartbeat(capture, NULL, report) == NLB_ERR_ARGUMENT);
  CHECK(nlb_capture_link_heartbeat(capture, &frame, NULL) == NLB_ERR_ARGUMENT);

  make_heartbeat(payload);
  CHECK(!nlb_is_heartbeat(NULL, 100));
  CHECK(nlb_decode(NULL, 100, 100, NULL, NLB_DETAIL_FULL, report) == NLB_ERR_ARGUMENT);
  CHECK(nlb_decode(payload, sizeof payload, sizeof payload, NULL, NLB_DETAIL_FULL, NULL) ==
        NLB_ERR_ARGUMENT);
  CHECK(nlb_decode(payload, sizeof payload, sizeof payload, NULL, NLB_DETAIL_FULL, report) ==
        NLB_OK);

  view = nlb_report_view(NULL);
  CHECK(view.item_count == 0 && view.hit_count == 0);
  CHECK_TEXT(view.summary, "");

  CHECK(nlb_summary_add(NULL, capture, report) == NLB_ERR_ARGUMENT);
  CHECK(nlb_summary_add(summary, NULL, report) == NLB_ERR_ARGUMENT);
  CHECK(nlb_summary_add(summary, capture, NULL) == NLB_ERR_ARGUMENT);
  CHECK(nlb_summary_add(summary, capture, report) == NLB_OK);
  CHECK(nlb_summary_row_count(NULL) == 0);
  CHECK_TEXT(nlb_summary_cell(NULL, 0, 0).text, "");
  CHECK(nlb_summary_cell(NULL, 0, 0).number == 0);
  nlb_summary_changes(NULL, &first, &end);
  CHECK(first == 0 && end == 0);
  nlb_summary_changes(summary, NULL, &end);
  nlb_summary_changes(summary, &first, NULL);
  nlb_summary_clear(NULL);

  CHECK(nlb_summary_looked_at(NULL) == 0);

  CHECK(nlb_diagnosis_add(NULL, capture, report) == NLB_ERR_ARGUMENT);
  CHECK(nlb_diagnosis_add(diagnosis, NULL, report) == NLB_ERR_ARGUMENT);
  CHECK(nlb_diagnosis_add(diagnosis, capture, NULL) == NLB_ERR_ARGUMENT);
  CHECK(nlb_diagnosis_add(diagnosis, capture, report) == NLB_OK);
  CHECK_TEXT(nlb_diagnosis_text(NULL, NLB_PLAIN), "");
  nlb_diagnosis_clear(NULL);
  nlb_diagnosis_free(NULL);
  nlb_diagnosis_free(diagnosis);

  CHECK(nlb_timeline_add(NULL, capture, report, 0) == NLB_ERR_ARGUMENT);
  CHECK(nlb_timeline_add(timeline, NULL, report, 0) == NLB_ERR_ARGUMENT);
  CHECK(nlb_timeline_add(timeline, capture, NULL, 0) == NLB_ERR_ARGUMENT);
  CHECK(nlb_timeline_add(timeline, capture, report, 0) == NLB_OK);
  CHECK(nlb_timeline_count(NULL) == 0 && nlb_timeline_count(timeline) == 0);
  CHECK_TEXT(nlb_timeline_moment(NULL, 0).line, "");
  CHECK_TEXT(nlb_timeline_moment(timeline, 0).line, "");

  CHECK(nlb_flow_add(NULL, capture, report) == NLB_ERR_ARGUMENT);
  CHECK(nlb_flow_add(flow, NULL, report) == NLB_ERR_ARGUMENT);
  CHECK(nlb_flow_add(flow, capture, NULL) == NLB_ERR_ARGUMENT);
  CHECK(nlb_flow_add(flow, capture, report) == NLB_OK);
  CHECK(nlb_flow_count(NULL) == 0 && nlb_flow_count(flow) == 0);
  CHECK_TEXT(nlb_flow_arrow(NULL, 0).label, "");
  CHECK(nlb_flow_arrow(NULL, 0).from_port == 0 && nlb_flow_arrow(NULL, 0).to_port == 0);
  CHECK_TEXT(nlb_flow_arrow(flow, 0).label, "");
  nlb_flow_clear(NULL);
  nlb_flow_free(NULL);
  nlb_flow_free(flow);

  CHECK(nlb_capture_feed(capture, &frame) == NLB_REPORTABLE);
  CHECK(nlb_capture_report(capture, &frame, 1, NLB_DETAIL_FULL, report) == NLB_OK);
  belonging = nlb_capture_belonging(NULL, report);
  CHECK(belonging.cluster.version == 0 && !belonging.is_forwarded);
  belonging = nlb_capture_belonging(capture, NULL);
  CHECK(belonging.cluster.version == 0 && !belonging.is_forwarded);
  CHECK(nlb_conversation_filter(NULL, NLB_CONVERSATION_CLUSTER, text, sizeof text) == 0);
  CHECK_TEXT(text, "");
  CHECK(nlb_conversation_filter(&belonging, NLB_CONVERSATION_HOST, NULL, 8) == 0);
  CHECK(nlb_conversation_filter(&belonging, NLB_CONVERSATION_COUNT, text, 0) == 0);
  CHECK_TEXT(nlb_conversation_title(NLB_CONVERSATION_HOST), "NLB host");
  CHECK_TEXT(nlb_conversation_title(NLB_CONVERSATION_COUNT), "");

  nlb_timeline_free(timeline);
  nlb_timeline_free(NULL);
  nlb_summary_free(summary);
  nlb_report_free(report);
  nlb_capture_free(capture);
  nlb_summary_free(NULL);
  nlb_report_free(NULL);
  nlb_capture_free(NULL);
}

static void tables_of_the_user_may_be_missing(void) {
  nlb_config config;
  nlb_capture *capture;
  nlb_config_defaults(&config);
  config.cluster_count = config.router_count = 3; /* and NULL: as if there were none */
  capture = nlb_capture_new(&config);
  CHECK(capture != NULL);
  nlb_capture_free(capture);
}

static void impossible_lengths_are_refused(void) {
  nlb_capture *capture = nlb_capture_new(NULL);
  nlb_report *report = nlb_report_new();
  nlb_frame longer = frame_of(1, udp, UDP_SIZE), nowhere = longer, empty = longer;
  longer.wire_len = UDP_SIZE - 1;
  nowhere.bytes = NULL;
  empty.bytes = NULL;
  empty.captured_len = 0;
  CHECK(nlb_capture_feed(capture, &longer) == NLB_ERR_ARGUMENT);
  CHECK(nlb_capture_feed(capture, &nowhere) == NLB_ERR_ARGUMENT);
  CHECK(nlb_capture_report(capture, &longer, 1, NLB_DETAIL_FULL, report) == NLB_ERR_ARGUMENT);
  CHECK(nlb_capture_report(capture, &nowhere, 1, NLB_DETAIL_FULL, report) == NLB_ERR_ARGUMENT);
  CHECK(nlb_capture_feed(capture, &empty) == NLB_OK);
  CHECK(nlb_capture_report(capture, &empty, 1, NLB_DETAIL_FULL, report) == NLB_OK);
  nlb_report_free(report);
  nlb_capture_free(capture);
}

/* ---- order and lifetime --------------------------------------------------------------------- */

static void most_frames_have_nothing_to_report(void) {
  nlb_capture *capture = nlb_capture_new(NULL);
  unsigned char ordinary[UDP_SIZE];
  nlb_frame frame;
  memcpy(ordinary, udp, UDP_SIZE);
  ordinary[0] = ordinary[1] = 0;
  frame = frame_of(1, ordinary, UDP_SIZE);
  CHECK(nlb_capture_is_reportable(capture, 1) == 0);
  CHECK(nlb_capture_feed(capture, &frame) == NLB_OK);
  CHECK(nlb_capture_is_reportable(capture, 1) == 0);
  nlb_capture_free(capture);
}

static void a_frame_is_taken_once(void) {
  nlb_capture *capture = nlb_capture_new(NULL);
  nlb_report *report = nlb_report_new();
  const nlb_frame frame = frame_of(1, udp, UDP_SIZE);
  nlb_view view;
  int i;
  for (i = 0; i < 3; ++i) CHECK(nlb_capture_feed(capture, &frame) == NLB_REPORTABLE);
  CHECK(nlb_capture_report(capture, &frame, 1, NLB_DETAIL_FULL, report) == NLB_OK);
  view = nlb_report_view(report);
  CHECK(view.hit_count == 0);                        /* not a copy of itself */
  CHECK(nlb_capture_is_reportable(capture, 1) != 0); /* it went to a cluster MAC */
  CHECK(nlb_capture_is_reportable(capture, 2) == 0);
  nlb_report_free(report);
  nlb_capture_free(capture);
}

static void a_report_may_come_before_its_frame(void) {
  nlb_capture *capture = nlb_capture_new(NULL);
  nlb_report *report = nlb_report_new();
  unsigned char copy[UDP_SIZE];
  nlb_frame frames[2];
  nlb_view view;
  make_copy(copy);
  frames[0] = frame_of(1, udp, UDP_SIZE);
  frames[1] = frame_of(2, copy, UDP_SIZE);
  CHECK(nlb_capture_report(capture, &frames[1], 1, NLB_DETAIL_FULL, report) == NLB_OK);
  view = nlb_report_view(report);
  CHECK(view.hit_count == 0);
  CHECK(nlb_capture_feed(capture, &frames[0]) == NLB_REPORTABLE);
  CHECK(nlb_capture_feed(capture, &frames[1]) == NLB_REPORTABLE);
  CHECK(nlb_capture_report(capture, &frames[1], 1, NLB_DETAIL_FULL, report) == NLB_OK);
  view = nlb_report_view(report);
  CHECK(has_hit(&view, "nlb.analysis.foreign_router"));
  nlb_report_free(report);
  nlb_capture_free(capture);
}

static void two_handles_do_not_touch_each_other(void) {
  nlb_capture *one = nlb_capture_new(NULL), *two = nlb_capture_new(NULL);
  nlb_report *report = nlb_report_new();
  unsigned char copy[UDP_SIZE];
  nlb_frame frames[2];
  nlb_view view;
  make_copy(copy);
  frames[0] = frame_of(1, udp, UDP_SIZE);
  frames[1] = frame_of(2, copy, UDP_SIZE);
  CHECK(nlb_capture_feed(one, &frames[0]) == NLB_REPORTABLE);
  CHECK(nlb_capture_feed(two, &frames[1]) == NLB_REPORTABLE);
  CHECK(nlb_capture_report(two, &frames[1], 1, NLB_DETAIL_FULL, report) == NLB_OK);
  view = nlb_report_view(report);
  CHECK(!has_hit(&view, "nlb.analysis.foreign_router"));
  nlb_capture_free(two);
  CHECK(nlb_capture_feed(one, &frames[1]) == NLB_REPORTABLE);
  CHECK(nlb_capture_report(one, &frames[1], 1, NLB_DETAIL_FULL, report) == NLB_OK);
  view = nlb_report_view(report);
  CHECK(has_hit(&view, "nlb.analysis.foreign_router"));
  nlb_report_free(report);
  nlb_capture_free(one);
}

static void a_view_lasts_until_its_report_is_filled_again(void) {
  nlb_capture *capture = nlb_capture_new(NULL);
  nlb_report *report = nlb_report_new(), *other = nlb_report_new();
  unsigned char copy[UDP_SIZE], payload[HEARTBEAT_SIZE];
  nlb_frame frames[2];
  nlb_view view;
  char sentence[200], summary[200];
  make_copy(copy);
  make_heartbeat(payload);
  frames[0] = frame_of(1, udp, UDP_SIZE);
  frames[1] = frame_of(2, copy, UDP_SIZE);
  nlb_capture_feed(capture, &frames[0]);
  nlb_capture_feed(capture, &frames[1]);
  nlb_capture_report(capture, &frames[1], 1, NLB_DETAIL_FULL, report);
  view = nlb_report_view(report);
  CHECK(view.hit_count > 0);
  snprintf(sentence, sizeof sentence, "%s", view.hits[0].text);
  snprintf(summary, sizeof summary, "%s", view.summary);
  /* Other reports, other questions and the end of the capture leave it alone. */
  nlb_decode(payload, sizeof payload, sizeof payload, NULL, NLB_DETAIL_FULL, other);
  nlb_capture_report(capture, &frames[0], 1, NLB_DETAIL_FULL, other);
  nlb_report_free(other);
  memset(copy, 0, sizeof copy);
  nlb_capture_free(capture);
  CHECK_TEXT(view.hits[0].text, sentence);
  CHECK_TEXT(view.summary, summary);
  /* A call that fails leaves an empty report, not an old one. */
  CHECK(nlb_capture_report(NULL, &frames[0], 1, NLB_DETAIL_FULL, report) == NLB_ERR_ARGUMENT);
  view = nlb_report_view(report);
  CHECK(view.hit_count == 0 && view.item_count == 0);
  CHECK_TEXT(view.summary, "");
  nlb_report_free(report);
}

static void the_config_is_copied(void) {
  char name[] = "edge";
  nlb_router_entry router = {{0x00, 0x15, 0x5d, 0, 0, 9}, NULL};
  nlb_config config;
  nlb_capture *capture;
  nlb_report *report = nlb_report_new();
  unsigned char copy[UDP_SIZE];
  nlb_frame frames[2];
  nlb_view view;
  router.name = name;
  nlb_config_defaults(&config);
  config.routers = &router;
  config.router_count = 1;
  capture = nlb_capture_new(&config);
  memset(name, 'x', sizeof name - 1);
  memset(&router, 0, sizeof router);
  memset(&config, 0, sizeof config);
  make_copy(copy);
  frames[0] = frame_of(1, udp, UDP_SIZE);
  frames[1] = frame_of(2, copy, UDP_SIZE);
  nlb_capture_feed(capture, &frames[0]);
  nlb_capture_feed(capture, &frames[1]);
  nlb_capture_report(capture, &frames[1], 1, NLB_DETAIL_FULL, report);
  view = nlb_report_view(report);
  CHECK(has_hit(&view, "nlb.analysis.routed_copy"));
  CHECK(view.hit_count > 0 && strstr(view.hits[0].text, "(edge)") != NULL);
  nlb_report_free(report);
  nlb_capture_free(capture);
}

/* ---- belonging and flow --------------------------------------------------------------------- */

static void filters_are_cut_to_the_buffer(void) {
  static const char filter[] = "nlb.analysis.cluster_ip == 192.168.2.10";
  char text[NLB_CONVERSATION_SIZE] = "x";
  nlb_belonging belonging;
  memset(&belonging, 0, sizeof belonging);
  CHECK(nlb_conversation_filter(&belonging, NLB_CONVERSATION_CLUSTER, text, 1) == 0);
  CHECK_TEXT(text, "");
  belonging.cluster.version = 4;
  memcpy(belonging.cluster.bytes, udp + 2, 4);
  CHECK(nlb_conversation_filter(&belonging, NLB_CONVERSATION_CLUSTER, text, sizeof text) ==
        strlen(filter));
  CHECK_TEXT(text, filter);
  CHECK(nlb_conversation_filter(&belonging, NLB_CONVERSATION_CLUSTER, text, 4) == strlen(filter));
  CHECK_TEXT(text, "nlb");
  text[0] = 'x';
  CHECK(nlb_conversation_filter(NULL, NLB_CONVERSATION_CLUSTER, text, 1) == 0);
  CHECK_TEXT(text, "");
  text[0] = 'x';
  CHECK(nlb_conversation_filter(&belonging, NLB_CONVERSATION_CLUSTER, text, 0) == strlen(filter));
  CHECK(text[0] == 'x');
  CHECK(nlb_conversation_filter(&belonging, NLB_CONVERSATION_CLUSTER, NULL, 4) == strlen(filter));
}

static void a_flow_begins_again(void) {
  nlb_capture *capture = nlb_capture_new(NULL);
  nlb_report *report = nlb_report_new();
  nlb_flow *flow = nlb_flow_new();
  unsigned char copy[UDP_SIZE];
  nlb_frame frames[2];
  int i;
  make_copy(copy);
  frames[0] = frame_of(1, udp, UDP_SIZE);
  frames[1] = frame_of(2, copy, UDP_SIZE);
  for (i = 0; i < 2; ++i) nlb_capture_feed(capture, &frames[i]);
  for (i = 0; i < 2; ++i) {
    nlb_capture_report(capture, &frames[i], 1, NLB_DETAIL_FULL, report);
    CHECK(nlb_flow_add(flow, capture, report) == NLB_OK);
  }
  CHECK(nlb_flow_count(flow) > 0);
  nlb_flow_clear(flow);
  CHECK(nlb_flow_count(flow) == 0);
  CHECK_TEXT(nlb_flow_arrow(flow, 0).label, "");
  nlb_flow_free(flow);
  nlb_report_free(report);
  nlb_capture_free(capture);
}

/* ---- decode --------------------------------------------------------------------------------- */

static void a_heartbeat_is_decoded_without_a_capture(void) {
  nlb_report *report = nlb_report_new();
  static const unsigned char broadcast[6] = {255, 255, 255, 255, 255, 255};
  unsigned char payload[HEARTBEAT_SIZE];
  nlb_view view;
  size_t i;
  make_heartbeat(payload);
  CHECK(nlb_is_heartbeat(payload, 4));
  CHECK(!nlb_is_heartbeat(payload, 3));
  CHECK(nlb_decode(payload, sizeof payload, sizeof payload, broadcast, NLB_DETAIL_FULL, report) ==
        NLB_OK);
  view = nlb_report_view(report);
  CHECK_TEXT(view.summary,
             "Heartbeat host 1 (192.168.2.30) of cluster 192.168.2.10, state 0, 1 rule");
  CHECK(view.hit_count == 0);
  for (i = 0; i < view.item_count; ++i) {
    CHECK(nlb_field(view.items[i].field) != NULL);
    CHECK(view.items[i].offset + view.items[i].length <= sizeof payload);
  }
  CHECK(nlb_decode(payload, sizeof payload, sizeof payload, NULL, NLB_DETAIL_SUMMARY, report) ==
        NLB_OK);
  view = nlb_report_view(report);
  CHECK(view.item_count == 0);
  payload[0] ^= 1;
  CHECK(nlb_decode(payload, sizeof payload, sizeof payload, NULL, NLB_DETAIL_FULL, report) ==
        NLB_ERR_ARGUMENT);
  view = nlb_report_view(report);
  CHECK_TEXT(view.summary, "");
  nlb_report_free(report);
}

static void a_heartbeat_is_decoded_as_far_as_it_was_captured(void) {
  enum { KEPT = 82 };
  nlb_report *report = nlb_report_new();
  unsigned char payload[HEARTBEAT_SIZE];
  nlb_view view;
  size_t i;
  int cut = 0;
  make_heartbeat(payload);
  CHECK(nlb_decode(payload, 3, sizeof payload, NULL, NLB_DETAIL_FULL, report) == NLB_ERR_ARGUMENT);
  CHECK(nlb_decode(payload, KEPT, sizeof payload, NULL, NLB_DETAIL_FULL, report) == NLB_OK);
  view = nlb_report_view(report);
  CHECK(view.item_count > 0);
  for (i = 0; i < view.item_count; ++i) {
    CHECK(view.items[i].offset + view.items[i].length <= KEPT);
    if (strcmp(nlb_field(view.items[i].field)->filter, "nlb.truncated") != 0) continue;
    CHECK_TEXT(view.items[i].text, "Cut by the capture: 82 of 1496 bytes were kept");
    cut = 1;
  }
  CHECK(cut);
  nlb_report_free(report);
}

int main(void) {
  tables_end_where_they_end();
  versions_are_cut_to_the_buffer();
  examples_are_cut_to_the_buffer();
  defaults_are_those_of_the_table();
  null_is_refused_and_changes_nothing();
  tables_of_the_user_may_be_missing();
  impossible_lengths_are_refused();
  most_frames_have_nothing_to_report();
  a_frame_is_taken_once();
  a_report_may_come_before_its_frame();
  two_handles_do_not_touch_each_other();
  a_view_lasts_until_its_report_is_filled_again();
  the_config_is_copied();
  filters_are_cut_to_the_buffer();
  a_flow_begins_again();
  a_heartbeat_is_decoded_without_a_capture();
  a_heartbeat_is_decoded_as_far_as_it_was_captured();
  if (failures > 0) fprintf(stderr, "%d checks failed\n", failures);
  return failures > 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
