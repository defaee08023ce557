#!/bin/sh
# Fetches one version of seawall into a folder, after holding the archive against its SHA-256:   ci/install.sh FOLDER
#
#   SEAWALL_VERSION   the version; default: the one that this file belongs to
#   SEAWALL_SHA256    the sum of the archive for this machine; without it the sum that the release publishes is taken
#   SEAWALL_MIRROR    where the releases lie, when they are not fetched from where they are published
set -eu

folder=$1
version=${SEAWALL_VERSION:-0.1.0}
mirror=${SEAWALL_MIRROR:-https://github.com/seawall-dev/seawall/releases/download}

fail() { echo "seawall: $1" >&2; exit 2; }

case "$(uname -s)-$(uname -m)" in
  Linux-x86_64) target=x86_64-unknown-linux-musl ;;
  Linux-aarch64 | Linux-arm64) target=aarch64-unknown-linux-musl ;;
  Darwin-x86_64) target=x86_64-apple-darwin ;;
  Darwin-arm64) target=aarch64-apple-darwin ;;
  MINGW*-x86_64 | MSYS*-x86_64) target=x86_64-pc-windows-msvc ;;
  *) fail "there is no release for $(uname -s) on $(uname -m); build it with cargo" ;;
esac
name=seawall-$version-$target
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT

fetch() {
  curl --fail --silent --show-error --location --retry 3 --output "$here/$1" "$mirror/v$version/$1" ||
    fail "cannot fetch $mirror/v$version/$1"
}

fetch "$name.tar.gz"
expected=${SEAWALL_SHA256:-}
if [ -z "$expected" ]; then
  fetch SHA256SUMS
  expected=$(awk -v file="$name.tar.gz" '$2 == file { print $1 }' "$here/SHA256SUMS")
  [ -n "$expected" ] || fail "SHA256SUMS of version $version does not name $name.tar.gz"
fi
if command -v sha256sum >/dev/null; then
  found=$(sha256sum "$here/$name.tar.gz")
else
  found=$(shasum -a 256 "$here/$name.tar.gz")
fi
found=${found%% *}
[ "$found" = "$expected" ] || fail "$name.tar.gz has the sum $found, not $expected: not installed"

tar -xzf "$here/$name.tar.gz" -C "$here"
mkdir -p "$folder"
cp "$here/$name"/seawall* "$folder/"
"$folder/seawall" --version
