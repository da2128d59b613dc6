#!/bin/sh
# The operator's command line: docker compose exec core1 parley doctor
exec node /app/core/src/cli/main.ts "$@"
