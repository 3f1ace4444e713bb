#!/bin/bash
# Publishes samples/EchoServer in three forms into artifacts/start and prints what each takes: the files to deploy, and from
# the start of the process to its ready line, by the median of some starts. Needs gcc or clang.
#   benchmarks/start.sh [STARTS]
set -eu
cd "$(dirname "$0")/.."
starts=${1:-21}
out=artifacts/start
export LC_ALL=C IOPOOL_DRIVER=
rid=$(dotnet --info | awk '$1 == "RID:" { print $2 }')

publish() {
    local form=$1
    shift
    rm -rf "${out:?}/$form"
    dotnet publish samples/EchoServer -c Release -r "$rid" "-p:PublishSample=$form" \
        --artifacts-path "$out/build" -o "$out/$form" "$@" || exit 1
    rm -f "$out/$form"/*.dbg "$out/$form"/*.pdb "$out/$form"/*.xml
}

# Milliseconds to the ready line, and KiB of memory at that moment.
start_once() {
    local begin=$EPOCHREALTIME line process memory
    exec {server}< <(exec "$1" --port 0 --loops 1)
    process=$!
    read -r line <&"$server"
    local end=$EPOCHREALTIME
    [[ $line == *ready* ]] || { echo "no ready line: $line" >&2; exit 1; }
    memory=$(awk '/^VmRSS/ { print $2 }' "/proc/$process/status")
    kill -TERM "$process"
    wait "$process"
    exec {server}<&-
    echo "$(((${end/./} - ${begin/./}) / 1000)) $memory"
}

median() { sort -n | awk '{ values[NR] = $1 } END { print values[int((NR + 1) / 2)] }'; }

row() {
    local name=$1 form=$2 i figures=()
    for ((i = 0; i < starts; i++)); do figures+=("$(start_once "$out/$form/EchoServer")"); done
    printf '| %s | %.1f MB | %d | %s ms | %.0f MB |\n' "$name" \
        "$(du -sb "$out/$form" | awk '{ print $1 / 1e6 }')" "$(find "$out/$form" -type f | wc -l)" \
        "$(printf '%s\n' "${figures[@]}" | cut -d' ' -f1 | median)" \
        "$(printf '%s\n' "${figures[@]}" | cut -d' ' -f2 | median | awk '{ print $1 * 1.024 / 1e3 }')"
}

publish plain --self-contained false
publish trimmed --self-contained
publish native
echo
echo "| Form | Size | Files | Start | Memory |"
echo "|---|---:|---:|---:|---:|"
row "Needs the .NET runtime" plain
row "Trimmed, with its runtime" trimmed
row "Native" native
