#!/usr/bin/env bash
# Usage: verify_deploy.sh
# Wait until what is active says that it is well; exit 1 when it does not within a minute.
set -euo pipefail
exec python3 "$(dirname "$0")/../ship.py" antigravity verify
