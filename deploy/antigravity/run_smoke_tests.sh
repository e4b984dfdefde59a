#!/usr/bin/env bash
# Usage: run_smoke_tests.sh [URL]
# Try the server at URL from outside, or what is active on Antigravity; the report goes to reports/.
set -euo pipefail
if [ -n "${1:-}" ]; then
  program=$(command -v datapilot || echo "$(dirname "$0")/../../.venv/bin/datapilot")
  exec "$program" smoke "$1"
fi
exec python3 "$(dirname "$0")/../ship.py" antigravity smoke
