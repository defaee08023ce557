#!/bin/sh
# Builds ./testregistry.
set -eu
cd "$(dirname "$0")"
exec go build -p "${P:-2}" -trimpath -o testregistry -ldflags "-s -w" .
