#!/usr/bin/env bash
# check-api.sh [VERSION]: compares what the modules export with a release's, by japicmp, and fails where a program compiled against the
# release would not run. The release is the last tag v*; VERSION names another one, which is taken from Maven's repositories. Where
# they do not have the tag's version, it is built out of the tag. -Dapi.break=false tolerates a break, which CHANGELOG.md must tell.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
version=${1:-}
modules=encoder4j-bom,encoder4j-core,encoder4j-onnx,encoder4j-hub,encoder4j-models,encoder4j-server
if [ $# != 0 ]; then shift; fi
if [ -z "$version" ]; then
    tag=$(git describe --tags --abbrev=0 --match 'v[0-9]*' 2>/dev/null) || {
        echo "check-api: there is no release yet (no tag v*), so there is no API to keep"
        exit 0
    }
    version=${tag#v}
    if ! ./build -q -B -ntp dependency:get -Dartifact=io.encoder4j:encoder4j-core:"$version" -Dtransitive=false >/dev/null 2>&1; then
        echo "check-api: building $tag, which no repository has"
        old=$(mktemp -d)
        trap 'git worktree remove --force "$old/tree" 2>/dev/null; rm -rf "$old"' EXIT
        git worktree add -q --detach "$old/tree" "$tag"
        "$old/tree/build" -q -B -ntp -DskipTests -pl "$modules" -am install
    fi
fi
echo "check-api: comparing with $version"
./build -q -B -ntp -DskipTests -Dapi.previous="$version" -pl "$modules" -am verify "$@"
echo "check-api: every program that runs with $version runs with this"
