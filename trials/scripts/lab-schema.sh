#!/bin/sh
# Prints the version of the schema.
cat "$LAB_HOME/places/$SLIPWAY_ENVIRONMENT/schema" 2>/dev/null || echo 0
