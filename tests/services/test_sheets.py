"""Sheets of SKU, position and alt text: tried row by row, applied as one change of many assets, undone, written out."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from chalicelib.domain import sheets, tables
from chalicelib.domain.access import Grant, Right
from chalicelib.domain.ids import AssetId
from chalicelib.errors import InvalidInput
from chalicelib.models import audit
from chalicelib.services import indexing
from tests.builders import Shop, a_photo, call
from tests.bulk import assets, ran, undone
from tests.handlers.people import may, somebody
from tests.handlers.reviewing import seen
from tests.plans import playing
from tests.sheets import asked, sent
from tests.stores import a_counter


def done(shop: Shop, text: str | bytes, *, dry_run: bool = False, key: str = "") -> dict[str, Any]:
    """The job of a sheet that was read to its end."""
    reply = asked(shop, text, dry_run=dry_run, key=key)
    assert reply.status == 202, reply.body
    return ran(shop, key or shop.key, reply.body["job_id"])


def rows(shop: Shop, job: dict[str, Any], key: str = "", **query: Any) -> list[dict[str, Any]]:
    """All its rows, in small pages."""
    found, cursor = [], ""
    while True:
        more = "".join(
            f"&{name}={value}" for name, value in {**query, **({"cursor": cursor} if cursor else {})}.items()
        )
        path = f"/v1/metadata/import/{job['id']}/rows?limit=3{more}"
        page = call("GET", path, Authorization=f"Bearer {key or shop.key}").body
        found += page["items"]
        if not page["next"]:
            return sorted(found, key=lambda one: one["number"])
        cursor = page["next"]


@pytest.fixture
def library(shop: Shop) -> dict[str, str]:
    """Ids by name; two files are called `twin.jpg`."""
    for shade, path in enumerate(
        ("front.jpg", "Spring/twin.jpg", "Autumn/Deep/twin.jpg", "BackSide.jpg", "Été (1).jpg")
    ):
        shop.drop(path, a_photo(shade * 40))
    indexing.catch_up(shop.ctx, shop.workspace)
    found = shop.call("GET", "/v1/search?q=").body["items"]
    return {one["name"]: one["id"] for one in found if one["name"] != "twin.jpg"}


@pytest.mark.requirement("R37", "R33")
def test_a_dry_run_says_of_each_row_what_it_would_do_or_why_not_and_changes_nothing(
    shop: Shop, library: dict[str, str]
) -> None:
    text = (
        "\ufeffFile name;SKU;Position;Alt text;Price\r\n"
        "FRONT.jpg;TS-100;1;\"A shirt; blue, \"\"front\"\"\";5\r\n"
        "nobody.jpg;TS-100;2;;\r\n"
        "twin.jpg;TS-100;3;;\r\n"
        "deep/twin.jpg;TS-100;3;;\r\n"
        "BackSide.jpg;TS-100;first;;\r\n"
        ";TS-100;1;;\r\n"
        "\r\n"
        "Été (1).jpg;TS-1;1;;\r\n"
        "Été (1).jpg;TS-2;2;;\r\n"
        "front.jpg;TS-100;1;\"A shirt; blue, \"\"front\"\"\";6\r\n"
        f"{library['BackSide.jpg'].upper()}.jpg;;;;;too many\r\n"
    )  # fmt: skip

    job = done(shop, text, dry_run=True)

    told = {one["number"]: one for one in rows(shop, job)}
    assert {number: (one["state"], one["code"]) for number, one in told.items()} == {
        2: ("change", None), 3: ("refused", "unknown_file"), 4: ("refused", "ambiguous_file"), 5: ("change", None),
        6: ("refused", "bad_row"), 7: ("refused", "bad_row"), 9: ("refused", "contradiction"),
        10: ("refused", "contradiction"), 11: ("same", None), 12: ("refused", "bad_row"),
    }  # fmt: skip
    assert told[2]["after"] == {"skus": ["TS-100"], "position": 1, "alt": 'A shirt; blue, "front"'}
    assert "“Spring” and “Autumn/Deep”" in told[4]["detail"] or "“Autumn/Deep” and “Spring”" in told[4]["detail"]
    assert told[6]["detail"] == "Its position “first” is no whole number from 0 to 10,000."
    assert told[9]["detail"] == "Rows 9 and 10 say different things of this file: its position."
    assert told[11]["detail"] == "It says the same as row 2."
    assert job["result"] == {"rows": 10, "change": 2, "same": 1, "refused": 7, "ignored_columns": ["Price"]}
    assert {one["subject"] for one in job["errors"]} == {f"row:{one}" for one in (3, 4, 6, 7, 9, 10, 12)}
    assert (job["undo_until"], seen(shop, library["front.jpg"])["skus"]) == (None, [])
    assert [one["number"] for one in rows(shop, job, state="change")] == [2, 5]


@pytest.mark.requirement("R37", "R33")
def test_a_sheet_is_applied_with_an_audit_entry_an_asset_and_taken_back_as_one(
    shop: Shop, library: dict[str, str]
) -> None:
    front, back = library["front.jpg"], library["BackSide.jpg"]
    shop.call("PATCH", f"/v1/assets/{back}", {"alt": "mine", "skus": ["OLD"]})
    rest = f"backside.jpg,,7,\n{back}.jpg,X,,\n"
    text = f"file,sku,position,alt\nfront.jpg,TS-1,1,'=SUM(A1)\nfront.jpg,TS-2,1,'=SUM(A1)\n{rest}"

    job = done(shop, text)

    assert (job["state"], job["done"], job["total"]) == ("done", 1, 1)
    assert job["result"] == {
        "rows": 4, "refused": 2, "ignored_columns": [], "changed": 1, "unchanged": 0, "assets_refused": 0,
    }  # fmt: skip
    now = seen(shop, front)
    assert (now["skus"], now["position"], now["alt"]) == (["TS-1", "TS-2"], 1, "=SUM(A1)")
    assert [one["state"] for one in rows(shop, job)] == ["changed", "changed", "refused", "refused"]
    entries = [
        one for one in audit.of(shop.workspace, f"asset:{front}") if (one.detail or {}).get("batch_id") == job["id"]
    ]
    assert [one.action for one in entries] == ["asset.edited"]

    undo = undone(shop, shop.key, job["id"])

    assert (undo["state"], undo["result"]) == ("done", {"undone": 1, "refused": 0})
    assert [seen(shop, front)[name] for name in ("skus", "position", "alt")] == [[], None, None]
    assert seen(shop, back)["alt"] == "mine"


@pytest.mark.requirement("R37", "R33")
def test_a_dry_run_warns_of_a_sku_that_no_store_has_and_of_one_that_could_be_several(
    shop: Shop, library: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with a_counter(tmp_path) as counter, playing(shop, counter, monkeypatch) as play:
        counter.product("TS-100", "AB-1", "AB_1")
        play.mirror()

        job = done(shop, "file,sku\nfront.jpg,TS-100\nfront.jpg,TS-999\nBackSide.jpg,ab 1\n", dry_run=True)

    told = rows(shop, job)
    assert [one["state"] for one in told] == ["change", "change", "change"]
    assert [one["warning"] for one in told] == [
        None,
        "No store has a product with this SKU yet; the picture goes there once one has.",
        "A store has several SKUs that could be this one; its next plan asks which.",
    ]
    assert seen(shop, library["front.jpg"])["skus"] == []


@pytest.mark.requirement("R37", "R18")
def test_a_sheet_reaches_no_further_than_who_sent_it(shop: Shop, library: dict[str, str]) -> None:
    ann = somebody(
        shop, may(Right.VIEW, Right.EDIT, Right.UPLOAD),
        Grant(asset_id=AssetId(library["front.jpg"]), deny=Right.SEE.bit),
        Grant(asset_id=AssetId(library["BackSide.jpg"]), deny=Right.EDIT.bit),
    )  # fmt: skip
    text = f"file,asset_id,sku\nfront.jpg,,A\n,{library['front.jpg']},A\nBackSide.jpg,,A\nÉté (1).jpg,,A\n"

    job = done(shop, text, key=ann.key)

    told = rows(shop, job, key=ann.key)
    assert [(one["state"], one["code"], one["name"]) for one in told] == [
        ("refused", "unknown_file", None), ("refused", "unknown_file", None), ("refused", "not_allowed", None),
        ("changed", None, "Été (1).jpg"),
    ]  # fmt: skip
    assert told[0]["detail"] == told[1]["detail"]
    bob = somebody(shop, may(Right.VIEW, Right.EDIT, Right.UPLOAD))
    assert bob.call("GET", f"/v1/metadata/import/{job['id']}/rows").status == 404
    assert bob.call("POST", "/v1/metadata/import", {"upload_id": sent(shop, ann.key, b"file,sku\na,b\n")}).status == 404


@pytest.mark.requirement("R37")
def test_a_sheet_of_ten_thousand_rows_goes_on_where_a_run_ended(shop: Shop) -> None:
    ids = assets(shop, 12)
    lines = [f"{one},{at % 3},A-{at}" for at, one in enumerate(ids)]
    lines += [f"no-{number % 100},{number},X" for number in range(10_000)]
    reply = asked(shop, "\n".join(["asset_id,position,sku", *lines]))
    hasty = replace(shop, ctx=replace(shop.ctx, settings=shop.ctx.settings.model_copy(update={"job_run_s": 0})))

    first = ran(hasty, shop.key, reply.body["job_id"])
    job = ran(shop, shop.key, reply.body["job_id"], leases=1)

    assert (reply.body["rows"], first["state"], first["done"]) == (10_012, "running", 8_812)
    assert (job["state"], job["result"]["changed"], job["result"]["refused"]) == ("done", 12, 10_000)
    assert [seen(shop, one)["skus"] for one in ids[:3]] == [["A-0"], ["A-1"], ["A-2"]]
    assert len(job["errors"]) == 500


@pytest.mark.requirement("R37")
def test_a_sheet_is_no_file_of_the_library_but_a_file_of_it_may_be_read_as_one(
    shop: Shop, library: dict[str, str]
) -> None:
    upload_id = sent(shop, shop.key, b"file,sku\nfront.jpg,A\n")
    body = b"file,sku\nfront.jpg,B\n"
    plain = shop.call("POST", "/v1/uploads", {"file_name": "b.csv", "size_bytes": len(body)}).body["id"]
    early = shop.call("POST", "/v1/metadata/import", {"upload_id": plain})
    shop.drop(f"_uploads/{plain}", body)

    late = shop.call("POST", "/v1/metadata/import", {"upload_id": plain})

    assert (early.status, late.status) == (409, 202)
    assert shop.call("POST", f"/v1/uploads/{upload_id}/complete", {}).body["code"] == "is_sheet"
    assert "sheet.csv" not in {one["name"] for one in shop.assets(collection_id="root")}
    ran(shop, shop.key, late.body["job_id"])
    assert seen(shop, library["front.jpg"])["skus"] == ["B"]


@pytest.mark.requirement("R37")
@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "This file is empty."),
        (b"\n\n", "This file is empty."),
        (b"file,sku\n", "There is no row below the names of the columns."),
        (b"Datei,Artikel\na,b\n", "file (or asset_id) and at least one of sku"),
        (b"file,name2\na,b\n", "file (or asset_id) and at least one of sku"),
        (b"file,sku,SKU\na,b,c\n", "two columns for SKU"),
        ("file,sku\nB\xfccher.jpg,1\n".encode("latin-1"), "This is not UTF-8"),
        (b"PK\x03\x04\x00\x00", "another kind of file"),
        (b"file,alt\na," + b"x" * 200_000 + b"\n", "cannot be read as CSV"),
    ],
    ids=["nothing", "blank", "no-rows", "other-words", "nothing-to-set", "twice", "latin-1", "a-workbook", "huge-cell"],
)  # fmt: skip
def test_what_is_no_sheet_is_refused_at_once_in_clear_words(shop: Shop, body: bytes, why: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        sheets.read(body)

    assert why in refused.value.message


@pytest.mark.requirement("R37")
@pytest.mark.parametrize(
    "body",
    [
        b'sep=;\nfile;sku\n"a;b.jpg";1\n',
        "file\tsku\r\na;b.jpg\t1\r\n".encode("utf-16"),
        b'\xef\xbb\xbfSKU,"File Name"\n1,a;b.jpg\n',
        b"file;sku\ra;b.jpg;1\r".replace(b"a;b.jpg", b'"a;b.jpg"'),
    ],
)  # fmt: skip
def test_sheets_of_every_spreadsheet_are_read_alike(body: bytes) -> None:
    (row,) = sheets.read(body).rows

    assert dict(row.told) == {"file": "a;b.jpg", "sku": "1"}


@pytest.mark.requirement("R37")
def test_what_is_written_out_is_no_formula_and_reads_in_again_unchanged(shop: Shop, library: dict[str, str]) -> None:
    shop.call(
        "PATCH", f"/v1/assets/{library['front.jpg']}", {"skus": ["-1", "B"], "position": 3, "alt": "=cmd|' /C'!A0"}
    )
    reply = shop.call("POST", "/v1/metadata/export", {"q": "type:image"})
    job = ran(shop, shop.key, reply.body["job_id"])
    body = shop.ctx.store.read("exports", f"{shop.workspace}/{job['id']}.csv")

    again = done(shop, body, dry_run=True)

    assert (reply.status, job["result"]["assets"], job["result"]["rows"]) == (202, 5, 6)
    assert job["result"]["url"].startswith("http")
    assert body.startswith(b"\xef\xbb\xbfasset_id,file,sku,position,shot_type,alt\r\n")
    assert b"'-1,3,,'=cmd|' /C'!A0" in body
    told = rows(shop, again)
    assert {one["state"] for one in told} == {"same", "refused"}
    assert {one["detail"] for one in told if one["state"] == "refused"} == {"It says nothing about its file."}
    assert (tables.uncell(tables.cell("-1")), tables.uncell("'quoted")) == ("-1", "'quoted")


@pytest.mark.requirement("R37")
def test_a_sheet_written_for_somebody_is_handed_out_only_while_all_of_it_may_be_seen(
    shop: Shop, library: dict[str, str]
) -> None:
    ann = somebody(shop, may(Right.VIEW))
    job_id = ann.call("POST", "/v1/metadata/export", {}).body["job_id"]
    assert ran(shop, ann.key, job_id)["result"]["url"]

    shop.call(
        "PUT",
        f"/v1/assets/{library['front.jpg']}/grants",
        {"grants": [{"member_id": ann.id, "allow": [], "deny": ["see"]}]},
    )

    assert ann.call("GET", f"/v1/jobs/{job_id}").body["result"]["url"] is None
