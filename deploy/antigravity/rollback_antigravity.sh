#!/usr/bin/env bash
# Usage: rollback_antigravity.sh
# Return to the version before, or to ROLLBACK_VERSION. What is well is left alone unless FORCE_ROLLBACK=1.
set -euo pipefail
exec python3 "$(dirname "$0")/../ship.py" antigravity rollback
