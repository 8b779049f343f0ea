// SPDX-License-Identifier: GPL-2.0-or-later
#include "hostile/load.h"

#include <cstdlib>
#include <cstring>
#include <ctime>
#include <memory>

#include "heuristics/registry.h"
#include "hostile/allocation.h"
#include "unit/support/fed.h"
#include "unit/support/heartbeat_encoder.h"

namespace nlb::test {
namespace {

constexpr uint64_t kUsualFrames = 200'000;

// Worked out again at every visit, so nothing is kept for it; what the decoder finds neither.
bool IsDated(size_t finding) {
  return kHeuristics[finding].matches || finding == static_cast<size_t>(Finding("nlb.malformed"));
}

struct Handles {
  explicit Handles(const nlb_config* config) : capture(nlb_capture_new(config)) {}
  ~Handles() {
    for (nlb_summary* table : tables) nlb_summary_free(table);
    nlb_timeline_free(timeline);
    nlb_report_free(report);
    nlb_capture_free(capture);
  }
  Handles(const Handles&) = delete;
  Handles& operator=(const Handles&) = delete;

  nlb_capture* capture;
  nlb_report* report = nlb_report_new();
  std::vector<nlb_summary*> tables;
  nlb_timeline* timeline = nullptr;  // beside the tables
};

double CpuNanoseconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

// By finding, so that counting costs nothing to speak of.
using Counts = std::vector<uint64_t>;

void Take(Handles& handles, const nlb_frame& frame, Counts& counts) {
  if (!IsTaken(nlb_capture_feed(handles.capture, &frame))) std::abort();
  nlb_capture_report(handles.capture, &frame, 1, NLB_DETAIL_FULL, handles.report);
  const nlb_view view = nlb_report_view(handles.report);
  for (size_t i = 0; i < view.hit_count; ++i) ++counts[view.hits[i].finding];
  for (nlb_summary* table : handles.tables) {
    nlb_summary_add(table, handles.capture, handles.report);
  }
  if (handles.timeline) {
    nlb_timeline_add(handles.timeline, handles.capture, handles.report, frame.time_ns);
  }
}

bool IsHeartbeat(const nlb_frame& frame) {
  constexpr size_t kHeader = 14;
  return frame.captured_len > kHeader &&
         nlb_is_heartbeat(frame.bytes + kHeader, frame.captured_len - kHeader);
}

void Count(const Counts& counts, Cost& cost) {
  for (size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] == 0) continue;
    cost.findings[nlb_finding(i)->filter] = counts[i];
    if (!IsDated(i)) cost.stored += counts[i];
  }
}

}  // namespace

Cost Measure(uint64_t frames, const Teller& tell, Tables tables, const nlb_config* config) {
  Cost cost;
  cost.frames = frames;
  Counts counts(nlb_finding_count());
  Sheet sheet;
  const int64_t before = LiveBytes();
  TakePeakBytes();
  Handles handles(config);
  if (tables == Tables::kYes) {
    for (int i = 0; i < NLB_TABLE_COUNT; ++i) {
      handles.tables.push_back(nlb_summary_new(static_cast<nlb_table>(i)));
    }
    handles.timeline = nlb_timeline_new();
  }
  double since = CpuNanoseconds();
  for (uint64_t i = 0; i < frames; ++i) {
    sheet.frame.record = (i + 1) * 100;
    sheet.frame.number = static_cast<uint32_t>(i + 1);
    sheet.frame.time_ns += 1'000'000;
    tell(i, sheet);
    sheet.frame.bytes = sheet.bytes.data();
    sheet.frame.captured_len = static_cast<uint32_t>(sheet.bytes.size());
    sheet.frame.wire_len = std::max(sheet.frame.wire_len, sheet.frame.captured_len);
    Take(handles, sheet.frame, counts);
    cost.heartbeats += IsHeartbeat(sheet.frame);
    if ((i + 1) % (frames / 4) == 0) {
      const double now = CpuNanoseconds();
      const uint64_t quarter = std::min<uint64_t>((i + 1) / (frames / 4), 4) - 1;
      cost.quarter[quarter] = (now - since) / static_cast<double>(frames / 4);
      since = now;
    }
  }
  Count(counts, cost);
  // The sheet's own bytes are few, and the report's are bounded by one record.
  cost.bytes = LiveBytes() - before;
  cost.peak_bytes = TakePeakBytes() - before;
  return cost;
}

uint64_t Frames() {
  const char* wanted = std::getenv("NLB_BOUNDS_FRAMES");
  return wanted ? std::strtoull(wanted, nullptr, 10) : kUsualFrames;
}

void PutBe(std::vector<uint8_t>& bytes, size_t at, uint64_t value, size_t size) {
  for (size_t i = 0; i < size; ++i) {
    bytes.at(at + i) = static_cast<uint8_t>(value >> 8 * (size - 1 - i));
  }
}

void PutLe(std::vector<uint8_t>& bytes, size_t at, uint64_t value, size_t size) {
  for (size_t i = 0; i < size; ++i) bytes.at(at + i) = static_cast<uint8_t>(value >> 8 * i);
}

namespace {

std::vector<uint8_t> Frame(uint16_t type, const std::vector<uint8_t>& payload) {
  std::vector<uint8_t> bytes = {0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 1};
  bytes.push_back(static_cast<uint8_t>(type >> 8));
  bytes.push_back(static_cast<uint8_t>(type));
  bytes.insert(bytes.end(), payload.begin(), payload.end());
  return bytes;
}

std::vector<uint8_t> Ipv4Frame(uint8_t protocol, const std::vector<uint8_t>& transport) {
  std::vector<uint8_t> packet = {0x45, 0, 0,  0, 0, 1, 0,  0, 64, protocol,
                                 0,    0, 10, 0, 0, 1, 10, 0, 0,  2};
  packet.insert(packet.end(), transport.begin(), transport.end());
  PutBe(packet, 2, packet.size(), 2);
  return Frame(0x0800, packet);
}

}  // namespace

std::vector<uint8_t> HeartbeatFrame() {
  std::vector<uint8_t> bytes = Frame(NLB_ETHERTYPE, Encode(MembershipFields{}));
  std::fill_n(bytes.begin(), 6, uint8_t{0xFF});
  return bytes;
}

std::vector<uint8_t> UdpFrame() {
  return Ipv4Frame(17, {3, 0xE8, 7, 0xD0, 0, 16, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8});
}

std::vector<uint8_t> TcpFrame(uint8_t flags) {
  return Ipv4Frame(6, {3, 0xE8, 0, 80, 0, 0, 0, 1, 0, 0, 0, 0, 0x50, flags, 0, 0, 0, 0, 0, 0});
}

std::vector<uint8_t> ArpFrame() {
  return Frame(0x0806, {0,  1, 8, 0, 6, 4, 0, 2, 0, 0, 0,  0, 0, 1,
                        10, 0, 0, 1, 0, 0, 0, 0, 0, 2, 10, 0, 0, 2});
}

}  // namespace nlb::test
