#!/usr/bin/env bash
# Usage: deploy_antigravity.sh VERSION
# Release, activate, verify and smoke-test the version on Antigravity; rolls back by itself when a step fails.
# Needs ANTIGRAVITY_API_ENDPOINT and ANTIGRAVITY_API_KEY; IMAGE is the image without its tag.
set -euo pipefail
: "${1:?which version? deploy_antigravity.sh VERSION}"
exec python3 "$(dirname "$0")/../ship.py" antigravity deploy "$1"
