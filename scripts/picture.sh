# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Makes the pictures of the documentation: Wireshark with the NLB profile on a display of its own.
# Sourced by ./dev.

cmd_picture() {
  need_packages "${build_packages[@]}" "${test_packages[@]}" "${gui_packages[@]}"
  build_preset release nlb
  "$python" -B "$root/tests/gui/pictures.py" "$plugin" "$root/docs/pictures"
}
