// SPDX-License-Identifier: GPL-2.0-or-later
//
// A second front end, without Wireshark: reads pcap and pcapng through libpcap, feeds the core, and
// prints findings and tables. For trying the core, its tests and its measurements; no product.
//
//     nlb_read [--json] FILE       text, or one JSON object a line
//
// What is inside tunnels is not looked into, and libpcap does not
// tell from which interface of a pcapng file a packet comes.
#include <pcap/pcap.h>

#include <cinttypes>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include "nlb.h"

namespace {

// With \, quotes and control characters as JSON wants them.
std::string Quoted(const char* text) {
  std::string out = "\"";
  for (; *text; ++text) {
    if (*text == '"' || *text == '\\') out += '\\';
    char escape[8] = {*text};
    if (static_cast<unsigned char>(*text) < 0x20) {
      std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(*text));
    }
    out += escape;
  }
  return out + '"';
}

void PrintFindings(const nlb_view& view, uint32_t number, bool json) {
  for (size_t i = 0; i < view.hit_count; ++i) {
    const nlb_finding_desc& finding = *nlb_finding(view.hits[i].finding);
    const char* severity = nlb_severity_name(finding.severity);
    const std::string text = json ? Quoted(view.hits[i].text) : view.hits[i].text;
    std::printf(json ? "{\"frame\": %" PRIu32
                       ", \"severity\": \"%s\", \"finding\": \"%s\", "
                       "\"text\": %s}\n"
                     : "%" PRIu32 "\t%s\t%s\t%s\n",
                number, severity, finding.filter, text.c_str());
  }
}

std::string TextOf(const nlb_cell& cell, nlb_cell_kind kind, bool json) {
  if (kind == NLB_CELL_TEXT) return json ? Quoted(cell.text) : cell.text;
  if (kind == NLB_CELL_FLOAT) return std::to_string(cell.real);
  return std::to_string(cell.number);
}

void PrintTable(nlb_table table, nlb_summary* summary, bool json) {
  if (!json) std::printf("\n%s\n", nlb_table_title(table));
  for (size_t row = 0; row < nlb_summary_row_count(summary); ++row) {
    std::string line = json ? std::string("{\"table\": \"") + nlb_table_name(table) + '"' : "";
    for (size_t i = 0; i < nlb_table_column_count(table); ++i) {
      const nlb_column_desc& column = *nlb_table_column(table, i);
      const std::string text = TextOf(nlb_summary_cell(summary, row, i), column.kind, json);
      line += json ? ", " + Quoted(column.title) + ": " + text : (i > 0 ? "\t" : "") + text;
    }
    std::printf("%s\n", (line + (json ? "}" : "")).c_str());
  }
}

nlb_link LinkOf(int link) {
  if (link == DLT_EN10MB) return NLB_LINK_ETHERNET;
  if (link == DLT_LINUX_SLL) return NLB_LINK_COOKED;
  return link == DLT_LINUX_SLL2 ? NLB_LINK_COOKED2 : NLB_LINK_OTHER;
}

nlb_frame FrameOf(const pcap_pkthdr& head, const u_char* bytes, uint32_t number, nlb_link link) {
  nlb_frame frame{};
  frame.record = number;  // any identity will do
  frame.number = number;
  frame.captured_len = head.caplen;
  frame.wire_len = head.len > head.caplen ? head.len : head.caplen;
  // Opened with nanoseconds: the part called microseconds holds them.
  frame.time_ns = int64_t{head.ts.tv_sec} * 1'000'000'000 + head.ts.tv_usec;
  frame.bytes = bytes;
  frame.link = link;
  return frame;
}

void Read(pcap_t* in, bool json) {
  nlb_capture* capture = nlb_capture_new(nullptr);
  nlb_report* report = nlb_report_new();
  std::vector<nlb_summary*> tables(NLB_TABLE_COUNT);
  for (size_t i = 0; i < tables.size(); ++i) tables[i] = nlb_summary_new(static_cast<nlb_table>(i));
  pcap_pkthdr* head = nullptr;
  const u_char* bytes = nullptr;
  for (uint32_t number = 1; pcap_next_ex(in, &head, &bytes) == 1; ++number) {
    const nlb_frame frame = FrameOf(*head, bytes, number, LinkOf(pcap_datalink(in)));
    nlb_capture_feed(capture, &frame);
    nlb_capture_report(capture, &frame, 1, NLB_DETAIL_FULL, report);
    PrintFindings(nlb_report_view(report), number, json);
    for (nlb_summary* table : tables) nlb_summary_add(table, capture, report);
  }
  for (size_t i = 0; i < tables.size(); ++i) {
    PrintTable(static_cast<nlb_table>(i), tables[i], json);
    nlb_summary_free(tables[i]);
  }
  nlb_report_free(report);
  nlb_capture_free(capture);
}

}  // namespace

int main(int argc, char** argv) {
  const bool json = argc == 3 && std::strcmp(argv[1], "--json") == 0;
  if (argc != (json ? 3 : 2)) return std::fprintf(stderr, "nlb_read [--json] FILE\n"), 2;
  char error[PCAP_ERRBUF_SIZE];
  pcap_t* in =
      pcap_open_offline_with_tstamp_precision(argv[argc - 1], PCAP_TSTAMP_PRECISION_NANO, error);
  if (!in) return std::fprintf(stderr, "%s\n", error), 1;
  Read(in, json);
  pcap_close(in);
}
