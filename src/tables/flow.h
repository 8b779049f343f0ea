// SPDX-License-Identifier: GPL-2.0-or-later
//
// Who sends what to whom, as arrows between columns for Wireshark's flow graph: clients, the hosts
// of a cluster, all of its hosts, boxes that send a packet again. Heartbeats that tell nothing new
// are left out, and so is what NLB has nothing to do with.
//
// Bounded: kMaxColumns columns, as many as Wireshark draws, of which at most kMaxClients are
// clients; who comes later shares a column. After kMaxArrows one more arrow says that there are no
// more.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "capture.h"
#include "report/report.h"

struct nlb_flow {
 public:
  static constexpr size_t kMaxColumns = 40;
  static constexpr size_t kMaxClients = 30;
  static constexpr uint64_t kMaxArrows = 100'000;

  void Clear();
  // Replaces the arrows of the record before.
  void Add(const nlb::Capture& capture, const nlb_report& report);
  size_t size() const { return arrows_.size(); }
  nlb_arrow At(size_t index) const;

 private:
  enum class Kind : uint8_t { kClient, kHost, kForwarder, kAll };
  struct Column {
    Kind kind = Kind::kClient;
    std::string name;
  };
  struct Ends {
    Column from, to;
    nlb::Content content = nlb::Content::kOther;
    uint16_t from_port = 0, to_port = 0;
  };
  struct Arrow {
    std::string from, to, label, comment;
    nlb_severity severity = NLB_CHAT;
    uint16_t from_port = 0, to_port = 0;
  };
  // A finding that is told on an arrow: an index into the hits, or kNone.
  static constexpr size_t kNone = SIZE_MAX;

  Column ForwarderOf(const nlb::Note& copy) const;
  Column SenderOf(const nlb::Sighting& sighting, const nlb::Note* copy) const;
  static Column ReceiverOf(const nlb::Sighting& sighting);
  Ends EndsOf(const nlb::Sighting& sighting, const nlb::Note* copy) const;

  void AddHeartbeat(const nlb::Capture& capture, const nlb::Sighting& sighting, Ends ends,
                    const nlb_report& report);
  bool IsNews(const Ends& ends, uint32_t finding) const;
  size_t NewsOf(const Ends& ends, const nlb_view& view) const;
  void Put(const Ends& ends, std::string label, const nlb_view& view, size_t told);
  bool MayTakeName(const Column& column) const;
  std::string NameOf(const Column& column) const;
  std::string Take(const Column& column);

  std::set<std::string> clients_, others_;  // columns with a name of their own
  std::set<std::pair<std::string, uint32_t>>
      told_;                   // by column: what holds on, and need not be told again
  uint64_t count_ = 0;         // of all arrows
  std::vector<Arrow> arrows_;  // of this record
};
