"""The sealed audit trail: whoever changes, takes out or puts in an entry is found out."""

from datetime import timedelta
from typing import Any

import boto3
import pytest

from chalicelib.domain.ids import first_id
from chalicelib.models import audit, audit_seals as rows, base
from chalicelib.models.audit import AuditRecord, Entry
from chalicelib.services import audit_seals, workspaces
from tests import policies
from tests.builders import Shop, a_shop
from tests.faults.crashes import Crashed, dying
from tests.handlers.people import somebody


def sealed(shop: Shop, hours: int = 2) -> int:
    """Seal what has happened until now, as the schedule does some hours later."""
    later = policies.at(shop.ctx, shop.ctx.now() + timedelta(hours=hours))
    with policies.acting_as("seal_audit"):
        return audit_seals.seal(later, shop.workspace, later.now() + timedelta(minutes=1))


def look(shop: Shop) -> dict[str, Any]:
    reply = shop.call("GET", "/v1/audit/verify")
    assert reply.status == 200
    return dict(reply.body)


def kinds(shop: Shop) -> list[tuple[str, str | None]]:
    return [(one["kind"], one["entry_id"]) for one in look(shop)["faults"]]


@pytest.fixture
def entries(shop: Shop) -> list[Entry]:
    """What a sealed trail holds, oldest first."""
    for name in ("Spring", "Summer", "Autumn"):
        shop.call("POST", "/v1/collections", {"name": name})
    assert sealed(shop) in (1, 2)  # the hour may have turned meanwhile
    return audit.between(shop.workspace, shop.ctx.now() - timedelta(hours=1), shop.ctx.now() + timedelta(hours=1))


def row_of(shop: Shop, one: Entry) -> AuditRecord:
    return AuditRecord.get(base.place(shop.workspace, f"{one.at:%Y%m%d}"), one.id)


def file_of(shop: Shop) -> tuple[str, bytes]:
    (key, *_) = [one.key for one in shop.ctx.store.versions("audit", f"{shop.workspace}/")]
    return key, shop.ctx.store.read("audit", key)


@pytest.mark.requirement("R51")
def test_a_trail_that_nobody_touched_is_as_it_was_sealed(shop: Shop, entries: list[Entry]) -> None:
    report = look(shop)

    assert (report["ok"], report["faults"], report["entries"], report["next"]) == (True, [], len(entries), None)
    assert len(entries) >= 4


def test_before_the_first_hour_is_over_nothing_is_sealed_and_all_is_well(shop: Shop) -> None:
    report = look(shop)

    assert (report["ok"], report["entries"]) == (True, 0)


@pytest.mark.requirement("R51")
def test_a_changed_entry_is_found(shop: Shop, entries: list[Entry]) -> None:
    row_of(shop, entries[1]).update(actions=[AuditRecord.actor.set("key:somebody-else")])

    assert kinds(shop) == [("changed", entries[1].id)]
    assert look(shop)["ok"] is False


@pytest.mark.requirement("R51")
def test_a_missing_entry_is_found(shop: Shop, entries: list[Entry]) -> None:
    row_of(shop, entries[2]).delete()

    assert kinds(shop) == [("missing", entries[2].id)]


@pytest.mark.requirement("R51")
def test_an_inserted_entry_is_found(shop: Shop, entries: list[Entry]) -> None:
    forged = Entry(entries[1].id[:-4] + "zzzz", entries[1].at, "key:x", "asset.edited", "asset:x")
    base.transact([audit.add(shop.workspace, forged)])

    assert kinds(shop) == [("inserted", forged.id)]


def test_an_entry_inserted_into_an_hour_in_which_nothing_happened_is_found(shop: Shop) -> None:
    sealed(shop, hours=6)
    ahead = shop.ctx.now() + timedelta(hours=3)
    forged = Entry(first_id(ahead)[:-1] + "3", ahead, "key:x", "asset.edited", "asset:x")
    base.transact([audit.add(shop.workspace, forged)])

    assert kinds(shop) == [("inserted", forged.id)]


@pytest.mark.requirement("R51")
def test_a_file_and_an_entry_changed_together_are_found_because_nobody_can_make_the_seal(
    shop: Shop, entries: list[Entry]
) -> None:
    row_of(shop, entries[1]).update(actions=[AuditRecord.actor.set("key:somebody-else")])
    key, body = file_of(shop)
    actor = f'"actor":"{entries[1].actor}"'.encode()
    lines = body.splitlines(keepends=True)
    lines[1] = lines[1].replace(actor, b'"actor":"key:somebody-else"')

    shop.ctx.store.write("audit", key, b"".join(lines), "application/x-ndjson")

    assert kinds(shop) == [("seal_broken", entries[1].id)]


def test_a_line_taken_out_of_the_file_with_its_entry_is_found(shop: Shop, entries: list[Entry]) -> None:
    row_of(shop, entries[-1]).delete()
    key, body = file_of(shop)

    shop.ctx.store.write("audit", key, b"".join(body.splitlines(keepends=True)[:-1]), "application/x-ndjson")

    assert ("seal_broken", None) in kinds(shop)


def test_a_file_that_is_gone_or_spoilt_is_found(shop: Shop, entries: list[Entry]) -> None:
    key, _ = file_of(shop)
    shop.ctx.store.write("audit", key, b"\x00not json\n[]\n", "application/x-ndjson")
    spoilt = kinds(shop)
    boto3.client("s3").delete_object(Bucket=shop.ctx.settings.bucket("audit"), Key=key)

    assert ("seal_broken", None) in spoilt
    assert ("missing", entries[0].id) not in spoilt
    assert ("file_missing", None) in kinds(shop)


def test_hours_follow_each_other_and_one_that_is_taken_out_is_found(shop: Shop, entries: list[Entry]) -> None:
    ahead = shop.ctx.now() + timedelta(hours=4)
    later = Entry(first_id(ahead)[:-1] + "3", ahead, "key:x", "asset.edited", "asset:x")
    base.transact([audit.add(shop.workspace, later)])
    assert sealed(shop, hours=6) == 1
    assert look(shop)["ok"] is True
    first = rows.hours(shop.workspace, shop.ctx.now() - timedelta(hours=2), shop.ctx.now() + timedelta(hours=2))[0]

    rows.AuditSealRecord.get(str(shop.workspace), f"{first.begins:%Y%m%d%H}").delete()

    assert ("seal_broken", None) in kinds(shop)


def test_sealing_again_changes_nothing(shop: Shop, entries: list[Entry]) -> None:
    before = file_of(shop)

    assert sealed(shop) == 0
    assert file_of(shop) == before


@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
def test_a_run_crashed_at_any_call_is_repaired_by_the_next(stack: object, before: bool) -> None:
    counted = a_shop()
    with dying(1000, before=before) as calls:
        sealed(counted)
    assert len(calls) >= 4

    for at in range(1, len(calls) + 1):
        shop = a_shop()
        with dying(at, before=before), pytest.raises(Crashed):
            sealed(shop)
        sealed(shop)

        assert (look(shop)["ok"], look(shop)["entries"]) == (True, 1), f"call {at} of {len(calls)}"


def test_a_quiet_year_is_sealed_and_checked_in_few_steps(shop: Shop) -> None:
    assert sealed(shop, hours=24 * 365) in (1, 2)
    report = look(shop)

    assert (report["ok"], report["next"]) == (True, None)


def test_a_long_look_says_where_to_go_on(shop: Shop, entries: list[Entry], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_seals, "_LOOKS_FOR", timedelta(0))

    report = look(shop)

    assert report["next"] == report["checked_until"] == report["checked_from"]


@pytest.mark.slow
def test_the_schedule_seals_every_workspace(shop: Shop) -> None:
    later = policies.at(shop.ctx, shop.ctx.now() + timedelta(hours=2))
    while rows.due(later.now(), limit=1):
        audit_seals.seal_due(later)

    assert look(shop)["entries"] >= 1


def test_a_workspace_from_before_there_were_seals_gets_them_at_its_next_start(shop: Shop) -> None:
    rows.AuditSealRecord.get(str(shop.workspace), "head").delete()
    founding = workspaces.Founding(shop.workspace, "A shop", "owner", "owner@shop.test", shop.key)

    unsealed = look(shop)
    workspaces.found(shop.ctx, founding)
    workspaces.found(shop.ctx, founding)

    assert (unsealed["ok"], unsealed["sealed_until"]) == (True, None)
    assert rows.head(shop.workspace) is not None


def test_only_who_manages_the_library_looks(shop: Shop) -> None:
    assert somebody(shop).call("GET", "/v1/audit/verify").status == 403


def test_a_span_that_ends_before_it_begins_finds_nothing(shop: Shop, entries: list[Entry]) -> None:
    report = shop.call("GET", "/v1/audit/verify?from=2026-05-02T00:00:00Z&to=2026-05-01T00:00:00Z")

    assert (report.status, report.body["entries"]) == (200, 0)
