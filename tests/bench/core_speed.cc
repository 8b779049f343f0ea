// SPDX-License-Identifier: GPL-2.0-or-later
//
// How fast the core takes frames: feed, and the question whether there is something to report. The
// traffic is made while the clock stands still, and lies in the caches when it is fed, as what was
// just dissected does. Frames per second are items per second.
#include <benchmark/benchmark.h>

#include <memory>

#include "nlb.h"
#include "traffic.h"

namespace nlb::bench {
namespace {

constexpr size_t kPackets = 512;

struct Row {
  const char* name;
  Options options;
};

const Row kRows[] = {
    {"mix", {}},
    {"mix with 3 clusters", {.clusters = 3}},
    {"mix with 1,000 clusters", {.clusters = 1000}},
    {"TCP", {.kind = Kind::kTcp}},
    {"TCP, 64 bytes", {.kind = Kind::kTcp, .frame_length = 64}},
    {"TCP, 1,500 bytes", {.kind = Kind::kTcp, .frame_length = 1500}},
    {"TCP, 1 % copies", {.kind = Kind::kTcp, .copies = 1}},
    {"TCP, 50 % copies", {.kind = Kind::kTcp, .copies = 50}},
    {"TCP, 100 % copies", {.kind = Kind::kTcp, .copies = 100}},
    {"UDP", {.kind = Kind::kUdp}},
    {"IPv6", {.kind = Kind::kIpv6}},
    {"VLAN", {.kind = Kind::kVlan}},
    {"ARP", {.kind = Kind::kArp}},
    {"ping", {.kind = Kind::kPing}},
    {"heartbeat", {.kind = Kind::kHeartbeat}},
};

void Feed(benchmark::State& state, const Options& options) {
  Traffic traffic(options);
  std::vector<Packet> packets(kPackets);
  const std::unique_ptr<nlb_capture, decltype(&nlb_capture_free)> capture(nlb_capture_new(nullptr),
                                                                          nlb_capture_free);
  uint32_t number = 0;
  size_t next = packets.size();
  for (auto _ : state) {
    if (next == packets.size()) {
      state.PauseTiming();
      for (Packet& packet : packets) packet = traffic.Next();
      next = 0;
      state.ResumeTiming();
    }
    const Packet& packet = packets[next++];
    const auto size = static_cast<uint32_t>(packet.bytes.size());
    ++number;
    const nlb_frame frame = {number, number, 0, 0, size, size, packet.time, packet.bytes.data()};
    nlb_capture_feed(capture.get(), &frame);
    benchmark::DoNotOptimize(nlb_capture_is_reportable(capture.get(), number));
  }
  state.SetItemsProcessed(state.iterations());
}

}  // namespace
}  // namespace nlb::bench

int main(int argc, char** argv) {
  for (const auto& row : nlb::bench::kRows) {
    benchmark::RegisterBenchmark(row.name, nlb::bench::Feed, row.options);
  }
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
