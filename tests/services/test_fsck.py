"""A library that is broken in one way is told of in that way and no other; what can be made again is, and only that."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3
import pytest

from chalicelib.domain import findings, names, recipes
from chalicelib.domain.assets import Asset
from chalicelib.domain.collections import Collection
from chalicelib.domain.ids import ROOT, AssetId, CollectionId, WorkspaceId
from chalicelib.errors import NotFound
from chalicelib.handlers import cli
from chalicelib.models import (
    assets,
    audit,
    audit_seals,
    base,
    blobs,
    collection_items,
    collection_names,
    collections,
    ingest,
    outbox,
    sources,
    usage,
    versions,
)
from chalicelib.services import fsck, indexing
from infra.local.stack import Stack
from tests.builders import Shop, a_photo, a_shop, deliver_all
from tests.libraries import an_asset

PATH = "Spring/Front/a.jpg"


def a_library() -> Shop:
    """Two files in folders, one of them with two versions."""
    shop = a_shop()
    shop.drop(PATH, a_photo(1))
    shop.drop(PATH, a_photo(2))
    shop.drop("Autumn/b.jpg", a_photo(3), title="Blue dress")
    settle(shop)
    return shop


@pytest.fixture(scope="module")
def library(stack: Stack) -> Shop:
    """One for all who leave it whole."""
    return a_library()


def settle(shop: Shop) -> None:
    """Everything that waits is told and indexed."""
    deliver_all(shop.ctx)
    indexing.catch_up(shop.ctx, shop.workspace)


def check(shop: Shop, **asked: Any) -> list[tuple[str, str]]:
    """Codes of what is found, and what it is about; every change counts at once."""
    return [(one.code, one.about) for one in fsck.check(shop.ctx, shop.workspace, grace_s=0, **asked).findings]


def the_asset(shop: Shop) -> Asset:
    pointer = sources.find(shop.workspace, "drop", PATH)
    assert pointer is not None
    return assets.get(shop.workspace, pointer.asset_id)


def the_other(shop: Shop) -> AssetId:
    return next(one.id for one in assets.every(shop.workspace) if one.fields.name == "b.jpg")


def bucket(shop: Shop, noun: str) -> Any:
    return boto3.resource("s3").Bucket(shop.ctx.settings.bucket(noun))


def set_in(shop: Shop, record: Any, *keys: Any, **values: Any) -> None:
    """Change columns of one row behind everybody's back."""
    record(*keys).update(actions=[getattr(record, name).set(value) for name, value in values.items()])


def set_asset(shop: Shop, **values: Any) -> str:
    set_in(shop, assets.AssetRecord, shop.workspace, the_asset(shop).id, **values)
    return f"asset:{the_asset(shop).id}"


Broken = tuple[str, str]
"""The code that has to be told, and about what."""
Break = Callable[[Shop], Broken]


def wrong_count(shop: Shop) -> Broken:
    return "asset_count", set_asset(shop, versions=7)


def wrong_newest(shop: Shop) -> Broken:
    first = versions.VersionRecord.get(base.place(shop.workspace, the_asset(shop).id), 1)
    return "asset_newest", set_asset(shop, newest=first.version)


def wrong_standing(shop: Shop) -> Broken:
    first = versions.VersionRecord.get(base.place(shop.workspace, the_asset(shop).id), 1)
    return "asset_standing", set_asset(shop, standing=first.version)


def pointer_gone(shop: Shop) -> Broken:
    key = sources.key("drop", PATH)
    sources.SourceRecord(shop.workspace, key).delete()
    return "source_pointer", f"source:{key}"


def pointer_elsewhere(shop: Shop) -> Broken:
    key = sources.key("drop", PATH)
    set_in(shop, sources.SourceRecord, shop.workspace, key, asset_id=the_other(shop))
    return "source_pointer", f"source:{key}"


def pointer_to_other_bytes(shop: Shop) -> Broken:
    key = sources.key("drop", PATH)
    set_in(shop, sources.SourceRecord, shop.workspace, key, sha256="0" * 64)
    return "source_pointer", f"source:{key}"


def holder_gone(shop: Shop) -> Broken:
    sha256 = the_asset(shop).newest.sha256
    blobs.BlobRecord(shop.workspace, sha256).delete()
    return "first_holder", f"bytes:{sha256}"


def wrong_holder(shop: Shop) -> Broken:
    sha256 = the_asset(shop).newest.sha256
    set_in(shop, blobs.BlobRecord, shop.workspace, sha256, asset_id=the_other(shop))
    return "first_holder", f"bytes:{sha256}"


def not_listed(shop: Shop) -> Broken:
    one = the_asset(shop)
    collection_items.CollectionItemRecord(base.place(shop.workspace, one.collection_ids[0]), one.id).delete()
    return "membership", f"asset:{one.id}"


def listed_where_it_is_not(shop: Shop) -> Broken:
    one = the_asset(shop)
    base.transact([collection_items.put(shop.workspace, ROOT, one)])
    return "membership", f"asset:{one.id}"


def listed_as_trashed(shop: Shop) -> Broken:
    one = the_asset(shop)
    place = base.place(shop.workspace, one.collection_ids[0])
    set_in(shop, collection_items.CollectionItemRecord, place, one.id, state="trashed")
    return "membership", f"asset:{one.id}"


def spring(shop: Shop) -> CollectionId:
    found = collection_names.find(shop.workspace, ROOT, "Spring")
    assert found is not None
    return found


def name_gone(shop: Shop) -> Broken:
    about = f"collection:{spring(shop)}"
    key = names.sibling_key(ROOT, "Spring")
    collection_names.CollectionNameRecord(shop.workspace, key).delete()
    return "collection_name", about


def name_of_nobody(shop: Shop) -> Broken:
    ghost = CollectionId(shop.ctx.new_id())
    base.transact([collection_names.take(shop.workspace, ROOT, "Nobody's", ghost)])
    return "collection_name", f"collection:{ghost}"


def rendition_gone(shop: Shop) -> Broken:
    one = the_asset(shop)
    bucket(shop, "renditions").Object(one.newest.renditions[0].key).delete()
    return "rendition_missing", f"version:{one.id}:2"


def rendition_cut(shop: Shop) -> Broken:
    one = the_asset(shop)
    bucket(shop, "renditions").put_object(Key=one.newest.renditions[0].key, Body=b"half")
    return "rendition_missing", f"version:{one.id}:2"


def orphan_original(shop: Shop) -> Broken:
    key = f"{shop.workspace}/{shop.ctx.new_id()}"
    bucket(shop, "originals").put_object(Key=key, Body=b"whose?")
    return "object_orphan", f"object:originals/{key}"


def orphan_rendition(shop: Shop) -> Broken:
    key = f"{shop.workspace}/{shop.ctx.new_id()}/0123456789-small.webp"
    bucket(shop, "renditions").put_object(Key=key, Body=b"whose?")
    return "object_orphan", f"object:renditions/{key}"


def not_counted(shop: Shop) -> Broken:
    one = the_asset(shop)
    act = next(act for act in usage.acts(shop.workspace, "ingest") if act.about == one.newest.id)
    usage.UsageRecord(shop.workspace, act.id).delete()
    return "usage_missing", f"version:{one.id}:2"


def counted_twice(shop: Shop) -> Broken:
    one = the_asset(shop)
    act = next(act for act in usage.acts(shop.workspace, "ingest") if act.about == one.newest.id)
    set_in(shop, usage.UsageRecord, shop.workspace, act.id, quantity=2)
    return "usage_wrong", f"version:{one.id}:2"


def not_in_the_index(shop: Shop) -> Broken:
    one = the_asset(shop)
    shop.ctx.search.apply(shop.workspace, [], [one.id])
    return "index_differs", f"asset:{one.id}"


def only_in_the_index(shop: Shop) -> Broken:
    ghost = an_asset(7)
    shop.ctx.search.apply(shop.workspace, [indexing.document(ghost, [])], [])
    return "index_differs", f"asset:{ghost.id}"


MENDABLE: list[Break] = [
    wrong_count, wrong_newest, wrong_standing, pointer_gone, pointer_elsewhere, pointer_to_other_bytes, holder_gone,
    wrong_holder, not_listed, listed_where_it_is_not, listed_as_trashed, name_gone, name_of_nobody, rendition_gone,
    rendition_cut, orphan_original, orphan_rendition, not_counted, counted_twice, not_in_the_index, only_in_the_index,
]  # fmt: skip
FOLLOWS = {
    wrong_newest: {"index_differs"},
    not_in_the_index: {"index_counts", "index_rights"},
    only_in_the_index: {"index_counts", "index_rights"},
}
"""What else is told of, because it follows."""


def test_a_whole_library_has_no_findings(library: Shop) -> None:
    report = fsck.check(library.ctx, library.workspace, grace_s=0, with_bytes=True)

    assert report.findings == ()
    assert (report.assets, report.versions, report.is_sound) == (2, 3, True)


@pytest.mark.parametrize("break_it", MENDABLE, ids=lambda one: one.__name__.replace("_", " "))
def test_what_can_be_made_again_is_named_and_mended(library: Shop, break_it: Break) -> None:
    before = state_of(library)
    expected = break_it(library)

    told = check(library)
    report = fsck.repair(library.ctx, library.workspace, grace_s=0)
    settle(library)

    assert expected in told
    assert {code for code, _ in told} - {expected[0]} <= FOLLOWS.get(break_it, set()) | {"index_differs"}
    assert expected in [(one.code, one.about) for one in report.mended]
    assert check(library) == []
    assert state_of(library) == before


def state_of(shop: Shop) -> Any:
    """What people have, without what each change of an asset raises."""
    found = {one.id: (one.fields, one.newest, one.versions, one.collection_ids) for one in assets.every(shop.workspace)}
    listed = {place: dict(collection_items.memberships(shop.workspace, place)) for place in tree(shop)}
    objects = {
        noun: [
            (one.key, one.size_bytes) for one in shop.ctx.store.versions(noun, f"{shop.workspace}/") if one.is_current
        ]  # type: ignore[arg-type]
        for noun in ("originals", "renditions", "inbox")
    }
    counted = [(one.about, one.quantity) for one in usage.acts(shop.workspace, "ingest")]
    return found, listed, objects, counted, dict(blobs.every(shop.workspace))


def tree(shop: Shop) -> list[CollectionId]:
    return list(collections.tree(shop.workspace).by_id)


def a_small_library() -> Shop:
    shop = a_shop()
    shop.drop(PATH, a_photo(1))
    settle(shop)
    return shop


def original_gone(shop: Shop) -> Broken:
    one = the_asset(shop)
    shop.ctx.store.delete("originals", recipes.original_key(shop.workspace, one.newest.id), None)
    return "original_missing", f"version:{one.id}:1"


def original_cut(shop: Shop) -> Broken:
    key = recipes.original_key(shop.workspace, the_asset(shop).newest.id)
    shop.ctx.store.put("originals", key, b"half")
    return "original_differs", f"object:originals/{key}"


def original_and_rendition_gone(shop: Shop) -> Broken:
    original_gone(shop)
    return rendition_gone_of_one(shop)


def rendition_gone_of_one(shop: Shop) -> Broken:
    one = the_asset(shop)
    bucket(shop, "renditions").Object(one.newest.renditions[0].key).delete()
    return "rendition_missing", f"version:{one.id}:1"


def version_row_gone(shop: Shop) -> Broken:
    one = the_asset(shop)
    versions.VersionRecord(base.place(shop.workspace, one.id), 1).delete()
    return "version_missing", f"version:{one.id}:1"


def asset_row_gone(shop: Shop) -> Broken:
    one = the_asset(shop)
    assets.AssetRecord(shop.workspace, one.id).delete()
    return "arrival_lost", f"ingest:{one.newest.id}"


def arrival_row_gone(shop: Shop) -> Broken:
    one = the_asset(shop)
    ingest.IngestRecord(shop.workspace, one.newest.id).delete()
    return "version_unannounced", f"version:{one.id}:1"


def collection_row_gone(shop: Shop) -> Broken:
    one = the_asset(shop)
    collections.CollectionRecord(shop.workspace, one.collection_ids[0]).delete()
    return "collection_missing", f"asset:{one.id}"


def parent_row_gone(shop: Shop) -> Broken:
    front = the_asset(shop).collection_ids[0]
    collections.CollectionRecord(shop.workspace, spring(shop)).delete()
    return "collection_parent", f"collection:{front}"


def not_audited(shop: Shop) -> Broken:
    one = the_asset(shop)
    entries = audit.of(shop.workspace, f"asset:{one.id}")
    for entry in entries:
        audit.AuditRecord(base.place(shop.workspace, f"{entry.at:%Y%m%d}"), entry.id).delete()
    return "audit_missing", f"version:{one.id}:1"


def seal_broken(shop: Shop) -> Broken:
    head = audit_seals.head(shop.workspace)
    assert head is not None
    set_in(shop, audit_seals.AuditSealRecord, shop.workspace, "head", after="tampered")
    return "audit_broken", f"audit:{head.sealed_until:%Y%m%d%H}"


def approved_without_approval(shop: Shop) -> Broken:
    first = versions.VersionRecord.get(base.place(shop.workspace, the_asset(shop).id), 1)
    return "asset_approved", set_asset(shop, approved=first.version)


def two_of_one_name(shop: Shop) -> Broken:
    twin = Collection(CollectionId(shop.ctx.new_id()), "SPRING", ROOT, 1, shop.ctx.now())
    base.transact([collections.add(shop.workspace, twin)])
    return "collection_twice", f"collection:{max(twin.id, spring(shop))}"


def counted_for_nothing(shop: Shop) -> Broken:
    shop.drop(PATH, a_photo(1))
    settle(shop)
    again = next(one for one in ingest.every(shop.workspace) if one.id != the_asset(shop).newest.id)
    base.transact([usage.add(shop.workspace, again.id, shop.ctx.now(), "ingest", 1)])
    return "usage_unfounded", f"ingest:{again.id}"


LOST: list[Break] = [
    original_gone, original_cut, original_and_rendition_gone, version_row_gone, asset_row_gone, arrival_row_gone,
    collection_row_gone, parent_row_gone, not_audited, seal_broken, approved_without_approval, two_of_one_name,
    counted_for_nothing,
]  # fmt: skip


@pytest.mark.parametrize("break_it", LOST, ids=lambda one: one.__name__.replace("_", " "))
def test_what_is_gone_for_good_is_named_and_stays_named(stack: Stack, break_it: Break) -> None:
    shop = a_small_library()
    expected = break_it(shop)

    told = check(shop)
    report = fsck.repair(shop.ctx, shop.workspace, grace_s=0)

    assert expected in told
    assert expected in [(one.code, one.about) for one in report.findings]
    assert not report.is_sound


def test_an_approved_version_told_wrongly_is_set_by_its_row(stack: Stack) -> None:
    shop = a_small_library()
    first = versions.VersionRecord.get(base.place(shop.workspace, the_asset(shop).id), 1)
    about = set_asset(shop, approvals={"1": "approved"}, approved={**first.version, "sha256": "0" * 64})

    told = check(shop)
    fsck.repair(shop.ctx, shop.workspace, grace_s=0)

    assert ("asset_approved", about) in told
    approved = the_asset(shop).approved
    assert approved is not None
    assert (approved.sha256, approved.approval) == (the_asset(shop).newest.sha256, "approved")


def test_a_member_whose_search_shows_too_much_is_named(stack: Stack) -> None:
    shop = a_small_library()
    shop.ctx.search.apply(shop.workspace, [indexing.document(an_asset(7), [])], [])

    told = {code for code, _ in check(shop)}

    assert told == {"index_differs", "index_counts", "index_rights"}


def test_other_bytes_of_the_same_size_are_found_when_every_byte_is_read(stack: Stack) -> None:
    shop = a_small_library()
    key = recipes.original_key(shop.workspace, the_asset(shop).newest.id)
    body = shop.ctx.store.read("originals", key)
    shop.ctx.store.put("originals", key, body[:-1] + bytes([body[-1] ^ 1]))

    assert check(shop) == []
    assert check(shop, with_bytes=True) == [("original_differs", f"object:originals/{key}")]


def test_an_original_that_is_hidden_is_told_to_be_kept_by_the_bucket_still(stack: Stack) -> None:
    shop = a_small_library()
    original_gone(shop)

    (told,) = (one for one in fsck.check(shop.ctx, shop.workspace).findings if one.code == "original_missing")

    assert "still kept by the bucket" in told.words


def test_bytes_that_came_again_cost_storage_and_are_nothing_wrong(stack: Stack) -> None:
    shop = a_small_library()
    again = shop.drop(PATH, a_photo(1))
    settle(shop)
    assert again is not None

    report = fsck.check(shop.ctx, shop.workspace, grace_s=0)
    mended = fsck.repair(shop.ctx, shop.workspace, grace_s=0)

    assert {one.code for one in report.findings} == {"object_spare"}
    assert report.is_sound
    assert len(mended.mended) == len(report.findings) == 4
    assert mended.findings == ()


def test_a_file_that_waits_unannounced_is_announced_and_comes_in(stack: Stack) -> None:
    shop = a_small_library()
    version = shop.put("Spring/late.jpg", a_photo(9))

    assert fsck.check(shop.ctx, shop.workspace).findings == (), "it may be on its way"
    assert check(shop) == [("inbox_unannounced", f"object:inbox/{shop.workspace}/Spring/late.jpg")]
    fsck.repair(shop.ctx, shop.workspace, grace_s=0)
    shop.take("Spring/late.jpg", version)
    settle(shop)
    assert check(shop) == []


def test_what_nobody_tells_onward_or_indexes_is_named(stack: Stack) -> None:
    shop = a_shop()
    shop.drop(PATH, a_photo(1))

    codes = {code for code, _ in check(shop)}
    settle(shop)

    assert codes == {"outbox_untold", "index_behind"}
    assert check(shop) == []


def test_a_claim_whose_worker_died_long_ago_is_named(stack: Stack) -> None:
    shop = a_small_library()
    version = shop.put("Spring/b.jpg", a_photo(2))
    one = ingest.page(shop.workspace, "done", limit=1).items[0]
    stuck = shop.ctx.new_id()
    ingest.IngestRecord(
        shop.workspace, stuck, key=one.key, state="processing", state_place=base.place(shop.workspace, "processing"),
        state_at=base.stamp(one.arrived_at), file_name="b.jpg", source="drop", arrived_at=base.stamp(one.arrived_at),
        owner="dead", work="ingest", due_at=1,
    ).save()  # fmt: skip

    told = check(shop)

    assert version
    assert ("arrival_left_alone", f"ingest:{stuck}") in told


def test_without_an_index_one_is_built(stack: Stack) -> None:
    shop = a_shop()
    shop.drop(PATH, a_photo(1))
    (message,) = [one for one in outbox.to_index(shop.workspace, shop.ctx.now(), 10) if one.asset_id]
    outbox.indexed([message], generation=1, now=shop.ctx.now())
    deliver_all(shop.ctx)

    told = check(shop)
    fsck.repair(shop.ctx, shop.workspace, grace_s=0)

    assert told == [("index_missing", f"index:{shop.workspace}")]
    assert check(shop) == []


def test_an_index_that_cannot_be_read_is_named_and_built_anew(stack: Stack) -> None:
    shop = a_small_library()
    bucket(shop, "index").put_object(Key=f"{shop.workspace}/current", Body=b"not a manifest")

    told = {code for code, _ in check(shop)}
    fsck.repair(shop.ctx, shop.workspace, grace_s=0)

    assert told == {"index_damaged"}
    assert check(shop) == []


def test_mending_is_told_in_the_audit_trail(stack: Stack) -> None:
    shop = a_small_library()
    about = set_asset(shop, versions=7)

    fsck.repair(shop.ctx, shop.workspace, grace_s=0)

    told = [one for one in audit.day(shop.workspace, shop.ctx.now()) if one.action == "library.mended"]
    assert [(one.actor, one.subject, one.detail) for one in told] == [
        ("system:fsck", about, {"code": "asset_count"}),
        ("system:fsck", f"workspace:{shop.workspace}", {"code": "index_rebuilt"}),
    ]


def test_a_workspace_that_is_not_there_is_not_found(stack: Stack) -> None:
    ctx = a_shop().ctx

    with pytest.raises(NotFound):
        fsck.check(ctx, WorkspaceId("nobody"))


def test_the_command_says_what_is_wrong_and_mends_it_when_asked(
    stack: Stack, capsys: pytest.CaptureFixture[str]
) -> None:
    shop = a_small_library()
    about = set_asset(shop, versions=7)
    words = ["fsck", "--workspace", shop.workspace]

    codes = [cli.main(words), cli.main([*words, "--repair"]), cli.main([*words, "--bytes"])]
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    assert codes == [1, 0, 0]
    (first,), (second,), (third,) = (one["workspaces"] for one in told)
    assert {"code": "asset_count", "about": about, "words": "It counts 7 versions; there are 1.",
            "can_be_mended": True} in first["findings"]  # fmt: skip
    assert "asset_count" in [one["code"] for one in second["mended"]]
    assert (third["is_sound"], third["findings"], third["assets"]) == (True, [], 1)


def test_every_code_is_explained_to_operators_with_what_repair_does() -> None:
    root = Path(__file__).parents[2]
    page = (root / "docs" / "operations.md").read_text()
    code = "".join(path.read_text() for path in (root / "chalicelib").glob("*/f*.py"))
    rows = [line.split("|") for line in page.splitlines() if line.startswith("| `") and line.count("|") == 4]
    told = {one: row[3].strip().startswith("no") for row in rows for one in re.findall(r"`([a-z_]+)`", row[1])}

    assert told == dict.fromkeys(findings.MENDABLE, False) | dict.fromkeys(findings.LASTING, True)
    assert set(re.findall(r'Finding\(\s*"([a-z_]+)"', code)) | {"original_differs"} == set(told)


@pytest.mark.slow
@pytest.mark.timeout(1800)  # every workspace that any test has made
def test_without_a_workspace_every_one_is_checked(stack: Stack, capsys: pytest.CaptureFixture[str]) -> None:
    shops = [a_shop(), a_shop()]

    cli.main(["fsck"])

    checked = {one["workspace"] for one in json.loads(capsys.readouterr().out)["workspaces"]}
    assert {one.workspace for one in shops} <= checked
