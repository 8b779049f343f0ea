# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Makes the README's picture: Wireshark with the NLB profile on a display of its own. Sourced by ./dev.

picture_size=1440x900

cmd_picture() {
  local capture=$root/test-pcaps/foreign-router.pcapng frame=8
  prepare_plugin wireshark xvfb xdotool imagemagick x11-utils
  start_display
  stage_profile
  stage_display
  in_display wireshark "${profile[@]}" -g "$frame" -r "$(readable_to_plain "$capture")" \
    >"$stage/wireshark.log" 2>&1 &
  show_finding "$(window_of "${capture##*/}")"
  import -window root -depth 8 -colors 128 "$root/docs/pictures/foreign-router.png"
  kill %%
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

# The window fills the display; the analysis is the last tree, and Right opens it.
show_finding() {
  xdotool windowmove "$1" 0 0 windowsize "$1" "${picture_size%x*}" "${picture_size#*x}" \
    windowfocus "$1"
  sleep 3
  xdotool mousemove 200 565 click 1 key End key Right
  sleep 2
}
