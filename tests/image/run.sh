#!/usr/bin/env bash
# Builds the image from the archive of a release, and scans a pod with it: as nobody, from a folder that cannot be written.
#
#   tests/image/run.sh target/dist/seawall-0.1.0-x86_64-unknown-linux-musl.tar.gz
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
archive=$1
name=$(basename "$archive" .tar.gz)
version=${name#seawall-}
version=${version%%-*}
work=$(mktemp -d)
buildah() { command buildah --root "$work/storage" --runroot "$work/run" --storage-driver vfs "$@"; }
trap 'buildah rm --all >/dev/null 2>&1 || true; rm -rf "$work"' EXIT

mkdir -p "$work/context/target/dist" "$work/src"
tar -xzf "$archive" -C "$work/context/target/dist"
cp "$root/Dockerfile" "$work/context"
buildah bud --quiet --isolation chroot --platform linux/amd64 --build-arg "VERSION=$version" --tag seawall "$work/context" >/dev/null

config=$(buildah inspect --type image --format '{{.OCIv1.Config.User}} {{.OCIv1.Config.Entrypoint}} {{.OCIv1.Config.Cmd}} {{.OCIv1.Config.WorkingDir}}' seawall)
test "$config" = '65532:65532 [/seawall] [scan .] /src' || { echo "the image runs: $config"; exit 1; }

cat >"$work/src/pod.yaml" <<'POD'
apiVersion: v1
kind: Pod
metadata: {name: one}
spec: {containers: [{name: main, image: 'app:1', securityContext: {privileged: true}}]}
POD
chmod -R go+rX "$work/src"
container=$(buildah from --pull-never seawall)
set +e
said=$(buildah run --isolation chroot --volume "$work/src:/src:ro" "$container" -- /seawall scan . 2>&1)
set -e
grep -q 'pod.yaml:4:.*critical privileged-container' <<<"$said" || { echo "the image said: $said"; exit 1; }
echo "the image of $name scans"
