# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Makes the pictures of the documentation: Wireshark with the NLB profile on a display of its own.
# Sourced by ./dev.

picture_size=1440x900

cmd_picture() {
  prepare_plugin wireshark xvfb xdotool imagemagick x11-utils
  start_display
  stage_profile
  stage_display
  picture_of foreign-router 8 foreign-router open_analysis
  picture_of cluster-split 22 cluster-split open_analysis
  picture_of cluster-split 22 clusters-table open_clusters
}

# picture_of CAPTURE FRAME PICTURE ACTION
picture_of() {
  local capture=$root/test-pcaps/$1.pcapng window shown
  in_display wireshark "${profile[@]}" -g "$2" -r "$(readable_to_plain "$capture")" \
    >"$stage/wireshark.log" 2>&1 &
  window=$(window_of "$1.pcapng")
  shown=$window
  fill_display "$window"
  "$4"
  import -window "$shown" -depth 8 -colors 128 "$root/docs/pictures/$3.png"
  xdotool windowkill "$window"
  wait %% || true
}

start_display() {
  export DISPLAY=:88
  Xvfb "$DISPLAY" -screen 0 "${picture_size}x24" >/dev/null 2>&1 &
  trap 'kill $(jobs -p) 2>/dev/null; rm -rf -- "$stage"' EXIT
  until xdpyinfo >/dev/null 2>&1; do sleep 0.2; done
}

window_of() {
  local second
  for second in {1..60}; do
    xdotool search --onlyvisible --name "$1" 2>/dev/null | head -n 1 | grep . && return
    sleep 1
  done
  die 1 "Wireshark showed no window within $second s: $(<"$stage/wireshark.log")"
}

fill_display() {
  xdotool windowmove "$1" 0 0 windowsize "$1" "${picture_size%x*}" "${picture_size#*x}" \
    windowfocus "$1"
  sleep 3
}

# The analysis is the last line of the details; Right opens it.
open_analysis() {
  xdotool mousemove 200 497 click 1 key End key Right
  sleep 2
}

# Sets $shown of the caller: the dialog, wide enough for its columns.
open_clusters() {
  xdotool key alt+s
  sleep 1
  xdotool mousemove 361 261 click 1
  shown=$(window_of 'NLB Clusters')
  sleep 1
  xdotool windowmove "$shown" 0 0 windowsize "$shown" 1420 260
  sleep 2
}
