# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Debian suites in folders of their own, made by mmdebstrap and kept. Sourced by ./dev.
#
# A folder gets its final name when it is complete. Delete a folder to have it made anew.

chroots=${NLB_CHROOTS:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/nlb/chroots}
mirror=${NLB_DEBIAN_MIRROR:-http://deb.debian.org/debian}
keyring=/usr/share/keyrings/debian-archive-keyring.gpg

# Who builds and tests inside: Wireshark started by root loads no private plugins.
builder_id=4000
builder_home=/home/builder

# mmdebstrap and chroot need root. The user's own cache is kept under sudo.
need_root() {
  ((EUID != 0)) || return 0
  command -v sudo >/dev/null || die 1 "needs root to make and enter chroots"
  exec sudo env "NLB_CHROOTS=$chroots" "NLB_DEBIAN_MIRROR=$mirror" \
    "NLB_COMPILERS=${NLB_COMPILERS-}" "NLB_INTREE_WHOLE=${NLB_INTREE_WHOLE-}" \
    "$root/dev" "$command_name" "$@"
}

# Two commands at work in one folder would spoil each other's.
lock_chroots() {
  local lock
  make_folder "$chroots/logs"
  exec {lock}>"$chroots/lock"
  flock --nonblock "$lock" || { note "waiting for another ./dev that uses $chroots"; flock "$lock"; }
}

# make_folder PATH: the folders that this makes are the caller's at once, however the command ends.
make_folder() {
  local path=$1 made=()
  until [[ -d $path ]]; do
    made+=("$path")
    path=$(dirname -- "$path")
  done
  mkdir -p -- "$1"
  ((${#made[@]} == 0)) || give_to_caller "${made[@]}"
}

log_of() { echo "$chroots/logs/$(tr -c 'A-Za-z0-9.+\n' - <<<"$1").log"; }

# Status of a command that has said in its last line, in one sentence, what it lacks.
readonly refusal=90

# progress LABEL COMMAND...: one line with the time it took; on a terminal also what it does now.
progress() {
  local label=$1 log start=$SECONDS status=0 job
  shift
  log=$(log_of "$label")
  # A process group of its own, to end all of it at Ctrl-C: background jobs ignore that, and the
  # first process of a PID namespace ignores whatever it has no handler for.
  set -m
  "$@" >"$log" 2>&1 </dev/null &
  set +m
  job=$!
  trap 'kill -KILL -- "-$job"; exit 130' INT TERM
  if [[ -t 2 ]]; then show_last_line "$label" "$log" "$job"; fi
  wait "$job" || status=$?
  trap - INT TERM
  if ((status == 0)); then
    note "$label: $((SECONDS - start)) s"
  elif ((status == refusal)); then
    die 2 "$(tail -n 1 "$log")"
  elif grep -qi 'no space left on device' "$log"; then
    die 2 "$label: no space is left below $chroots: set NLB_CHROOTS to a larger place"
  else
    tail -n 20 "$log" >&2
    note "$label: failed after $((SECONDS - start)) s; all it said is in $log"
  fi
  return "$status"
}

show_last_line() {
  local label=$1 log=$2 job=$3
  while kill -0 "$job" 2>/dev/null; do
    printf '\r\033[K%.*s' "${COLUMNS:-80}" "$label: $(tail -n 1 "$log" | tr -d '\r')" >&2
    sleep 1
  done
  printf '\r\033[K' >&2
}

# ---- inside ----

# Processes and mounts inside end with the command, however it ends. Slurm's nodes read /sys.
enter() {
  local userspec=$1 folder=$2
  shift 2
  unshare --mount --pid --fork --kill-child --mount-proc="$folder/proc" \
    sh -c 'mount --rbind /sys "$1/sys" && shift && exec chroot "$@"' - "$folder" \
    "--userspec=$userspec" "$folder" env -i LC_ALL=C.UTF-8 TZ=UTC \
    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$@"
}

in_root() {
  local folder=$1
  shift
  enter 0:0 "$folder" HOME=/root DEBIAN_FRONTEND=noninteractive "$@"
}

in_plain() {
  local folder=$1
  shift
  enter "$builder_id:$builder_id" "$folder" "HOME=$builder_home" "$@"
}

# ---- making them ----

# chroot_with NAME SUITE PACKAGE...: $chroots/NAME is SUITE with these packages installed; made anew
# when the list of packages is another one.
chroot_with() {
  local name=$1 suite=$2 folder=$chroots/$1 words
  shift 2
  words=$*
  [[ "$(cat "$folder/etc/nlb-packages" 2>/dev/null)" != "$words" ]] || return 0
  need_mmdebstrap
  rm -rf --one-file-system -- "$folder" "$folder.part"
  apt_settings >"$chroots/apt.conf"
  progress "$name: mmdebstrap" mmdebstrap --mode=root --variant=minbase --keyring="$keyring" \
    --aptopt="$chroots/apt.conf" --dpkgopt=force-unsafe-io --include="${words// /,}" \
    "$suite" "$folder.part" "$mirror" || return 1
  add_builder "$folder.part"
  printf '%s' "$words" >"$folder.part/etc/nlb-packages"
  mv -- "$folder.part" "$folder"
}

need_mmdebstrap() {
  need_packages mmdebstrap debian-archive-keyring
  command -v mmdebstrap >/dev/null || die 2 'the program mmdebstrap is missing, which makes chroots'
  [[ -r $keyring ]] || die 2 "$keyring is missing, the keys of Debian's archive (Debian: debian-archive-keyring)"
}

# The host's proxies and its view of the archive's dates hold inside as well.
apt_settings() {
  apt-config dump | grep -E '^Acquire::(https?::Proxy|Check-)' || true
  echo 'Acquire::Languages "none";'
  echo 'APT::Install-Recommends "false";'
}

add_builder() {
  local folder=$1
  printf 'builder:x:%s:%s::%s:/bin/bash\n' "$builder_id" "$builder_id" "$builder_home" >>"$folder/etc/passwd"
  install -d -o "$builder_id" -g "$builder_id" "$folder$builder_home"
}

# copy_sources FOLDER: the work tree as git sees it, uncommitted files too; builds inside are kept.
copy_sources() {
  local folder=$1 source=$1$builder_home/nlb
  mkdir -p "$source"
  find "$source" -mindepth 1 -maxdepth 1 ! -name build -exec rm -rf {} +
  tracked_files | tar -C "$root" --null --no-recursion -T - -cf - | tar -C "$source" -xf -
  chown -R "$builder_id:$builder_id" "$source"
}

# A file deleted in the work tree, but not yet in git, is still listed.
tracked_files() {
  local file
  git -C "$root" -c safe.directory="$root" ls-files -z --cached --others --exclude-standard |
    while IFS= read -r -d '' file; do
      [[ ! -e $root/$file ]] || printf '%s\0' "$file"
    done
}
