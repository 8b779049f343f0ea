// SPDX-License-Identifier: GPL-2.0-or-later
//
// Feeds and reports seeded traffic as the plugin does, for callgrind to count:
// nlb_bench_core [OPTIONS, see options.h]. Prints how many findings there were, how many different
// sentences they had, and the bytes that the handle has taken from the heap.
#include <malloc.h>

#include <cinttypes>
#include <memory>
#include <set>
#include <string>

#include "nlb.h"
#include "options.h"

namespace nlb::bench {
namespace {

template <auto kFree>
struct Deleter {
  template <typename T>
  void operator()(T* handle) const {
    kFree(handle);
  }
};

size_t InUse() {
  const struct mallinfo2 info = mallinfo2();
  return info.uordblks + info.hblkhd;
}

class Run {
 public:
  explicit Run(const Arguments& arguments) : arguments_(arguments) {}

  void VisitAll(Traffic& traffic, bool first) {
    uint64_t offset = 24;
    for (uint32_t number = 1; number <= arguments_.frames; ++number) {
      const Packet& packet = traffic.Next();
      nlb_frame frame{};
      frame.record = offset;
      frame.number = number;
      frame.captured_len = frame.wire_len = static_cast<uint32_t>(packet.bytes.size());
      frame.time_ns = packet.time;
      frame.bytes = packet.bytes.data();
      if (first) nlb_capture_feed(capture_.get(), &frame);
      Report(frame);
      offset += packet.bytes.size() + 16;
    }
  }

  uint64_t hits() const { return hits_; }
  size_t sentences() const { return sentences_.size(); }

 private:
  void Report(const nlb_frame& frame) {
    if (!arguments_.tables && !nlb_capture_is_reportable(capture_.get(), frame.number)) return;
    nlb_capture_report(capture_.get(), &frame, 1, NLB_DETAIL_FULL, report_.get());
    const nlb_view view = nlb_report_view(report_.get());
    hits_ += view.hit_count;
    if (arguments_.sentences) {
      for (size_t i = 0; i < view.hit_count; ++i) sentences_.insert(view.hits[i].text);
    }
    if (arguments_.tables) Tabulate(frame.number);
  }

  // As a window does that is drawn after every 100 frames.
  void Tabulate(uint32_t number) {
    nlb_summary_add(clusters_.get(), capture_.get(), report_.get());
    if (number % 100 != 0) return;
    size_t first = 0, end = 0;
    nlb_summary_changes(clusters_.get(), &first, &end);
    for (size_t row = first; row < end; ++row) {
      for (size_t i = 0; i < nlb_table_column_count(NLB_TABLE_CLUSTERS); ++i) {
        nlb_summary_cell(clusters_.get(), row, i);
      }
    }
  }

  Arguments arguments_;
  std::unique_ptr<nlb_capture, Deleter<nlb_capture_free>> capture_{nlb_capture_new(nullptr)};
  std::unique_ptr<nlb_report, Deleter<nlb_report_free>> report_{nlb_report_new()};
  std::unique_ptr<nlb_summary, Deleter<nlb_summary_free>> clusters_{
      nlb_summary_new(NLB_TABLE_CLUSTERS)};
  uint64_t hits_ = 0;
  std::set<std::string> sentences_;
};

}  // namespace
}  // namespace nlb::bench

int main(int argc, char** argv) {
  using namespace nlb::bench;
  const Arguments arguments = ReadArguments(argc, argv);
  Traffic traffic(arguments.traffic);
  const size_t before = InUse();
  Run run(arguments);
  run.VisitAll(traffic, true);
  const size_t heap = InUse() - before;
  if (arguments.again) {
    Traffic same(arguments.traffic);
    run.VisitAll(same, false);
  }
  std::printf("{\"findings\": %" PRIu64 ", \"sentences\": %zu, \"heap\": %zu}\n", run.hits(),
              run.sentences(), heap);
}
