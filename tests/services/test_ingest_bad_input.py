"""Whatever is dropped ends as an asset, or in quarantine with a reason that helps; and the next file is in."""

import io
import zlib

import pytest
from PIL import Image

from chalicelib.domain.arrivals import OUTSIDE
from chalicelib.domain.ids import VersionId
from chalicelib.models import audit, ingest as rows
from chalicelib.services import arrivals, ingest
from tests.builders import Shop, a_photo
from tests.media import drawn


def a_bomb() -> bytes:
    """A PNG that says it is 50,000 x 50,000."""
    return drawn.png(50_000, 50_000, drawn.chunk(b"IDAT", zlib.compress(b"")))


def a_long_gif() -> bytes:
    """An animation of 5,000 frames."""
    gif = drawn.saved(drawn.corners(16, 16).quantize(8), "GIF")
    start = gif.index(b"\x2c")
    return gif[:start] + (b"\x21\xf9\x04\0\1\0\0\0" + gif[start:-1]) * 5000 + b"\x3b"


def ended(shop: Shop, path: str) -> dict[str, object]:
    """How the arrival at this path ended; the next good file must be in as well."""
    shop.drop("next.jpg", a_photo(200, (64, 48)))
    items = shop.call("GET", "/v1/ingest").body["items"]
    by_name = {one["file_name"]: one for one in items}
    assert by_name["next.jpg"]["state"] == "done"
    return dict(by_name[path.rpartition("/")[2]])


@pytest.mark.requirement("RF4")
@pytest.mark.parametrize(
    ("path", "body", "words"),
    [
        ("empty.jpg", b"", "The file is empty"),
        ("cut.jpg", a_photo()[:2000], "ends before the picture does"),
        ("bomb.png", a_bomb(), "50,000 x 50,000 pixels; the limit is 268 million"),
        ("_mine/a.jpg", a_photo(), "Folders that begin with _ are Packshot's own"),
        ("_uploads/nobody", a_photo(), "Nobody began this upload"),
        ("Spring/", b"", "This is a folder marker"),
    ],
)
def test_what_cannot_be_taken_in_is_kept_with_a_reason(shop: Shop, path: str, body: bytes, words: str) -> None:
    shop.drop(path, body)

    arrival = ended(shop, path.rstrip("/"))
    assert arrival["state"] == "quarantined"
    assert words in str(arrival["reason"])
    assert [key.partition("/")[2] for key in shop.waiting()] == [path]
    told = audit.of(shop.workspace, f"ingest:{arrival['id']}")
    assert [entry.action for entry in told] == ["ingest.quarantined"]


@pytest.mark.parametrize(
    ("path", "body", "has_picture"),
    [("words.jpg", b"only words\n" * 20, False), ("long.gif", a_long_gif(), True)],
)
def test_what_is_odd_but_sound_is_an_asset(shop: Shop, path: str, body: bytes, has_picture: bool) -> None:
    shop.drop(path, body)

    arrival = ended(shop, path)
    asset = shop.call("GET", f"/v1/assets/{arrival['asset_id']}").body
    assert bool(asset["renditions"]) == has_picture


NAMES = [
    "red dress.jpg",
    "a+b.jpg",
    "a%2Fb.jpg",
    "👗 été.jpg",
    "שמלה אדומה.jpg",
    "x" * 251 + ".jpg",
    ".hidden.jpg",
    "CON.jpg",
    "C:\\photos\\a.jpg",
    "trailing. ",
    "a\u202egpj.exe",
    "q?&=#;'\".jpg",
]


@pytest.mark.requirement("RF4")
@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_kept_as_it_is(shop: Shop, name: str) -> None:
    shop.drop(f"Folder {name[:40]}/{name}", a_photo(3, (64, 48)))

    arrival = ended(shop, name)
    asset = shop.call("GET", f"/v1/assets/{arrival['asset_id']}").body
    assert asset["name"] == name
    assert asset["collections"][0]["path"] == f"Folder {name[:40]}".strip()
    assert [key.partition("/")[2] for key in shop.waiting()] == []


def test_a_name_of_blanks_is_given_a_name(shop: Shop) -> None:
    shop.drop("Spring/   ", a_photo(3, (64, 48)))

    arrival = ended(shop, "   ")
    assert shop.call("GET", f"/v1/assets/{arrival['asset_id']}").body["name"] == "file"


def test_dots_lead_out_of_no_workspace(shop: Shop) -> None:
    shop.drop("../../Spring/./a.jpg", a_photo(3, (64, 48)))

    asset = shop.call("GET", f"/v1/assets/{ended(shop, 'a.jpg')['asset_id']}").body
    assert asset["collections"][0]["path"] == "Spring"


@pytest.mark.parametrize("key", ["a.jpg", "no-workspace/a.jpg", "2" * 26, "/a.jpg"])
def test_a_key_outside_any_workspace_is_kept_for_those_who_run_the_stage(shop: Shop, key: str) -> None:
    store = shop.ctx.store
    answer = store._s3.put_object(  # type: ignore[attr-defined]
        Bucket=shop.ctx.settings.bucket("inbox"), Key=key, Body=b"x"
    )
    hint = arrivals.hint_of(shop.ctx, key, answer["VersionId"])

    ingest.take(shop.ctx, hint)

    arrival = rows.get(OUTSIDE, VersionId(hint.id))
    assert arrival is not None
    assert (arrival.state, arrival.reason_code) == ("quarantined", "outside")
    assert shop.call("GET", "/v1/ingest").body["items"] == []


def test_a_workspace_that_does_not_exist_is_said_so(shop: Shop) -> None:
    other = Shop(shop.ctx, shop.workspace.__class__("2" * 26), "")
    version = other.put("a.jpg", b"x")

    other.take("a.jpg", version)

    hint = arrivals.hint_of(shop.ctx, f"{'2' * 26}/a.jpg", version)
    arrival = rows.get(hint.workspace, hint.id)
    assert arrival is not None
    assert "no such workspace" in str(arrival.reason)


def test_a_file_over_the_limit_of_the_stage_is_kept_with_both_sizes(shop: Shop) -> None:
    settings = shop.ctx.settings.model_copy(update={"max_object_bytes": 1_000_000})
    small = Shop(shop.ctx.__class__(**{**vars(shop.ctx), "settings": settings}), shop.workspace, shop.key)

    small.drop("big.tif", bytes(2_000_000))

    assert ended(shop, "big.tif")["reason"] == "The file has 2 MB; the limit is 1 MB. Save a smaller one."


def test_a_file_that_is_taken_away_while_it_is_read_is_said_so_and_can_be_dropped_again(shop: Shop) -> None:
    version = shop.put("a.jpg", a_photo())
    genuine = shop.ctx.store.tags

    class Store:
        def __getattr__(self, name: str) -> object:
            return getattr(shop.ctx.store, name)

        def tags(self, *asked: object) -> object:
            found = genuine(*asked)  # type: ignore[arg-type]
            shop.ctx.store.delete("inbox", f"{shop.workspace}/a.jpg", version)
            return found

    taking = Shop(shop.ctx.__class__(**{**vars(shop.ctx), "store": Store()}), shop.workspace, shop.key)

    taking.take("a.jpg", version)

    assert "taken away" in str(ended(shop, "a.jpg")["reason"])
    shop.drop("a.jpg", a_photo())
    assert [one["name"] for one in shop.assets()] == ["next.jpg", "a.jpg"] or len(shop.assets()) == 2


def test_an_upload_of_other_bytes_than_announced_is_kept_with_a_reason(shop: Shop) -> None:
    body = a_photo(9, (64, 48))
    asked = {"file_name": "a.jpg", "size_bytes": len(body), "sha256": "0" * 64}
    upload = shop.call("POST", "/v1/uploads", asked).body

    shop.drop(f"_uploads/{upload['id']}", body)

    assert "not those that were sent" in str(ended(shop, "a.jpg")["reason"])


def test_tags_win_over_metadata_lists_are_split_and_what_does_not_fit_is_named_in_the_audit(shop: Shop) -> None:
    version = shop.put(
        "a.jpg",
        a_photo(),
        title="Red%20dress",
        keywords="jeans, Summer,, jeans ",
        rating="many",
        position="3",
        mtime="1",
    )
    store = shop.ctx.store
    store._s3.put_object_tagging(  # type: ignore[attr-defined]
        Bucket=shop.ctx.settings.bucket("inbox"),
        Key=f"{shop.workspace}/a.jpg",
        VersionId=version,
        Tagging={"TagSet": [{"Key": "skus", "Value": "TS-100"}, {"Key": "title", "Value": "Dark%20red"}]},
    )

    shop.take("a.jpg", version)

    asset = shop.call("GET", f"/v1/assets/{shop.assets()[0]['id']}").body
    told = audit.of(shop.workspace, f"asset:{asset['id']}")[0].detail
    assert (asset["title"], asset["keywords"], asset["sku"]) == ("Dark red", ["jeans", "Summer"], "TS-100")
    assert asset["rating"] is None
    assert told is not None
    assert told["left_out"] == ["rating"]


def test_a_late_older_version_adds_its_keywords_and_overwrites_nothing(shop: Shop) -> None:
    first = shop.put("a.jpg", a_photo(1), title="Old title", keywords="old", description="Only here")
    second = shop.put("a.jpg", a_photo(2), title="New title", keywords="new")
    shop.take("a.jpg", second)

    shop.take("a.jpg", first)

    asset = shop.call("GET", f"/v1/assets/{shop.assets()[0]['id']}").body
    assert (asset["title"], asset["description"]) == ("New title", "Only here")
    assert asset["keywords"] == ["new", "old"]


def test_a_picture_of_another_format_than_its_name_is_read_by_its_content(shop: Shop) -> None:
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "PNG")

    shop.drop("a.jpg", out.getvalue())

    asset = shop.call("GET", f"/v1/assets/{ended(shop, 'a.jpg')['asset_id']}").body
    assert asset["format"] == "png"
