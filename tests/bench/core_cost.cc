// SPDX-License-Identifier: GPL-2.0-or-later
//
// Feeds and reports seeded traffic as the plugin does, for callgrind to count:
// nlb_bench_core [OPTIONS, see options.h]. Prints the number of findings and the bytes that the
// handle has taken from the heap.
#include <malloc.h>

#include <cinttypes>
#include <memory>

#include "nlb.h"
#include "options.h"

namespace {

size_t InUse() {
  const struct mallinfo2 info = mallinfo2();
  return info.uordblks + info.hblkhd;
}

}  // namespace

int main(int argc, char** argv) {
  const auto arguments = nlb::bench::ReadArguments(argc, argv);
  nlb::bench::Traffic traffic(arguments.traffic);
  traffic.Next();  // its memory is taken before what is counted
  const size_t before = InUse();
  const std::unique_ptr<nlb_capture, decltype(&nlb_capture_free)> capture(nlb_capture_new(nullptr),
                                                                          nlb_capture_free);
  const std::unique_ptr<nlb_report, decltype(&nlb_report_free)> report(nlb_report_new(),
                                                                       nlb_report_free);
  uint64_t hits = 0;
  const auto visit_all = [&](nlb::bench::Traffic& packets, auto&& feed) {
    uint64_t offset = 24;
    for (uint32_t number = 1; number <= arguments.frames; ++number) {
      const nlb::bench::Packet& packet = packets.Next();
      const auto length = static_cast<uint32_t>(packet.bytes.size());
      const nlb_frame frame = {offset, number, 0,           0,
                               length, length, packet.time, packet.bytes.data()};
      feed(frame);
      if (nlb_capture_is_reportable(capture.get(), number)) {
        nlb_capture_report(capture.get(), &frame, 1, NLB_DETAIL_FULL, report.get());
        hits += nlb_report_view(report.get()).hit_count;
      }
      offset += length + 16;
    }
  };
  visit_all(traffic, [&](const nlb_frame& frame) { nlb_capture_feed(capture.get(), &frame); });
  if (arguments.again) {
    nlb::bench::Traffic same(arguments.traffic);
    same.Next();
    visit_all(same, [](const nlb_frame&) {});
  }
  std::printf("{\"findings\": %" PRIu64 ", \"heap\": %zu}\n", hits, InUse() - before);
}
