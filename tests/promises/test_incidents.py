"""A museum of what went wrong in other asset managers and photo servers: each kind of accident, tried on us.

Only what exists here today can be tried. Shares, exports, saved searches and outbound calls join with their features.
"""

import ast
import json
import re
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from PIL import features

import app as product
from chalicelib.domain.access import ALL, Grant, Right
from chalicelib.domain.ids import AssetId
from chalicelib.handlers.http import ROUTES, Route
from chalicelib.models import base, credentials, workspaces
from chalicelib.services import links, signing
from infra.local import template
from infra.local.pump import jobs
from infra.local.stack import Stack
from infra.policies import EVERYWHERE
from tests.builders import Shop, a_photo, a_shop, call
from tests.principals import CANARY, UNKNOWN, a_key, blind_to, things

ROOT = Path(__file__).parents[2]
CLOSED = [route for route in ROUTES if product.app.routes and route.needs.on != "public"]


def policies() -> dict[str, list[dict[str, Any]]]:
    found = {path.stem: json.loads(path.read_text())["Statement"] for path in (ROOT / ".chalice").glob("policy-*.json")}
    assert found
    return found


def sources(*folders: str) -> dict[str, ast.Module]:
    return {
        str(path.relative_to(ROOT)): ast.parse(path.read_text())
        for folder in folders
        for path in (ROOT / folder).rglob("*.py")
    }


def imported(tree: ast.Module) -> set[str]:
    names = {one.name for node in ast.walk(tree) if isinstance(node, ast.Import) for one in node.names}
    return names | {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}


# The presence of a token was taken as proof.


@pytest.mark.parametrize("route", CLOSED, ids=lambda one: f"{one.method} {one.path}")
def test_a_token_counts_for_what_it_is_and_not_for_being_there(stack: object, route: Route) -> None:
    path = re.sub(r"{\w+}", UNKNOWN, route.path)

    for token in ("", " ", "null", "undefined", "true", "0", "[]", "ps_", "*", "ps_" + "x" * 60):
        bearer = call(route.method, path, Authorization=f"Bearer {token}")
        bare = call(route.method, path, Authorization=token)
        cookie = call(route.method, path, Cookie=f"packshot_session={token}")

        assert {bearer.status, bare.status, cookie.status} == {401}, token


def test_a_key_counts_only_whole(shop: Shop) -> None:
    prefix = shop.key.rpartition("_")[0]
    other = a_shop()
    spoiled = [
        prefix,
        shop.key[:-1],
        shop.key + "x",
        shop.key.swapcase(),
        f"{prefix}_{'x' * 43}",
        f"{prefix}_{other.key.rpartition('_')[2]}",
    ]

    assert {call("GET", "/v1/me", Authorization=f"Bearer {one}").status for one in spoiled} == {401}
    assert call("GET", "/v1/me", Authorization=f"Bearer {shop.key}").status == 200


# A revoked key went on working for as long as an answer was cached.


def test_a_revoked_key_is_over_at_the_next_request(shop: Shop) -> None:
    key = a_key(shop, Grant(allow=ALL))
    before = call("GET", "/v1/me", Authorization=f"Bearer {key}").status

    prefix = signing.key_prefix(key)
    assert prefix is not None
    base.transact([credentials.remove(prefix), workspaces.raise_epoch(shop.workspace)])

    assert (before, call("GET", "/v1/me", Authorization=f"Bearer {key}").status) == (200, 401)


# A key raised its own rights.


def test_a_key_limited_to_reading_cannot_change_what_its_owner_can(shop: Shop) -> None:
    ids = things(shop)
    key = a_key(shop, Grant(allow=ALL), limits={"rights": ["view"]})

    reply = call("PATCH", f"/v1/assets/{ids['asset_id']}", {"title": "mine"}, Authorization=f"Bearer {key}")

    assert reply.status == 403
    assert call("GET", "/v1/me", Authorization=f"Bearer {key}").body["rights"] == ["see", "view"]


# One way to list forgot the filter that all others had.


@pytest.mark.requirement("R18")
def test_what_is_hidden_is_in_no_list_and_in_no_count(shop: Shop) -> None:
    ids = things(shop)
    no_asset, no_collection = a_key(shop, *blind_to(ids, "asset")), a_key(shop, *blind_to(ids, "collection"))

    listed = call("GET", f"/v1/assets?collection_id={ids['collection_id']}", Authorization=f"Bearer {no_asset}")
    tree = call("GET", "/v1/collections", Authorization=f"Bearer {no_collection}")
    root = next(one for one in tree.body["items"] if one["parent_id"] is None)

    assert ids["asset_id"] not in {one["id"] for one in listed.body["items"]}
    assert CANARY not in json.dumps(tree.body)
    assert root["has_children"] is False


@pytest.mark.requirement("R18")
def test_a_duplicate_never_names_an_asset_that_its_reader_may_not_see(shop: Shop) -> None:
    shop.drop("hidden.jpg", a_photo())
    shop.drop("open.jpg", a_photo())
    by_name = {one["name"]: one["id"] for one in shop.assets()}
    hidden = AssetId(by_name["hidden.jpg"])
    key = a_key(shop, Grant(allow=ALL), Grant(asset_id=hidden, deny=Right.SEE.bit))

    seen = call("GET", f"/v1/assets/{by_name['open.jpg']}", Authorization=f"Bearer {key}").body

    assert shop.call("GET", f"/v1/assets/{by_name['open.jpg']}").body["duplicate_of"] == hidden
    assert seen["duplicate_of"] is None


# Passwords and tokens lay in clear text in the database.


def test_no_table_holds_a_secret_that_opens_anything(stack: Stack, shop: Shop) -> None:
    token = secrets.token_urlsafe(32)
    links.issue_at_start(shop.ctx, shop.workspace, a_member(shop), token)
    signed_in = call("POST", "/v1/sessions", {"token": token})
    made = shop.call(
        "POST", "/v1/shares",
        {"target": {"q": ""}, "switches": {"view": True}, "password": "Tr0ub4dor&3 in clear"},
    ).body  # fmt: skip
    visit = call("POST", "/v1/share-sessions", {"token": made["token"], "password": "Tr0ub4dor&3 in clear"}).body
    session = signed_in.headers["set-cookie"].partition("=")[2].partition(";")[0]
    db = stack.clients.dynamodb

    rows = [
        json.dumps(row, default=str)
        for table in db.list_tables()["TableNames"]
        for page in db.get_paginator("scan").paginate(TableName=table)
        for row in page["Items"]
    ]

    assert (signed_in.status, len(session) > 30, bool(rows)) == (201, True, True)
    for secret in (shop.key, shop.key.split("_", 2)[2], token, session, made["token"], visit["session"], "Tr0ub4dor"):
        assert not [row for row in rows if secret in row]


def a_member(shop: Shop) -> str:
    prefix = signing.key_prefix(shop.key)
    found = credentials.find(prefix) if prefix else None
    assert found is not None
    return found.member_id


# A function could read every bucket of the account.


def test_no_function_may_do_anything_anywhere() -> None:
    for name, statements in policies().items():
        for part in statements:
            assert part["Effect"] == "Allow"
            for entry in (*part["Action"], *part["Resource"]):
                text = entry["Fn::Sub"] if isinstance(entry, dict) else entry
                is_only_way = entry in part["Resource"] and {*part["Action"]} <= EVERYWHERE
                assert text not in ("s3:*", "dynamodb:*", "sqs:*"), name
                assert is_only_way or text != "*", name
                assert "arn:aws:s3:::*" not in text, name


# A file that is a page ran its script on the site of the application.


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("a.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
        ("a.html", b"<!doctype html><script>alert(1)</script>"),
        ("a.jpg", b"<!doctype html><script>alert(1)</script>"),
        ("a.pdf", b"%PDF-1.7 <script>"),
    ],
)
def test_an_original_with_active_content_never_opens_in_the_page_of_the_app(shop: Shop, name: str, body: bytes) -> None:
    shop.drop(name, body)
    (asset,) = shop.assets()

    location = shop.call("GET", f"/v1/assets/{asset['id']}/download?original=true").headers["location"]
    answer = requests.get(location, timeout=20)

    assert answer.content == body
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert urlsplit(location).netloc != urlsplit(shop.ctx.settings.url).netloc
    assert asset["thumb_url"] is None


# A picture decoder was older than the hole in it.


def test_the_bundled_webp_decoder_is_newer_than_its_hole_of_2023() -> None:
    version = tuple(int(part) for part in str(features.version("webp")).split("."))

    assert version >= (1, 3, 2)


# A file's name reached a shell, a page description language or a helper program.


def test_only_the_keeper_of_the_picture_child_starts_a_program_and_never_a_shell() -> None:
    starting = {"subprocess", "os.system", "pty", "multiprocessing"}

    starters = {path for path, tree in sources("chalicelib", "media").items() if imported(tree) & starting}
    text = "".join(path.read_text() for folder in ("chalicelib", "media") for path in (ROOT / folder).rglob("*.py"))

    assert starters == {"media/supervise.py"}
    assert "shell=True" not in text
    assert "os.system(" not in text
    assert "os.popen(" not in text


# An archive unpacked itself over other files.


def test_nothing_of_ours_unpacks_what_people_send() -> None:
    unpackers = {"zipfile", "tarfile", "shutil.unpack_archive", "rarfile", "py7zr"}

    found = {path: tree for path, tree in sources("chalicelib", "media").items() if imported(tree) & unpackers}

    assert set(found) == {"chalicelib/domain/bundles.py"}, "which only packs"
    (tree,) = found.values()
    opened = [one for one in ast.walk(tree) if isinstance(one, ast.Call) and "ZipFile" in ast.unparse(one.func)]
    assert [ast.unparse(one.args[1]) for one in opened] == ["'w'"]


# A function wrote into the bucket that called it, for ever.


def test_no_job_that_the_inbox_wakes_may_write_into_the_inbox() -> None:
    woken = [
        job.name for job in jobs(product.app, ROOT / "infra" / "app.yml") if job.queue[-6:] in ("events", "ingest")
    ]

    assert len(woken) == 2
    for name in woken:
        for part in policies()[f"policy-{name}"]:
            assert "s3:*" not in part["Action"]
            assert "s3:PutObject" not in part["Action"] or "inbox" not in json.dumps(part["Resource"])


# Stolen keys encrypted a bucket with a key of the thief's.


def test_buckets_refuse_foreign_encryption_keys_and_plain_connections_and_keep_versions() -> None:
    declared = template.resources(ROOT / "infra" / "data.yml", {"Stage": "prod", "AppOrigin": "https://x"})
    buckets = {one.properties["BucketName"]: one.properties for one in declared if one.type == "AWS::S3::Bucket"}
    guarded = {
        one.properties["Bucket"]: {part["Sid"] for part in one.properties["PolicyDocument"]["Statement"]}
        for one in declared
        if one.type == "AWS::S3::BucketPolicy"
    }

    assert set(guarded) == set(buckets)
    assert all({"OnlyOverTls", "NoForeignEncryptionKeys"} <= sids for sids in guarded.values())
    assert all(all(one["PublicAccessBlockConfiguration"].values()) for one in buckets.values())
    for noun in ("inbox", "originals"):
        (one,) = [found for name, found in buckets.items() if f"-{noun}" in name]
        assert one["VersioningConfiguration"] == {"Status": "Enabled"}


# A signed address went round for a week.


def test_the_address_of_an_original_is_over_after_two_minutes_and_belongs_to_one_object(shop: Shop) -> None:
    ids = things(shop)

    location = shop.call("GET", f"/v1/assets/{ids['asset_id']}/download?original=true").headers["location"]
    asked = parse_qs(urlsplit(location).query)

    assert asked["X-Amz-Algorithm"] == ["AWS4-HMAC-SHA256"]
    assert int(asked["X-Amz-Expires"][0]) <= 120
    assert shop.workspace in urlsplit(location).path
