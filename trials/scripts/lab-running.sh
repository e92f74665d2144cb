#!/bin/sh
# Prints the version that was deployed last; nothing when none was.
cat "$LAB_HOME/places/$SLIPWAY_ENVIRONMENT/current" 2>/dev/null || true
