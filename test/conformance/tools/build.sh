#!/usr/bin/env bash
# build.sh NAME[/BINARY]...
#
# Builds the programs that tools/NAME/go.mod lists as `tool` (or only the one called BINARY) into
#   ${XDG_CACHE_HOME:-$HOME/.cache}/cdk8s-wms-platform/conformance/NAME-HASH/
# HASH covers go.mod, go.sum, the tool's own Go files, the link flags and the platform, so a cached program is never
# stale. What is there is skipped. Each program is built in a directory of its own and renamed into place: an interrupted
# run keeps what it has finished, and two runs at once do not meet. Progress goes to stderr, the directories to stdout,
# one a line.
set -euo pipefail

tools=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/cdk8s-wms-platform/conformance

say() { printf '%s\n' "$*" >&2; }
die() { say "build.sh: $*"; exit 1; }

[ $# -gt 0 ] || die "name what to build: $(cd "$tools" && echo */go.mod | sed 's#/go.mod##g')"
command -v go >/dev/null || die "Go is not installed (no 'go' in PATH)"
mkdir -p "$cache" || die "cannot write to $cache"
work=$(mktemp -d "$cache/.build.XXXXXX") || die "cannot write to $cache"
compiler=
stop() { [ -z "$compiler" ] || kill "$compiler" 2>/dev/null || true; }
trap 'stop; rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
export CGO_ENABLED=0 GOWORK=off

# Import paths of the programs in ./go.mod.
programs() { awk '/^tool \(/ { list = 1; next } /^\)/ { list = 0 } list { print $1 } /^tool [^(]/ { print $2 }' go.mod; }

# A Go older than the go.mod asks for ends in one line.
check_go() {
  local need have
  need=$(awk '/^go / { print $2 }' go.mod)
  have=$(go env GOVERSION 2>/dev/null || { cd / && go env GOVERSION; })
  have=$(printf '%s' "$have" | grep -oE '[0-9]+(\.[0-9]+)+' | head -n 1)
  [ "$(printf '%s\n' "$need" "$have" | sort -V | head -n 1)" = "$need" ] || die "$1 needs Go $need or newer, this is $have"
}

# What to hand the linker, beyond -s -w, for the program to know its own version.
version_flags() {
  local version package
  case $1 in
    kubernetes-*)
      version=$(go list -m -f '{{.Version}}' k8s.io/kubernetes)
      for package in k8s.io/component-base/version k8s.io/client-go/pkg/version; do
        printf -- ' -X %s.gitVersion=%s -X %s.gitMajor=1 -X %s.gitMinor=%s -X %s.gitTreeState=clean' \
          $package "$version" $package $package "$(cut -d. -f2 <<<"$version")" $package
      done
      ;;
    prometheus | alertmanager)
      version=$(go list -m -f '{{.Version}}' "github.com/prometheus/$1")
      printf -- ' -X github.com/prometheus/common/version.Version=%s' "${version#v}"
      ;;
    kube-score) printf -- ' -X main.version=%s' "$(go list -m -f '{{.Version}}' github.com/zegl/kube-score)" ;;
  esac
}

# Build tags: Prometheus without the service discoveries of twenty clouds, which no manifest here uses.
tags() { case $1 in prometheus) echo remove_all_sd,enable_kubernetes_sd ;; esac; }

# A module file with a copy of the module in place of what it requires, where the module embeds files that it does not ship:
# Alertmanager's web pages, of which no check needs more than that one is there.
completed() {
  local module=github.com/prometheus/alertmanager
  [ "$1" = alertmanager ] || return 0
  if [ ! -d "$work/module" ]; then
    cp -r "$(go list -m -f '{{.Dir}}' $module)" "$work/module"
    chmod -R u+w "$work/module"
    mkdir -p "$work/module/ui/app/dist"
    echo '<!doctype html><title>Alertmanager</title>' > "$work/module/ui/app/dist/index.html"
    cp go.mod "$work/go.mod"
    cp go.sum "$work/go.sum"
    echo "replace $module => $work/module" >> "$work/go.mod"
  fi
  echo "-modfile=$work/go.mod"
}

build() {
  local name=${1%%/*} only='' flags hash bin program binary found='' start
  case $1 in */*) only=${1#*/} ;; esac
  [ -f "$tools/$name/go.mod" ] || die "no tool called $name: there is no $tools/$name/go.mod"
  cd "$tools/$name"
  check_go "$name"
  flags="-s -w$(version_flags "$name")" || die "$name: Go cannot read its modules (see above)"
  hash=$({ cat go.mod go.sum; find . -name '*.go' | LC_ALL=C sort | xargs -r cat; echo "$flags$(tags "$name")"; go env GOOS GOARCH; } | sha256sum | cut -c 1-16)
  bin=$cache/$name-$hash
  mkdir -p "$bin"
  for program in $(programs); do
    binary=$(basename "$(sed -E 's#(/server)?/v[0-9]+$##' <<<"$program")")
    [ -z "$only" ] || [ "$only" = "$binary" ] || continue
    found=yes
    [ ! -x "$bin/$binary" ] || continue
    say "$name: building $binary ..."
    start=$SECONDS
    # shellcheck disable=SC2046
    go build -trimpath $(completed "$name") -tags "$(tags "$name")" -ldflags "$flags" -o "$work/$binary" "$program" &
    compiler=$!
    wait "$compiler" || die "$name: $binary does not build (see above)"
    compiler=
    mv -f "$work/$binary" "$bin/$binary"
    say "$name: built $binary in $((SECONDS - start)) s"
  done
  [ -n "$found" ] || die "$name has no program called $only"
  directories+=("$bin")
}

directories=()
for argument in "$@"; do build "$argument"; done
printf '%s\n' "${directories[@]}" | awk '!seen[$0]++'
