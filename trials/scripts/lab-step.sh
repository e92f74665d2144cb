#!/bin/sh
# One step of a lab application: takes a moment, has its effect, takes another one, and writes each of them down with the
# key Slipway gave it. Doing it again changes nothing but the log.
#   $1 deploy or migrate   LAB_HOME where it all lies   LAB_TAKES seconds before and after the effect
set -eu
kind=$1
place=$LAB_HOME/places/$SLIPWAY_ENVIRONMENT

tell() {
    printf '%s %s %s %s %s %s %s %s\n' "$(date +%s%N)" "$1" "$SLIPWAY_STEP_ID" "$$" \
        "$kind" "$SLIPWAY_ENVIRONMENT" "$SLIPWAY_VERSION" "$SLIPWAY_RELEASE" >>"$LAB_HOME/effects.log"
}

mkdir -p "$place"
tell begin
sleep "$LAB_TAKES"
case $kind in
    deploy) file=current content=$SLIPWAY_VERSION ;;
    migrate) file=schema content=1 ;;
    *) exit 2 ;;
esac
printf '%s\n' "$content" >"$place/$file.$$"
mv "$place/$file.$$" "$place/$file"
tell effect
sleep "$LAB_TAKES"
tell end

if [ "$kind" = deploy ] && [ "$(cat "$LAB_HOME/builds/$SLIPWAY_VERSION")" = BROKEN_DEPLOY ]; then
    echo "this build cannot be deployed" >&2
    exit 3
fi
