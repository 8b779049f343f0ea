#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# try_install.sh SERIES STAGE INSTALLER: install.cmd and the installer, in a fresh Windows of Wine whose
# user has a space and an umlaut in his name. What they put in must be there, what they take out gone.
set -euo pipefail
series=$1
stage=$2
installer=$3
other=$([[ $series == 4.4 ]] && echo 4.6 || echo 4.4)

place=$(mktemp -d)
trap 'WINEPREFIX=$place/wine wineserver -k || true; rm -rf -- "$place"' EXIT
export WINEPREFIX=$place/wine USER='Jörg Müller' LOGNAME='Jörg Müller' WINEDEBUG=-all
export WINEDLLOVERRIDES=mscoree,mshtml= LC_ALL=C.UTF-8 XDG_RUNTIME_DIR=$place
wine() { /usr/lib/wine/wine64 "$@"; }
wine wineboot -i >/dev/null 2>&1
wineserver -w

config=$WINEPREFIX/drive_c/users/$USER/AppData/Roaming/Wireshark
dll=$config/plugins/$series/epan/nlb.dll
profile=$config/profiles/NLB
unpacked="$WINEPREFIX/drive_c/users/$USER/Downloads/nlb (1)"
mkdir -p "$unpacked"
cp -r -- "$stage/." "$unpacked/"
said=$place/said

fail() {
  echo "FAILED: $1"
  cat "$said"
  exit 1
}

# expect STATUS TEXT COMMAND...: that status, and a line that has the text; the installer has no text for
# those who are not there to read it.
expect() {
  local wanted=$1 text=$2 status=0
  shift 2
  "$@" >"$said" 2>&1 </dev/null || status=$?
  ((status == wanted)) || fail "status $status instead of $wanted: $*"
  [[ -z $text ]] || grep -qF -- "$text" "$said" || fail "nothing says \"$text\": $*"
  echo "ok  ${text:-status $wanted: ${*: -1}}"
}

# From another folder, and by a batch file of Windows: what Wine makes of a Unix command line with quotes,
# brackets and umlauts is not what is tried here.
cat >"$WINEPREFIX/drive_c/run.cmd" <<'CMD'
@call "%USERPROFILE%\Downloads\nlb (1)\install.cmd" %*
@exit /b %ERRORLEVEL%
CMD
install_cmd() { (cd "$place" && wine cmd /c 'C:\run.cmd' "$@"); }
run_installer() { wine "$1" /S; }

wireshark_is() {
  wine reg add 'HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall\Wireshark' \
    /v DisplayVersion /d "$1" /f >/dev/null 2>&1
}

present() { [[ -s $dll && -s $profile/preferences ]] || fail 'not everything is in its place'; }
absent() { [[ ! -e $config/plugins && ! -e $config/profiles ]] || fail "left behind: $(find "$config")"; }

# ---- install.cmd ----
expect 0 'No installed Wireshark was found' install_cmd
present
cmp -s -- "$stage/nlb.dll" "$dll" || fail 'another nlb.dll'
expect 0 'is there already and stays' install_cmd
expect 0 'Removed: ' install_cmd /remove
absent
expect 1 'nothing to remove' install_cmd /remove
expect 2 'Usage' install_cmd /help
wireshark_is "$other.3"
expect 1 "this is the plugin for Wireshark $series, and yours is $other.3: get the zip for $other" install_cmd
absent
wireshark_is "$series.9"
expect 0 'Installed: ' install_cmd
present
echo '# mine' >>"$profile/preferences"
expect 0 'Left alone, because you changed it' install_cmd /remove
[[ -s $profile/preferences && ! -e $profile/colorfilters ]] || fail 'a changed profile is not kept'
rm -r "$config"

# ---- the installer ----
wine reg delete 'HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall\Wireshark' /f >/dev/null 2>&1
expect 2 '' run_installer "$installer"
absent
wireshark_is "$other.3"
expect 2 '' run_installer "$installer"
absent
wireshark_is "$series.9"
expect 0 '' run_installer "$installer"
present
wine reg query "HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\nlb-wireshark-$series" >"$said" 2>&1 ||
  fail 'not in Apps & features'
expect 0 '' run_installer "C:\\users\\$USER\\AppData\\Local\\nlb-wireshark\\$series\\uninstall.exe"
# It goes on as a copy of itself, to be able to delete itself.
wineserver -w
absent
[[ ! -e $WINEPREFIX/drive_c/users/$USER/AppData/Local/nlb-wireshark ]] || fail 'the installer left its folder behind'
echo "all of this holds"
