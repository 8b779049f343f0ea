// SPDX-License-Identifier: GPL-2.0-or-later
//
// The user's table of routers: copies from these are ordinary routing.
#pragma once

#include <map>
#include <string>

#include "base/mac.h"
#include "nlb.h"

namespace nlb {

class Routers {
 public:
  void Add(const nlb_router_entry& row) {
    names_[MacAddress::Read(Bytes(row.mac, 6), 0)] = row.name ? row.name : "";
  }
  // The name given to a router, maybe empty; nullptr when the MAC is not in the table.
  const std::string* NameOf(MacAddress mac) const {
    const auto found = names_.find(mac);
    return found == names_.end() ? nullptr : &found->second;
  }

 private:
  std::map<MacAddress, std::string> names_;
};

}  // namespace nlb
