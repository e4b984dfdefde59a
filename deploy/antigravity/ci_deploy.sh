#!/usr/bin/env bash
# Usage: ci_deploy.sh VERSION
# What the pipeline calls: deploy, and tell Slack how it went where SLACK_WEBHOOK_URL is set. Exit as the deployment.
set -uo pipefail
version="${1:?which version? ci_deploy.sh VERSION}"
here="$(dirname "$0")"
mkdir -p reports
"$here/deploy_antigravity.sh" "$version" 2>&1 | tee "reports/deploy_$version.log"
status=${PIPESTATUS[0]}
[ "$status" -eq 0 ] && said="deployed: $version is in use" || said="FAILED: $version was not deployed, see reports/deploy_$version.log"
if [ -n "${SLACK_WEBHOOK_URL:-}" ]; then
  # A notice that cannot be sent must not change how the deployment ends.
  python3 - "$said" <<'PY' || echo "the notice could not be sent"
import json, os, sys, urllib.request
body = json.dumps({"text": f"DataPilot AI: {sys.argv[1]}"}).encode()
request = urllib.request.Request(os.environ["SLACK_WEBHOOK_URL"], body, {"Content-Type": "application/json"})
urllib.request.urlopen(request, timeout=10).read()
PY
fi
exit "$status"
