"""What Kubernetes would be given for a run, built from our files without a cluster, against its schemas."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
import yaml

from gamefactory_dagster.settings import Settings, variable

kubernetes_validate = pytest.importorskip("kubernetes_validate", reason="make test-kubernetes installs it")
pytest.importorskip("dagster_k8s", reason="make test-kubernetes installs it")

pytestmark = pytest.mark.kubernetes

FOLDER = Path(__file__).parent.parent / "deploy" / "kubernetes"

RELEASES = ("1.29", "1.33", kubernetes_validate.latest_version())
"""The oldest we hold our files against, one between, the newest."""

OF_OTHERS = {
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_ENDPOINT_URL",
    "DAGSTER_POSTGRES_URL",
    "OPENBLAS_NUM_THREADS",
}


@dg.job
def a_job() -> None:
    """Nothing."""


class Cluster:
    """Takes what it is given, and does nothing."""

    def __init__(self) -> None:
        self.given: list[tuple[str, Any]] = []

    def create_namespaced_job(self, body: Any, namespace: str, **_: Any) -> None:
        self.given.append((namespace, body))


@pytest.fixture(scope="module")
def made() -> dict[str, Any]:
    """The Job of a run, as our section of dagster.yaml has it made."""
    import kubernetes
    from dagster._core.launcher import LaunchRunContext
    from dagster_k8s import launcher

    cluster = Cluster()
    client = launcher.DagsterKubernetesClient.production_client(cluster, cluster)
    section = yaml.safe_load((FOLDER / "run_launcher.yaml").read_text())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(launcher, "load_kubernetes_config", lambda **_: None)
        patch.setattr(launcher.DagsterKubernetesClient, "production_client", lambda **_: client)
        with dg.instance_for_test(overrides=section) as instance:
            origin = dg.reconstructable(a_job).get_python_origin()
            run = instance.create_run_for_job(a_job, job_code_origin=origin)
            instance.run_launcher.launch_run(LaunchRunContext(run, None))
    [(namespace, body)] = cluster.given
    assert namespace == "gamefactory"
    job: dict[str, Any] = kubernetes.client.ApiClient().sanitize_for_serialization(body)
    return job


@pytest.fixture
def job(made: dict[str, Any]) -> dict[str, Any]:
    return deepcopy(made)


def container(job: dict[str, Any]) -> dict[str, Any]:
    [found] = job["spec"]["template"]["spec"]["containers"]
    return dict(found)


def manifests() -> list[dict[str, Any]]:
    return list(yaml.safe_load_all((FOLDER / "factory.yaml").read_text()))


def named(kind: str, name: str) -> dict[str, Any]:
    [found] = [one for one in manifests() if (one["kind"], one["metadata"]["name"]) == (kind, name)]
    return found


@pytest.mark.parametrize("release", RELEASES)
def test_the_job_of_a_run_is_one_that_kubernetes_takes(job: dict[str, Any], release: str) -> None:
    kubernetes_validate.validate(job, release, strict=True)
    container_of = job["spec"]["template"]["spec"]["containers"][0]
    container_of["imag"] = container_of.pop("image")
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(job, release, strict=True)


@pytest.mark.parametrize("release", RELEASES)
@pytest.mark.parametrize("manifest", manifests(), ids=lambda one: f"{one['kind']} {one['metadata']['name']}")
def test_what_it_refers_to_is_too(manifest: dict[str, Any], release: str) -> None:
    kubernetes_validate.validate(manifest, release, strict=True)


def test_a_pod_gets_our_settings_and_secrets_and_no_secret_in_plain_words(job: dict[str, Any]) -> None:
    given = container(job)
    [settings, *_] = [one["configMapRef"]["name"] for one in given["envFrom"] if "configMapRef" in one]
    [secrets] = [one["secretRef"]["name"] for one in given["envFrom"] if "secretRef" in one]
    plain = named("ConfigMap", settings)["data"]
    hidden = named("Secret", secrets)["stringData"]
    ours = {variable(field) for field in Settings.model_fields}
    assert {name for name in {**plain, **hidden} if name not in OF_OTHERS} <= ours
    assert {"DATABASE_URL", "DAGSTER_POSTGRES_URL", "AWS_SECRET_ACCESS_KEY"} <= hidden.keys()
    assert {"GAMEFACTORY_HOME", "GAMEFACTORY_ARTIFACT_URL"} <= plain.keys()
    assert not hidden.keys() & {one["name"] for one in given["env"]}


def test_a_pod_has_a_home_it_may_write_and_the_instance_s_configuration(job: dict[str, Any]) -> None:
    pod, given = job["spec"]["template"]["spec"], container(job)
    home = named("ConfigMap", "gamefactory-settings")["data"]["GAMEFACTORY_HOME"]
    mounts = {one["mountPath"]: one["name"] for one in given["volumeMounts"]}
    volumes = {one["name"]: one for one in pod["volumes"]}
    assert volumes[mounts[home]]["emptyDir"] == {}
    assert volumes[mounts["/opt/dagster/home/dagster.yaml"]]["configMap"]["name"] == "dagster-instance"
    assert {"name": "DAGSTER_HOME", "value": "/opt/dagster/home"} in given["env"]


def test_a_run_has_one_pod_and_no_rights(job: dict[str, Any]) -> None:
    pod = job["spec"]["template"]["spec"]
    assert (job["spec"]["backoffLimit"], pod["restartPolicy"]) == (0, "Never"), (
        "the tick makes the next attempt"
    )
    assert pod["automountServiceAccountToken"] is False
    assert named("ServiceAccount", pod["serviceAccountName"])
    assert container(job)["securityContext"]["runAsNonRoot"] is True
    assert container(job)["args"][:3] == ["dagster", "api", "execute_run"]
