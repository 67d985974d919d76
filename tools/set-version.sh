#!/usr/bin/env bash
# set-version.sh VERSION: gives all modules, and the documentation that shows a version, a new one. The version is written in the parent's
# pom; the modules name their parent with it, as Maven wants.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
[ $# = 1 ] && [[ $1 =~ ^[0-9]+\.[0-9]+\.[0-9]+(-[A-Za-z0-9.]+)?$ ]] || { echo "usage: tools/set-version.sh 0.1.0" >&2; exit 2; }
old=$(sed -n 's:.*<version>\(.*\)</version>.*:\1:p' pom.xml | head -1)
# Only after our group: other artifacts may have the same version.
grep -rlF --include=pom.xml --include=*.md --include=*.java --include=*.sh --exclude-dir=target -- "$old" pom.xml encoder4j-*/pom.xml \
        README.md docs examples | while read -r file; do
    perl -0pi -e 's{(io\.encoder4j(?:</groupId>\s*<artifactId>|:)[\w-]+(?:</artifactId>\s*<version>|:))\Q'"$old"'\E}{${1}'"$1"'}g' "$file"
done
echo "$old -> $1; now the heading in CHANGELOG.md"
