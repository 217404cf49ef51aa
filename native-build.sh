#!/usr/bin/env bash
# Builds the native binary, target/*-runner. Arguments go on to Maven.
#
# The image builder is the first of these that is there:
#   1. GRAALVM_HOME, a GraalVM or Mandrel for JDK 21 or newer;
#   2. native-image on the PATH;
#   3. ${XAA_NATIVE_TOOLCHAIN:-../shared/tools/native-toolchain}/install.sh, which prints a GRAALVM_HOME on its last line;
#   4. a builder image, when docker or podman answers.
# XAA_NATIVE_XMX (8g) bounds the heap of the image builder.
set -euo pipefail
cd "$(dirname "$0")"

say() { echo "native-build: $*"; }
fail() { echo "native-build: $*" >&2; exit 1; }

# Succeeds when container engine $1 answers within ten seconds; a client without its engine does not count.
answers() {
  command -v "$1" >/dev/null || return 1
  "$1" info >/dev/null 2>&1 </dev/null &
  local asked=$! _
  for _ in $(seq 100); do
    kill -0 "$asked" 2>/dev/null || { wait "$asked"; return; }
    sleep 0.1
  done
  kill "$asked" 2>/dev/null
  return 1
}

toolchain=${XAA_NATIVE_TOOLCHAIN:-../shared/tools/native-toolchain}
options=()
if [ -n "${GRAALVM_HOME:-}" ]; then
  [ -x "$GRAALVM_HOME/bin/native-image" ] || fail "GRAALVM_HOME=$GRAALVM_HOME holds no bin/native-image: point it at a GraalVM or Mandrel, or unset it."
  used="GRAALVM_HOME $GRAALVM_HOME"
elif on_path=$(command -v native-image); then
  GRAALVM_HOME=$(dirname "$(dirname "$(readlink -f "$on_path")")")
  used="native-image on the PATH, $on_path"
elif [ -x "$toolchain/install.sh" ]; then
  say "installing the toolchain of $toolchain"
  toolchain=$(cd "$toolchain" && pwd)
  # From /, because it calls mvn, which would read this project's .mvn on whichever JDK comes first.
  GRAALVM_HOME=$(cd / && env -u MAVEN_PROJECTBASEDIR "$toolchain/install.sh" | tail -1) || fail "$toolchain/install.sh failed; what it said stands above."
  used="the toolchain of $toolchain, $GRAALVM_HOME"
elif answers docker; then
  options=(-Dquarkus.native.container-build=true -Dquarkus.native.container-runtime=docker)
  used="a builder image in docker"
elif answers podman; then
  options=(-Dquarkus.native.container-build=true -Dquarkus.native.container-runtime=podman)
  used="a builder image in podman"
else
  fail "no image builder found: set GRAALVM_HOME to a GraalVM or Mandrel, put native-image on the PATH, set XAA_NATIVE_TOOLCHAIN to a folder with an install.sh, or start docker or podman."
fi
if [ -n "${GRAALVM_HOME:-}" ]; then
  # mvnw may still run Maven on a newer JDK; Quarkus takes native-image from GRAALVM_HOME either way.
  export GRAALVM_HOME JAVA_HOME=$GRAALVM_HOME
fi

say "using $used"
started=$SECONDS
rm -f target/*-runner
./mvnw -B package -Dnative -DskipTests -Dquarkus.native.native-image-xmx="${XAA_NATIVE_XMX:-8g}" ${options[@]+"${options[@]}"} "$@" </dev/null
binary=$(ls target/*-runner 2>/dev/null | head -1) || true
[ -n "$binary" ] || fail "Maven succeeded but left no target/*-runner."
say "built $binary in $((SECONDS - started)) s, $(du -m "$binary" | cut -f1) MB, with $used"
