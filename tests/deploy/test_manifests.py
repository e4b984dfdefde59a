"""Everything below deploy/ is whole: it parses, keeps the rules of its platform, and names only what exists."""

import json
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from datapilot.cli.commands import COMMANDS
from datapilot.settings import Settings
from datapilot.telemetry.metrics import COUNTERS, GAUGES, HISTOGRAMS

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
KUBERNETES = DEPLOY / "kubernetes"
SETTINGS = {name.upper() for name in Settings.model_fields}
# Of the images and tools around us.
FOREIGN = {"VALKEY_PASSWORD", "REDISCLI_AUTH", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "S3_KEY", "S3_SECRET",
           "DATAPILOT_VERSION"}  # fmt: skip
YAMLS = sorted([*DEPLOY.rglob("*.yaml"), *DEPLOY.rglob("*.yml"), *(ROOT / ".github").rglob("*.yml")])


def documents(path: Path) -> list[dict[str, Any]]:
    """Return the documents of a YAML file."""
    return [document for document in yaml.safe_load_all(path.read_text(encoding="utf-8")) if document]


def manifests() -> Iterator[dict[str, Any]]:
    """Yield every Kubernetes object."""
    for path in sorted(KUBERNETES.glob("*.yaml")):
        if path.name != "kustomization.yaml":
            yield from documents(path)


def pods() -> dict[str, dict[str, Any]]:
    """Return the pod specification of everything that runs pods, by name."""
    found = {}
    for manifest in manifests():
        if manifest["kind"] in {"Deployment", "StatefulSet"}:
            found[manifest["metadata"]["name"]] = manifest["spec"]["template"]["spec"]
        elif manifest["kind"] == "CronJob":
            found[manifest["metadata"]["name"]] = manifest["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    return found


def called(words: list[str]) -> str:
    """Return the command of ours that an argument list calls."""
    words = [word for word in words if word != "datapilot" and not word.endswith("/datapilot")]
    return words[0]


@pytest.mark.parametrize("path", YAMLS, ids=lambda path: str(path.relative_to(ROOT)))
def test_yaml_is_whole(path: Path) -> None:
    """Every file parses and holds something."""
    assert documents(path)


@pytest.mark.spec("I1", "I6")
def test_every_setting_that_is_set_exists() -> None:
    """A name that is no setting would have no effect, and nobody would notice."""
    compose = documents(DEPLOY / "compose.yaml")[0]
    antigravity = documents(DEPLOY / "antigravity" / "antigravity.yml")[0]
    named = set(compose["x-datapilot"]["environment"]) | set(antigravity["env"]) | set(antigravity["secrets"])
    for manifest in manifests():
        named |= set(manifest.get("data", {})) if manifest["kind"] == "ConfigMap" else set()
        named |= set(manifest.get("stringData", {})) if manifest["kind"] == "Secret" else set()
    for unit in (DEPLOY / "systemd").iterdir():
        named |= set(re.findall(r"^Environment=(\w+)=", unit.read_text(), re.MULTILINE))
    named |= set(re.findall(r"^\s*(?:ENV )?([A-Z_]+)=", (DEPLOY / "Dockerfile").read_text(), re.MULTILINE)) - {
        "PATH", "PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED", "ENV", "PIP_NO_CACHE_DIR",
    }  # fmt: skip

    assert named - SETTINGS - FOREIGN == set()


@pytest.mark.spec("I1", "I6")
def test_settings_of_the_manifests_are_valid(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a ConfigMap, the platform's manifest and the compose file set is accepted by the settings themselves."""
    compose = documents(DEPLOY / "compose.yaml")[0]["x-datapilot"]["environment"]
    antigravity = documents(DEPLOY / "antigravity" / "antigravity.yml")[0]["env"]
    config = next(manifest["data"] for manifest in manifests() if manifest["kind"] == "ConfigMap")
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)

    for settings in (compose, antigravity, config):
        filled = {name: re.sub(r"\$\{\w+:?[-?]?([^}]*)\}", r"\1", str(value)) for name, value in settings.items()}
        assert Settings(**{name.lower(): value for name, value in filled.items() if value})


@pytest.mark.spec("I1")
def test_every_command_that_is_called_exists() -> None:
    """Services, scheduled jobs, hooks and units call commands that there are."""
    compose = documents(DEPLOY / "compose.yaml")[0]
    antigravity = documents(DEPLOY / "antigravity" / "antigravity.yml")[0]
    calls = [
        service["command"] for name, service in compose["services"].items() if name in {"api", "worker", "cleaner"}
    ]
    calls += [part["command"] for part in [*antigravity["services"].values(), *antigravity["jobs"].values()]]
    calls += [antigravity["services"]["worker"]["drain"]]
    for name, pod in pods().items():
        if name != "valkey":
            (container,) = pod["containers"]
            calls.append(container["args"])
            if "lifecycle" in container:
                calls.append(container["lifecycle"]["preStop"]["exec"]["command"])
    for unit in (DEPLOY / "systemd").glob("*.service"):
        calls += [shlex.split(line) for line in re.findall(r"^ExecStart=(.+)$", unit.read_text(), re.MULTILINE)]

    assert {called(call) for call in calls} == {"api", "worker", "clean", "up"}
    assert {called(call) for call in calls} <= COMMANDS.keys()


@pytest.mark.spec("I1")
@pytest.mark.parametrize("name", ["api", "worker", "cleaner", "valkey"])
def test_pods_are_restricted(name: str) -> None:
    """Not root, no way to become it, a root that cannot be written, no token of the cluster, limits of memory."""
    pod = pods()[name]
    (container,) = pod["containers"]

    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert pod["automountServiceAccountToken"] is False
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert container["resources"]["limits"]["memory"]
    assert container["resources"]["requests"]["cpu"]


@pytest.mark.spec("I1")
@pytest.mark.parametrize("name", ["api", "worker"])
def test_services_are_probed(name: str) -> None:
    """Readiness asks for health; liveness only whether the process answers, or an outage of the store would restart
    everything."""
    (container,) = pods()[name]["containers"]
    port = next(iter(container["ports"]))

    assert container["readinessProbe"]["httpGet"]["path"] in {"/api/health", "/health"}
    assert container["livenessProbe"]["tcpSocket"]["port"] == port["name"]
    assert container["startupProbe"]
    assert port["containerPort"] in {5328, Settings.model_fields["worker_health_port"].default}


@pytest.mark.spec("I1")
def test_workers_have_time_to_finish() -> None:
    """Every way to stop a worker gives a job its whole time, and tells it to drain first."""
    longest = Settings.model_fields["job_timeout_seconds"].default
    worker = pods()["worker"]
    compose = documents(DEPLOY / "compose.yaml")[0]["services"]["worker"]
    unit = (DEPLOY / "systemd" / "datapilot-worker@.service").read_text()

    assert worker["terminationGracePeriodSeconds"] > longest
    assert worker["containers"][0]["lifecycle"]["preStop"]["exec"]["command"] == ["datapilot", "worker", "--drain"]
    assert (compose["stop_signal"], compose["stop_grace_period"]) == ("SIGUSR1", "11m")
    assert "KillSignal=SIGUSR1" in unit
    assert int(re.search(r"TimeoutStopSec=(\d+)", unit)[1]) > longest  # type: ignore[index]


@pytest.mark.spec("I1")
def test_kustomization_names_files_that_exist_and_selectors_that_match() -> None:
    """Every file is there, secrets are not among them, and policies and budgets select pods that there are."""
    kustomization = documents(KUBERNETES / "kustomization.yaml")[0]
    labels = {
        manifest["spec"].get("template", manifest["spec"].get("jobTemplate", {}).get("spec", {}).get("template", {}))[
            "metadata"
        ]["labels"]["app.kubernetes.io/name"]
        for manifest in manifests()
        if manifest["kind"] in {"Deployment", "StatefulSet", "CronJob"}
    }
    selected = re.findall(
        r"app\.kubernetes\.io/name: (\w+)", "\n".join(p.read_text() for p in KUBERNETES.glob("*.yaml"))
    )

    assert [name for name in kustomization["resources"] if not (KUBERNETES / name).is_file()] == []
    assert "secret.example.yaml" not in kustomization["resources"]
    assert set(selected) <= labels
    assert {"ScaledObject", "CronJob", "PodDisruptionBudget", "NetworkPolicy"} <= {m["kind"] for m in manifests()}


@pytest.mark.skipif(not shutil.which("kubectl"), reason="kubectl is not here")
@pytest.mark.spec("I1")
def test_kustomization_builds() -> None:
    """The tool itself puts it together, every image with a version."""
    built = subprocess.run(
        ["kubectl", "kustomize", KUBERNETES], capture_output=True, text=True, check=False, timeout=60
    )

    if 'unknown field "labels"' in built.stderr:
        pytest.skip("this kubectl is older than what the kustomization uses")
    assert built.returncode == 0, built.stderr
    images = re.findall(r"image: (\S+)", built.stdout)
    assert images
    assert [image for image in images if ":" not in image or image.endswith(":latest")] == []


@pytest.mark.spec("I1")
def test_image_keeps_the_rules() -> None:
    """Not root at the end, pinned base, dependencies by hash, a health check, nothing fetched by address."""
    text = (DEPLOY / "Dockerfile").read_text()
    lines = re.sub(r"\\\n", " ", "\n".join(line for line in text.splitlines() if not line.startswith("#"))).splitlines()
    orders = [(line.split(None, 1)[0], line.split(None, 1)[1]) for line in lines if line.strip()]
    last = dict(orders)

    assert last["USER"] == "10001:10001"
    assert all(":" in value and "latest" not in value for order, value in orders if order == "FROM")
    assert "HEALTHCHECK" in last
    assert "--require-hashes" in text
    assert not [order for order, _ in orders if order == "ADD"]
    assert "sudo" not in text
    assert "curl" not in text
    assert json.loads(last["ENTRYPOINT"]) == ["datapilot"]
    assert json.loads(last["CMD"])[0] in COMMANDS
    copied = [
        word for order, value in orders if order == "COPY" and "--from" not in value for word in value.split()[:-1]
    ]
    assert [name for name in copied if not (ROOT / name).exists()] == []


@pytest.mark.spec("I1")
def test_compose_has_the_three_services_and_their_stores() -> None:
    """API, two workers and the cleaner of one image, read-only and not root; a Redis that writes down what it is told;
    a bucket that is there before anybody needs it."""
    compose = documents(DEPLOY / "compose.yaml")[0]
    services = compose["services"]

    for name in ("api", "worker", "cleaner"):
        assert services[name]["image"] == compose["x-datapilot"]["image"]
        assert (services[name]["read_only"], services[name]["user"]) == (True, "10001:10001")
        assert services[name]["cap_drop"] == ["ALL"]
        assert any(str(volume).endswith("/data") for volume in services[name]["volumes"])
    assert services["worker"]["deploy"]["replicas"] == 2
    assert "--appendonly" in services["valkey"]["command"]
    assert services["api"]["ports"] == ["127.0.0.1:5328:5328"]
    for service in services.values():
        assert set(service.get("depends_on", {})) <= services.keys()
    used = {
        str(volume).split(":")[0] for s in services.values() for volume in s.get("volumes", []) if ":" in str(volume)
    }
    assert used == set(compose["volumes"])


@pytest.mark.spec("I1", "I6")
def test_containers_take_every_setting_from_one_file() -> None:
    """Whoever wants a model, Sentry or another lifetime writes a line into deploy/.env; only what ties the containers
    together is fixed in the compose file."""
    services = documents(DEPLOY / "compose.yaml")[0]["services"]
    fixed = {name for name, value in services["api"]["environment"].items() if not str(value).startswith("${")}

    for name in ("api", "worker", "cleaner"):
        assert services[name]["env_file"] == [".env"]
    assert fixed == {
        "DATA_DIR", "REDIS_URL", "BLOB_ENABLED", "BLOB_BUCKET", "BLOB_ENDPOINT_URL", "WORKER_HEALTH_HOST"
    }  # fmt: skip


@pytest.mark.spec("I1")
def test_units_are_hardened_and_restarted() -> None:
    """Services come back when they end, and may write nowhere but in their folder."""
    for unit in (DEPLOY / "systemd").glob("*.service"):
        text = unit.read_text()
        assert "NoNewPrivileges=yes" in text, unit
        assert "UMask=0077" in text, unit  # reports, metrics and temporary files are nobody else's either
        assert "ProtectSystem=strict" in text, unit
        assert "ReadWritePaths=/opt/datapilot/shared" in text, unit
        if "Type=oneshot" not in text:
            assert "Restart=always" in text, unit


@pytest.mark.spec("G5")
def test_every_alert_is_tried_both_ways() -> None:
    """The cases for Prometheus' own test have one in which each alert fires and one in which it does not."""
    cases = documents(DEPLOY / "prometheus" / "alerts_test.yml")[0]["tests"]
    rules = [rule for group in documents(DEPLOY / "prometheus" / "alerts.yml")[0]["groups"] for rule in group["rules"]]
    tried = [tried for case in cases for tried in case["alert_rule_test"]]

    for fires in (True, False):
        assert {one["alertname"] for one in tried if bool(one["exp_alerts"]) is fires} == {r["alert"] for r in rules}


@pytest.mark.spec("G5")
def test_alerts_and_dashboard_ask_for_figures_that_there_are() -> None:
    """Every name in an expression is one that /metrics tells, and the four alerts that were promised are there."""
    rules = [rule for group in documents(DEPLOY / "prometheus" / "alerts.yml")[0]["groups"] for rule in group["rules"]]
    dashboard = json.loads((DEPLOY / "grafana" / "dashboard.json").read_text())
    expressions = [rule["expr"] for rule in rules]
    expressions += [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
    words = {
        "sum",
        "max",
        "min",
        "increase",
        "rate",
        "absent",
        "histogram_quantile",
        "by",
        "le",
        "or",
        "job",
        "m",
        "datapilot",
    }
    told = {*COUNTERS, *GAUGES, *(f"{name}_{part}" for name in HISTOGRAMS for part in ("bucket", "sum", "count"))}

    assert {rule["alert"] for rule in rules} >= {"JobsFail", "WorkersSilent", "BreakerOpen", "RedisErrors"}
    for expression in expressions:
        assert set(re.findall(r"[a-z_]+", re.sub(r'"[^"]*"', "", expression))) - words <= told, expression
        assert expression.count("(") == expression.count(")")
    runbook = (ROOT / "docs" / "runbook.md").read_text()
    anchors = {heading.lower().replace(" ", "-") for heading in re.findall(r"^#+ (.+)$", runbook, re.MULTILINE)}
    assert {rule["annotations"]["runbook"].partition("#")[2] for rule in rules} <= anchors


@pytest.mark.skipif(not shutil.which("promtool"), reason="promtool is not here")
@pytest.mark.spec("G5")
def test_prometheus_itself_accepts_rules_and_configuration() -> None:
    """Its own checker finds nothing, and every alert fires when it should and only then."""
    for words, file in (
        (("check", "rules"), "alerts.yml"),
        (("check", "config", "--syntax-only"), "prometheus.yml"),
        (("test", "rules"), "alerts_test.yml"),
    ):
        checked = subprocess.run(
            ["promtool", *words, DEPLOY / "prometheus" / file],
            capture_output=True,
            text=True,
            check=False,
        )
        assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.spec("I4")
def test_pipeline_tests_first_and_deploys_with_scripts_that_there_are() -> None:
    """Deployment waits for the tests, runs on main and staging alone, and keeps its reports whatever happens."""
    pipeline = documents(ROOT / ".github" / "workflows" / "ci.yml")[0]
    deploy = pipeline["jobs"]["deploy"]
    steps = [step.get("run", "") for job in pipeline["jobs"].values() for step in job["steps"]]
    scripts = [word for step in steps for word in re.findall(r"(?:^|\s)((?:deploy|\.ci)/[\w./-]+)", step)]

    assert pipeline[True]["push"]["branches"] == ["main", "staging"]  # YAML reads `on` as true
    assert deploy["needs"] == "test"
    assert deploy["if"] == "github.event_name == 'push'"
    assert scripts
    assert [script for script in scripts if not (ROOT / script).exists()] == []
    kept = [
        step for job in pipeline["jobs"].values() for step in job["steps"] if "upload-artifact" in step.get("uses", "")
    ]
    assert {step["if"] for step in kept} == {"always()"}
