# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Loads nlb.so from a private prefix, so that neither the machine's nor the user's own plugins and
# preferences play a part. Sourced by ./dev.
#
# Wireshark started by root ignores private plugins without a word. For root everything here
# therefore runs as the nobody user, who may see neither the repository nor the capture: the
# plugin is copied, and the capture is handed over opened or copied.

plain_id=65534

# prepare_plugin [PACKAGE...]: after this, `plain tshark` has the plugin.
prepare_plugin() {
  local preset
  preset=$(light_preset)
  need_packages "${build_packages[@]}" "$@"
  build_preset "$preset" nlb || die 1 "the build failed"
  plugin=$root/build/$preset/plugin/nlb.so
  stage_plugin
  plain tshark -G plugins >"$stage/plugins.txt" 2>&1 || true
  grep -q '^nlb\.so' "$stage/plugins.txt" ||
    die 1 "Wireshark did not load $plugin: $(head -n 3 "$stage/plugins.txt")"
}

stage_plugin() {
  stage=$(mktemp -d)
  trap 'rm -rf -- "$stage"' EXIT
  local folder
  folder=$stage/plugins/$(wireshark_series)/epan
  mkdir -p "$folder" "$stage/home"
  cp -- "$plugin" "$folder/nlb.so"
  chmod -R a+rX "$stage"
  chmod 700 "$stage/home"
  give_to_plain_user "$stage/home"
}

give_to_plain_user() {
  ((EUID != 0)) || chown -R "$plain_id:$plain_id" "$@"
}

# "4.0" from "TShark (Wireshark) 4.0.17 (...)": the folder Wireshark looks in.
wireshark_series() {
  tshark -v 2>/dev/null | sed -n '1s/[^0-9]*\([0-9]*\.[0-9]*\).*/\1/p'
}

# plain COMMAND...: in the private prefix, as a user for whom plugins load.
plain() {
  local environment=(
    "PATH=$PATH" "HOME=$stage/home" LC_ALL=C.UTF-8 ${TZ+"TZ=$TZ"}
    "WIRESHARK_PLUGIN_DIR=$stage/plugins"
  )
  local become=()
  if ((EUID == 0)); then
    become=(setpriv --reuid "$plain_id" --regid "$plain_id" --clear-groups)
  fi
  "${become[@]}" env -i --chdir="$stage" "${environment[@]}" "$@"
}

# Some formats take any file for one packet, so a picture or a text in JSON would pass.
not_packets='^(unknown|mime|json|mp4|mpeg|rfc7468|ruby_marshal)$'

need_capture() {
  local type
  # "-: pcapng", on standard output; 4.6 also logs what it tried.
  type=$(plain captype - <"$1" 2>/dev/null | sed -n 's/^-: //p') || true
  if [[ -z $type || $type =~ $not_packets ]]; then
    die 2 "$1: is not a capture file"
  fi
}

why_tshark_stopped() {
  if grep -q 'cut short' "$1"; then
    echo 'the file is cut short in the middle of a packet'
  else
    sed -n '1s/^tshark: //p' "$1"
  fi
}

# Prints a path under which the plain user can open the capture as often as Wireshark likes.
readable_to_plain() {
  if plain test -r "$1"; then
    printf '%s\n' "$1"
    return
  fi
  cp -- "$1" "$stage/home/"
  give_to_plain_user "$stage/home"
  printf '%s\n' "$stage/home/${1##*/}"
}

# Adds -C NLB to $profile when the project ships that profile.
stage_profile() {
  local shipped=$root/packaging/profile/NLB profiles=$stage/home/.config/wireshark/profiles
  profile=()
  [[ -d $shipped ]] || return 0
  mkdir -p "$profiles"
  cp -r -- "$shipped" "$profiles/NLB"
  give_to_plain_user "$stage/home"
  profile=(-C NLB)
}

# Else the first window is too small for the columns. A smaller screen makes it smaller.
stage_window() {
  local recent=$stage/home/.config/wireshark/recent_common
  mkdir -p "${recent%/*}"
  printf 'gui.geometry_main_%s\n' 'width: 1500' 'height: 900' >"$recent"
  give_to_plain_user "$stage/home"
}

need_display() {
  [[ -n ${DISPLAY-} ]] || { ((EUID != 0)) && [[ -n ${WAYLAND_DISPLAY-} ]]; } ||
    die 2 "no display: set DISPLAY, or connect with ssh -X"
}

# The nobody user has no session of root's to talk to; a copy of the X cookie is all it needs.
stage_display() {
  local cookie=${XAUTHORITY:-${HOME-}/.Xauthority} name
  display=("XAUTHORITY=$cookie")
  if ((EUID == 0)); then
    mkdir -m 700 "$stage/home/run"
    [[ ! -r $cookie ]] || cp -- "$cookie" "$stage/home/.Xauthority"
    give_to_plain_user "$stage/home"
    display=("XAUTHORITY=$stage/home/.Xauthority" "XDG_RUNTIME_DIR=$stage/home/run"
      "DISPLAY=$DISPLAY")
    return
  fi
  for name in DISPLAY WAYLAND_DISPLAY XDG_RUNTIME_DIR DBUS_SESSION_BUS_ADDRESS; do
    [[ ! -v $name ]] || display+=("$name=${!name}")
  done
}

in_display() { plain env "${display[@]}" "$@"; }
