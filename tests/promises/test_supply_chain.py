"""What is installed is what was locked; what is uploaded is listed; no rule of ours is broken anywhere in the code."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra import licences, sbom

ROOT = Path(__file__).parents[2]
LOCKS = [
    "requirements.txt",
    "media/requirements.txt",
    "requirements-dev.txt",
    "infra/local/emulator-requirements.txt",
    "infra/local/node-requirements.txt",
]
PRODUCT = sorted((ROOT / "chalicelib").rglob("*.py"))
SHIPPED = [ROOT / "app.py", *PRODUCT, *sorted((ROOT / "media").rglob("*.py"))]
SOURCES = {path: ast.parse(path.read_text()) for path in SHIPPED}


def short(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_has_hashes(lock: str) -> None:
    found = list(sbom.pins(lock))

    assert found
    assert [name for name, _, digests in found if not digests] == []
    assert len(found) == len(re.findall(r"(?m)^[A-Za-z0-9._-]+==", (ROOT / lock).read_text()))


def test_every_direct_dependency_is_pinned_to_one_version_and_locked() -> None:
    for source in ("requirements.in", "media/requirements.in"):
        asked = [line for line in (ROOT / source).read_text().split() if line]
        assert [line for line in asked if not re.fullmatch(r"[a-z0-9-]+==[\d.]+", line)] == []
        locked = {f"{name}=={version}" for name, version, _ in sbom.pins(source.replace(".in", ".txt"))}
        assert set(asked) <= locked


def test_every_package_of_the_web_app_is_locked_by_digest_and_may_be_carried() -> None:
    found = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    served = {place: one for place, one in found.items() if place and not one.get("dev")}

    assert served
    assert [place for place, one in served.items() if not str(one.get("integrity", "")).startswith("sha512-")] == []
    assert [place for place, one in served.items() if licences.refuses(one.get("license") or "AGPL")] == []
    assert [place for place, one in found.items() if "resolved" in one] == []


def test_the_bill_of_materials_lists_all_that_is_uploaded_and_is_the_same_every_time() -> None:
    bill = sbom.bill()
    python = {one["name"] for one in bill["components"] if one["purl"].startswith("pkg:pypi/")}

    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    assert python == set(licences.distributions())
    assert {"preact", "htm"} <= {one["name"] for one in bill["components"]}
    assert [
        one["purl"] for one in bill["components"] if not one["hashes"] or not one["licenses"][0]["license"]["name"]
    ] == []
    assert len({one["bom-ref"] for one in bill["components"]}) == len(bill["components"])
    assert sbom.text() == sbom.text()


def calls(name: str) -> Iterator[tuple[Path, ast.Call]]:
    """Calls of a function or method of this name in what is shipped."""
    for path, tree in SOURCES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == name:
                yield path, node


def imports(path: Path) -> set[str]:
    """Top names of everything a module imports, wherever in it."""
    found = set[str]()
    for node in ast.walk(SOURCES[path]):
        if isinstance(node, ast.Import):
            found |= {one.name.partition(".")[0] for one in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.partition(".")[0])
    return found


def test_addresses_are_signed_where_buckets_are_asked_by_a_client_of_the_newer_signature() -> None:
    signing = {short(path) for path, _ in calls("generate_presigned_url")}
    clients = [node for _, node in calls("client") if ast.unparse(node.args[0]) == "'s3'"]
    wiring = (ROOT / "chalicelib" / "wiring.py").read_text()

    assert signing == {"chalicelib/adapters/store_s3.py", "chalicelib/adapters/search_objects.py"}
    assert list(calls("generate_presigned_post")) == []
    assert [ast.unparse(one) for one in clients] == ["session.client('s3', config=signing)"]
    assert re.search(r'signing = Config\(.*signature_version="s3v4"', wiring)


def test_nothing_reads_a_whole_table() -> None:
    text = {short(path): path.read_text() for path in SHIPPED}

    assert [short(path) for name in ("scan", "rate_limited_scan") for path, _ in calls(name)] == []
    assert [name for name, code in text.items() if re.search(r"[\"']scan[\"']", code, re.I)] == []


CLIENTS = {"boto3", "botocore", "requests", "httplib2", "urllib3", "googleapiclient", "socket", "http", "smtplib"}


def test_clients_of_the_outside_are_made_in_adapters_and_wiring_alone() -> None:
    allowed = ("chalicelib/adapters/", "chalicelib/wiring.py", "chalicelib/models/connection.py", "media/download.py")
    found = {short(path): imports(path) & CLIENTS for path in SHIPPED}

    assert {path: names for path, names in found.items() if names and not path.startswith(allowed)} == {}


def test_rows_are_put_whole_only_where_a_condition_or_a_transaction_says_what_they_replace() -> None:
    loose = [
        f"{short(path)}:{node.lineno}"
        for path, node in calls("save")
        if short(path).startswith("chalicelib/models/")
        and not any(one.arg == "condition" for one in node.keywords)
        and not ast.unparse(node.func).startswith("transaction.")
    ]

    assert loose == []
    assert list(calls("batch_write")) == []


FORBIDDEN = ("eval", "exec", "system", "popen", "mktemp", "loads_unsafe", "unsafe_load", "full_load", "compile_command")


def test_nothing_is_run_or_unpacked_that_came_from_outside() -> None:
    dangerous = {"pickle", "marshal", "shelve", "dill", "telnetlib", "ftplib"}
    words = [(path, node) for path, tree in SOURCES.items() for node in ast.walk(tree) if isinstance(node, ast.keyword)]
    shells = [short(path) for path, word in words if word.arg == "shell" and ast.unparse(word.value) != "False"]

    assert [(short(path), name) for name in FORBIDDEN for path, _ in calls(name)] == []
    assert {short(path): imports(path) & dangerous for path in SHIPPED if imports(path) & dangerous} == {}
    assert shells == []
    assert {short(path) for path in SHIPPED if "subprocess" in imports(path)} == {"media/supervise.py"}


SECRET = re.compile(r"token|secret|password|passphrase|bearer|credential", re.I)


def test_no_line_of_the_log_is_given_a_secret() -> None:
    told = [
        f"{short(path)}:{node.lineno} {ast.unparse(word)}"
        for name in ("note", "trouble", "about")
        for path, node in calls(name)
        if ast.unparse(node.func).startswith("observe.")
        for word in node.keywords
        if SECRET.search(ast.unparse(word))
    ]

    assert told == []
