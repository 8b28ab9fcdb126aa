"""The bundle: the CLI's own schema where it is at hand; always that every reference, file and setting exists."""

import copy
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

root = Path(__file__).resolve().parent.parent.parent
schema_file = root.parent / "shared" / "data" / "databricks_bundle_schema.json"
# Ids that the workspace gives: no file of ours can name them.
given = {"bundle": {"name", "target"}, "workspace": {"current_user"}}
Document = dict[str, Any]


def load(name: str) -> Document:
    document: Document = yaml.safe_load((root / name).read_text())
    return document


@pytest.fixture
def bundle() -> Document:
    """All files merged into one document, as the CLI merges them."""
    whole = load("databricks.yml")
    whole["resources"] = {}
    for file in sorted((root / "resources").glob("*.yml")):
        for kind, resources in load(f"resources/{file.name}")["resources"].items():
            whole["resources"].setdefault(kind, {}).update(resources)
    return whole


def texts(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for child in node.values():
            yield from texts(child)
    elif isinstance(node, list):
        for child in node:
            yield from texts(child)


def dangling(bundle: Document) -> list[str]:
    """References `${…}` that nothing in the bundle answers."""
    references = [reference for text in texts(bundle) for reference in re.findall(r"\$\{([^}]+)\}", text)]
    return [reference for reference in references if not _answered(bundle, reference.split("."))]


def _answered(bundle: Document, path: list[str]) -> bool:
    kind, name, *rest = path
    if kind == "var":
        return name in bundle["variables"]
    if kind == "resources":
        return rest[0] in bundle["resources"].get(name, {})
    return name in given.get(kind, set())


def test_every_reference_is_answered(bundle: Document) -> None:
    assert dangling(bundle) == []


@pytest.mark.parametrize("reference", ["${var.nope}", "${resources.jobs.nope.id}", "${bundle.nope}", "${nope.nope}"])
def test_a_dangling_reference_is_found(bundle: Document, reference: str) -> None:
    bundle["resources"]["jobs"]["refresh"]["name"] = f"x-{reference}"
    assert dangling(bundle) == [reference[2:-1]]


def test_every_variable_is_used_and_has_a_value_in_each_target(bundle: Document) -> None:
    used = set(re.findall(r"\$\{var\.(\w+)\}", json.dumps(bundle)))
    assert used == set(bundle["variables"])
    without = {name for name, variable in bundle["variables"].items() if not {"default", "lookup"} & set(variable)}
    for target in bundle["targets"].values():
        assert without <= set(target["variables"])


def test_the_app_names_only_resources_that_it_has(bundle: Document) -> None:
    (app,) = bundle["resources"]["apps"].values()
    have = {resource["name"] for resource in app["resources"]}
    assert {variable["value_from"] for variable in app["config"]["env"] if "value_from" in variable} == have


def test_app_yaml_and_the_bundle_start_the_same_program_with_the_same_variables(bundle: Document) -> None:
    (app,) = bundle["resources"]["apps"].values()
    alone = load("app.yaml")
    assert alone["command"] == app["config"]["command"]
    in_bundle = {variable["name"]: variable.get("value_from") for variable in app["config"]["env"]}
    assert {variable["name"]: variable.get("valueFrom") for variable in alone["env"]} == in_bundle


@pytest.mark.parametrize("name", [variable["name"] for variable in load("app.yaml")["env"]])
def test_every_variable_of_the_app_is_a_setting(name: str) -> None:
    sources = "".join(file.read_text() for file in (root / "linesync").rglob("*.py") if "tests" not in file.parts)
    assert f'"{name}"' in sources


def test_paths_exist_and_the_pipelines_code_is_where_it_says(bundle: Document) -> None:
    resources = root / "resources"
    (app,) = bundle["resources"]["apps"].values()
    (pipeline,) = bundle["resources"]["pipelines"].values()
    assert (resources / app["source_code_path"] / "linesync" / "start" / "__main__.py").exists()
    assert (resources / pipeline["root_path"] / "pipelines" / "__init__.py").exists()
    (library,) = pipeline["libraries"]
    assert library["glob"]["include"] == "../pipelines/transformations/**"


def test_the_app_starts_a_module_that_exists_and_needs_no_shell(bundle: Document) -> None:
    (app,) = bundle["resources"]["apps"].values()
    assert app["config"]["command"] == ["python", "-m", "linesync.start"]


def test_schedules_rest_in_dev_and_the_ledger_is_never_destroyed(bundle: Document) -> None:
    assert bundle["targets"]["dev"]["variables"]["schedule_status"] == "PAUSED"
    assert bundle["resources"]["postgres_projects"]["linesync"]["lifecycle"]["prevent_destroy"] is True
    assert bundle["resources"]["postgres_projects"]["linesync"]["enable_pg_native_login"] is False


def test_what_the_platform_installs_is_pinned_by_hash_and_has_no_spark() -> None:
    lines = (root / "requirements.txt").read_text().splitlines()
    packages = [line.split("==")[0] for line in lines if re.match(r"[a-z]", line)]
    assert {"django", "psycopg", "databricks-sdk", "gunicorn", "openai", "procrastinate"} <= set(packages)
    assert not {"pyspark", "pytest"} & set(packages)
    assert sum("--hash=sha256:" in line for line in lines) >= len(packages)


@pytest.fixture(scope="module")
def validator() -> Any:
    if not schema_file.exists():
        pytest.skip(f"the CLI's schema is not at {schema_file.relative_to(root.parent)}")
    import jsonschema  # type: ignore[import-untyped]

    # Go's letter and number classes, which Python's re does not know.
    text = schema_file.read_text().replace(r"[\\p{L}\\p{N}]", "[A-Za-z0-9]").replace(r"\\p{L}", "[A-Za-z]")
    schema = json.loads(text)
    return jsonschema.validators.validator_for(schema, default=jsonschema.Draft202012Validator)(schema)


def test_the_bundle_is_what_the_cli_accepts(bundle: Document, validator: Any) -> None:
    files = [load("databricks.yml"), *(yaml.safe_load(f.read_text()) for f in (root / "resources").glob("*.yml"))]
    for document in [bundle, *files]:
        assert [error.message for error in validator.iter_errors(document)] == []


@pytest.mark.parametrize(
    ("place", "wrong"),
    [
        (("pipelines", "linesync", "sheduled"), True),
        (("apps", "linesync", "config", "env", 0, "valueFrom"), "postgres"),
        (("apps", "linesync", "resources", 1, "serving_endpoint", "permission"), "CAN_USE"),
        (("jobs", "refresh", "schedule", "quartz_cron_schedule"), "0 0 * * * ?"),
        (("postgres_projects", "linesync", "pg_version"), "seventeen"),
    ],
)
def test_the_schema_bites(bundle: Document, validator: Any, place: tuple[int | str, ...], wrong: bool | str) -> None:
    spoilt = copy.deepcopy(bundle)
    node = spoilt["resources"]
    for key in place[:-1]:
        node = node[key]
    node[place[-1]] = wrong
    assert list(validator.iter_errors(spoilt))
