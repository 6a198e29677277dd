"""Any key that S3 can send is understood or refused with a reason, and never reaches outside its workspace."""

import json
import unicodedata
from urllib.parse import quote_plus

import pytest
from hypothesis import example, given, strategies as st

from chalicelib import wiring
from chalicelib.domain import names
from chalicelib.domain.arrivals import OUTSIDE, Place, Refusal, name_of, read_key, workspace_of
from chalicelib.domain.ids import is_id
from chalicelib.errors import InvalidInput
from chalicelib.handlers.events import created_objects
from infra.local.stack import Stack

WORKSPACE = "2" * 26
keys = st.text(max_size=60) | st.text(max_size=40).map(lambda rest: f"{WORKSPACE}/{rest}")
parts = st.text(st.characters(exclude_characters="/"), max_size=40)


@given(keys)
def test_every_text_is_a_place_or_a_refusal_in_words(key: str) -> None:
    found = read_key(key)

    if isinstance(found, Refusal):
        assert found.code in ("outside", "folder", "reserved")
        assert found.reason.endswith(".")
    else:
        assert is_id(found.workspace)
        assert found.file_name


@given(keys)
def test_a_key_is_only_ever_of_the_workspace_it_begins_with(key: str) -> None:
    found = read_key(key)

    home = workspace_of(key)
    assert key.startswith(f"{home}/") or home == OUTSIDE
    assert isinstance(found, Refusal) or found.workspace == home


@given(st.lists(st.sampled_from(["..", ".", "", "a", "_x", "CON"]), min_size=1, max_size=6))
def test_no_key_climbs_out_of_its_folder(words: list[str]) -> None:
    found = read_key("/".join([WORKSPACE, *words]))

    if isinstance(found, Place):
        assert not {"..", ".", ""} & {*found.folders, found.file_name, *found.path.split("/")}


@given(parts)
def test_a_first_folder_that_begins_with_an_underscore_is_ours(name: str) -> None:
    found = read_key(f"{WORKSPACE}/_{name}/a.jpg")

    is_upload = isinstance(found, Place) and found.upload_id == "a.jpg" and name == "uploads"
    assert is_upload or (isinstance(found, Refusal) and found.code == "reserved")


@given(keys)
def test_every_file_has_a_name_to_show(key: str) -> None:
    assert name_of(key)


@pytest.mark.requirement("R41")
@pytest.mark.parametrize(
    "name",
    [
        "a+b.jpg",
        "a%2Fb.jpg",
        "100%25.jpg",
        "two  blanks .jpg",
        "👗.jpg",
        "שמלה.jpg",
        "\u202eevil.jpg",
        "A\u0308rmel.jpg",
        ".hidden",
        "...",
        "CON",
        "aux.txt",
        "ends.",
        "ends ",
        "_fine_below.jpg",
        "n" * 255,
        "é" * 127,
        'quote"and\\back',
        "semi;colon&and=is?ask#hash",
    ],
)
def test_an_odd_name_is_kept_as_people_wrote_it(name: str) -> None:
    found = read_key(f"{WORKSPACE}/Spring/{name}")

    assert isinstance(found, Place)
    assert (found.folders, found.file_name) == (("Spring",), unicodedata.normalize("NFC", name))


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60))
@example("a+b %2B %252B.jpg")
@example("100%.jpg")
def test_a_key_of_an_event_is_decoded_exactly_once(stack: Stack, key: str) -> None:
    event = {"Records": [{"eventName": "ObjectCreated:Put", "s3": {"object": {"key": quote_plus(key)}}}]}

    (hint,) = created_objects(wiring.context(), json.loads(json.dumps(event)))

    assert hint.key == key


@given(parts)
def test_every_folder_has_a_collection_name_that_a_person_could_give(part: str) -> None:
    name = names.folder_name(part)

    assert names.check_collection_name(name) == name


@given(st.text(max_size=300))
def test_a_collection_name_is_taken_tidy_or_refused_with_a_reason(text: str) -> None:
    try:
        kept = names.check_collection_name(text)
    except InvalidInput as refusal:
        kept, reasons = None, refusal.fields
    if kept is None:
        assert reasons["name"]
        return
    assert kept == names.tidy(text) == names.check_collection_name(kept)
    assert "/" not in kept
    assert 0 < len(kept) <= names.MAX_NAME_CHARACTERS


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_a_name_is_the_same_name_however_it_is_composed_cased_or_padded(name: str) -> None:
    same = [
        unicodedata.normalize("NFD", name),
        unicodedata.normalize("NFC", name),
        f"  {name}\t" if not unicodedata.combining((name + " ")[0]) else name,
    ]

    assert {names.fold(one) for one in same} == {names.fold(name)}
    assert {names.fold_hash(one) for one in same} == {names.fold_hash(name)}


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("Front", "FRONT", True),
        ("Straße", "STRASSE", True),
        ("Ärmel", "a\u0308rmel", True),
        ("Front", " front ", True),
        ("Front", "Fr0nt", False),
        ("ﬁn", "fin", True),
        ("a b", "ab", False),
    ],
)
def test_names_are_compared_as_people_read_them(one: str, other: str, is_same: bool) -> None:
    assert (names.fold(one) == names.fold(other)) == is_same


@given(st.text(max_size=40), st.text(max_size=40))
def test_names_are_sorted_as_they_are_folded(one: str, other: str) -> None:
    if names.fold(one).encode("utf-8", "replace") < names.fold(other).encode("utf-8", "replace"):
        first, second = names.sort_key(one, "2"), names.sort_key(other, "2")
        assert first.partition("\x1f")[0] <= second.partition("\x1f")[0] or "\x1f" in one + other
