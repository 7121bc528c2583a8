# shellcheck shell=bash disable=SC2154
# How the cluster's processes are started, found again and ended. Sourced after lib.sh.
#
# Everything that runs for the cluster is in a cgroup below /ossmount-local: "control", or one of
# each node, in which kubelet makes the cgroups of its pods. The cgroup is the record of what was
# started: no pid file can go stale, and no process is ever looked for by its name.

group_root=ossmount-local

# The mount points of the cgroup hierarchies: many on a machine with cgroup v1 (one of them v2,
# without controllers).
hierarchies() { awk '$3 == "cgroup" || $3 == "cgroup2" {print $2}' /proc/self/mounts; }

group_make() {
  local root path part
  for root in $(hierarchies); do
    path=$root
    for part in "$group_root" ${1//\// }; do
      mkdir -p "$path/$part"
      # A group of v2 hands its controllers on; one of v1's cpuset starts without any CPU.
      if [[ -e $path/cgroup.subtree_control ]]; then
        sed 's/[a-z]\+/+&/g' "$path/cgroup.controllers" >"$path/cgroup.subtree_control"
      elif [[ -e $path/cpuset.mems ]]; then
        cat "$path/cpuset.cpus" >"$path/$part/cpuset.cpus"
        cat "$path/cpuset.mems" >"$path/$part/cpuset.mems"
      fi
      path+=/$part
    done
  done
}

# group_processes GROUP: the ids of all that run in it, in each of its descendants and in any
# hierarchy.
group_processes() {
  local root
  for root in $(hierarchies); do
    find "$root/$group_root/$1" -name cgroup.procs -exec cat {} + 2>/dev/null || true
  done | sort -nu
}

# group_kill GROUP: kills all that run in it and returns when they are gone.
group_kill() {
  local processes end=$((SECONDS + 30))
  while mapfile -t processes < <(group_processes "$1") && ((${#processes[@]} > 0)); do
    ((SECONDS < end)) || die "these processes do not end: ${processes[*]}"
    kill -KILL "${processes[@]}" 2>/dev/null || true
    sleep 0.1
    ((SECONDS < end - 28)) || abort_mounts "${processes[@]}"
  done
}

# abort_mounts PROCESS...: lets go those that wait for a FUSE server which will not answer any more
# and yet cannot end, because one of the waiting holds its device. The machine's own mounts, which a
# node sees too, are left alone.
abort_mounts() {
  local connections
  mapfile -t connections < <(comm -23 <(fuse_connections "$@") <(fuse_connections self))
  ((${#connections[@]} > 0)) || return 0
  # shellcheck disable=SC2016 # the inner shell is the one to expand it
  unshare --mount sh -c 'mount -t fusectl fusectl /sys/fs/fuse/connections
    for connection; do echo 1 >/sys/fs/fuse/connections/$connection/abort; done' \
    sh "${connections[@]}" 2>/dev/null || true
}

# The connections of all FUSE mounts that a process sees; the number of one is the minor number of
# its device.
fuse_connections() {
  local process fuse='^[0-9]* [0-9]* 0:\([0-9]*\) .* - fuse\(\.[^ ]*\)\? .*'
  for process in "$@"; do
    sed -n "s/$fuse/\1/p" "/proc/$process/mountinfo" 2>/dev/null || true
  done | sort -u
}

group_remove() {
  local root
  for root in $(hierarchies); do
    [[ ! -d $root/$group_root/$1 ]] \
      || within 10 find "$root/$group_root/$1" -depth -type d -exec rmdir {} +
  done
}

# spawn GROUP LOG COMMAND...: runs it in the group, with nothing of the caller: no terminal,
# descriptor or environment.
spawn() {
  local group=$1 log=$logs/$2.log
  shift 2
  (
    for root in $(hierarchies); do echo "$BASHPID" >"$root/$group_root/$group/cgroup.procs"; done
    for descriptor in /proc/"$BASHPID"/fd/*; do
      descriptor=${descriptor##*/}
      ((descriptor <= 2)) || eval "exec $descriptor>&-"
    done
    exec setsid env -i PATH="$PATH" HOME=/root OSSMOUNT_CACHE="$cache" OSSMOUNT_STATE="$state" \
      "$@" </dev/null >>"$log" 2>&1
  ) &
  disown
}
