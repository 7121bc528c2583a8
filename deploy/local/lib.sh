# shellcheck shell=bash disable=SC2034
# What the scripts of the local cluster share: where things are, and how progress is told.
# Sourced, never run. Nothing here starts or ends anything.

local_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache=${OSSMOUNT_CACHE:-${HOME:-/root}/.cache/ossmount}
state=${OSSMOUNT_STATE:-/var/lib/ossmount-local}
bin=$cache/bin
logs=$state/logs
pki=$state/pki
lock_file=/run/lock/ossmount-local

# All addresses are private to the bridge: node N is $subnet.(10+N), its pods are 10.244.N.0/24.
bridge=ossmount0
subnet=172.31.250
api_address=$subnet.1
api=https://$api_address:6443
pod_range=10.244.0.0/16
service_range=10.96.0.0/16
dns_address=10.96.0.10

# What each node has for itself at the usual paths; the rest of the file system is the machine's.
# /run is new at each start.
node_directories=(/var/lib/kubelet /var/lib/ossmount /var/lib/containerd /var/lib/cni
  /var/log/pods /var/log/containers)

export PATH=$bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/go/bin
export KUBECONFIG=$state/kubeconfig KUBECACHEDIR=$state/kubectl-cache

say() { printf '%s\n' "$*"; }
die() { printf '%s: %s\n' "${0##*/}" "$*" >&2; exit 1; }

# step TEXT COMMAND...: runs it, tells how long it took, and shows its output only when it fails.
step() {
  local text=$1 start=$SECONDS output
  shift
  output=$(mktemp)
  printf '%s ... ' "$text"
  if "$@" >"$output" 2>&1 </dev/null; then
    printf '%d s\n' $((SECONDS - start))
    rm -f "$output"
  else
    printf 'failed after %d s\n' $((SECONDS - start))
    cat "$output" >&2
    rm -f "$output"
    return 1
  fi
}

# within SECONDS COMMAND...: repeats the command until it succeeds or the time is over.
within() {
  local end=$((SECONDS + $1))
  shift
  until "$@" >/dev/null 2>&1; do
    ((SECONDS < end)) || { printf 'not within the time: %s\n' "$*" >&2; "$@"; return; }
    sleep 0.3
  done
}

# one_at_a_time FILE: waits up to 30 minutes for another script that holds the same lock. The lock
# ends with the script; the scripts that it calls have it already.
one_at_a_time() {
  [[ ${OSSMOUNT_HOLDS:-} != "$1" ]] || return 0
  exec {lock}>"$1"
  flock -w 1800 "$lock" || die "another run has held $1 for 30 minutes"
  export OSSMOUNT_HOLDS=$1
}

node_address() { printf '%s.%d' "$subnet" $((10 + $1)); }
node_pods() { printf '10.244.%d.0/24' "$1"; }

# node_number NODE: N of "node-N".
node_number() {
  [[ $1 =~ ^node-([1-9])$ ]] || die "$1: no such node (they are called node-1, node-2, ...)"
  printf '%s' "${BASH_REMATCH[1]}"
}
