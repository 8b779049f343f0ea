// SPDX-License-Identifier: GPL-2.0-or-later
#include "state/settings.h"

#include <algorithm>

#include "catalog/settings.h"

namespace nlb {
namespace {

uint32_t Value(const nlb_config& config, size_t setting) {
  return std::clamp(config.value[setting], kSettings[setting].lowest, kSettings[setting].highest);
}

}  // namespace

Settings ReadSettings(const nlb_config& config) {
  using std::chrono::milliseconds;
  Settings settings;
  settings.heartbeat_period = milliseconds(Value(config, NLB_SETTING_HEARTBEAT_PERIOD));
  settings.pause = settings.heartbeat_period * 3 / 2;
  settings.tolerance = settings.heartbeat_period * Value(config, NLB_SETTING_HEARTBEAT_TOLERANCE);
  settings.copy_window = milliseconds(Value(config, NLB_SETTING_COPY_WINDOW));
  settings.copy_detection = Value(config, NLB_SETTING_COPY_DETECTION) != 0;
  return settings;
}

}  // namespace nlb
