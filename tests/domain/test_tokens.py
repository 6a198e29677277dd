"""Words as documents and queries share them."""

import sys
import time

import pytest

from chalicelib.domain.tokens import (
    MAX_TOKEN,
    MAX_TOKENS,
    WEIGHTS,
    chunks,
    fold,
    forms,
    positioned,
    singular,
    tokens_of,
    typos,
    whole,
)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Straße", "strasse"),
        ("ÉTÉ été", "ete ete"),
        ("Ærø Łódź Þór Đà", "aero lodz thor da"),
        ("İSTANBUL ısı", "istanbul isi"),
        ("ﬁne ＡＢＣ ²", "fine abc 2"),
        ("שָׁלוֹם", "שלום"),
        ("مُحَمَّد", "محمد"),
        ("हिन्दी", "हिन्दी"),
        ("ﾊﾞｯｸﾞ", "バッグ"),
        ("ΣΊΣΥΦΟΣ", "σισυφοσ"),
    ],
)
def test_case_accents_and_forms_make_no_difference(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_folding_twice_changes_nothing_for_any_character() -> None:
    signs = [chr(code) for code in range(sys.maxunicode + 1) if not 0xD800 <= code < 0xE000]

    assert [sign for sign in signs if fold(fold(sign)) != fold(sign)] == []


@pytest.mark.requirement("R08")
def test_every_spelling_of_a_code_is_the_same_whole_and_the_same_parts() -> None:
    family = ("TS-100", "ts100", "TS_100", "TS 100", "ts.100", " Ts-100 ")

    assert {whole(one) for one in family} == {"=ts100"}
    assert {tuple(part for parts in chunks(one) for part in parts) for one in family} == {("ts", "100")}
    assert whole("TS-1000") != whole("TS-100") != whole("TS-0100")
    assert (0, "=ts100") in tokens_of("sku", "TS-100")
    assert "=ts100" not in {token for _, token in tokens_of("name", "TS-100")}


def test_a_file_name_is_found_by_its_parts_and_by_what_they_join_to() -> None:
    found = positioned("IMG_2041-frontView_v3.jpg")

    assert [token for _, token in found if token in ("img", "2041", "front", "view", "v", "3", "jpg")] == [
        "img", "2041", "front", "view", "v", "3", "jpg",
    ]  # fmt: skip
    assert {token: position for position, token in found} == {
        "img": 0, "img2041frontviewv3jpg": 0, "2041": 1, "front": 2, "frontview": 2, "view": 3, "v": 4, "v3": 4,
        "3": 5, "jpg": 6,
    }  # fmt: skip


@pytest.mark.parametrize(
    "pair",
    [
        "dress dresses", "berry berries", "jean jeans", "shoe shoes", "blouse blouses", "box boxes",
        "watch watches", "hoodie hoodies", "tie ties", "lens lenses", "bus buses", "bikini bikinis", "potato potatoes",
        "scarf scarves", "woman women", "size sizes", "glove gloves", "canvas canvases", "t-shirt t-shirts",
        "child children", "jersey jerseys", "brush brushes", "canoe canoes", "Accessory Accessories",
    ],
)  # fmt: skip
def test_a_plural_and_its_singular_have_a_form_in_common_both_ways(pair: str) -> None:
    one, many = ({token for _, token in positioned(word)} for word in pair.split())
    last_one, last_many = (chunks(word)[0][-1] for word in pair.split())

    assert forms(last_one)[-1] in many
    assert forms(last_many)[-1] in one


@pytest.mark.parametrize("pair", ["new news", "dress dressing", "bag bad", "short shirt", "class glass", "100 1000"])
def test_different_words_stay_different(pair: str) -> None:
    one, other = pair.split()

    assert set(forms(one)).isdisjoint(forms(other))


def test_finding_the_stem_of_a_stem_changes_nothing() -> None:
    words = [
        f"{begin}{end}" for begin in ("", "b", "dr", "sho", "men") for end in ("s", "ses", "ies", "oes", "sses", "es")
    ]

    assert [word for word in words if singular(singular(word)) != singular(word)] == []


def test_ideographs_and_emoji_are_words_of_their_own() -> None:
    assert chunks("赤いバッグ👜red") == [("赤", "い", "バ", "ッ", "グ", "👜", "red")]
    assert positioned("👍🏽") == [(0, "👍"), (0, "👍🏽"), (1, "🏽")]


def test_text_without_words_has_no_tokens() -> None:
    assert positioned("") == positioned(" -–— … ''\u200f\ud800") == []


def test_a_word_of_70000_letters_is_cut_and_what_follows_is_found() -> None:
    found = positioned("x" * 70_000 + " red")

    assert found == [(0, "x" * MAX_TOKEN), (1, "red")]


@pytest.mark.parametrize("text", ["a-" * 100_000, "a " * 100_000, "赤" * 200_000, "'s" * 100_000, "aB" * 100_000])
def test_long_texts_are_cut_in_bounded_time(text: str) -> None:
    begun = time.process_time()

    found = positioned(text)

    assert max(position for position, _ in found) < MAX_TOKENS
    assert time.process_time() - begun < 10


def test_typing_errors_are_forgiven_by_length_and_never_in_codes() -> None:
    assert [typos(word) for word in ("bag", "jean", "jackets", "trousers", "ts100", "2041")] == [0, 1, 1, 2, 0, 0]
    assert [typos("w" * letters) for letters in (40, 41, 70_000)] == [2, 0, 0]


def test_weights_cannot_be_changed_and_rank_codes_and_names_above_prose() -> None:
    with pytest.raises(TypeError):
        WEIGHTS["sku"] = 0  # type: ignore[index]

    assert (
        WEIGHTS["sku"]
        > WEIGHTS["name"]
        >= WEIGHTS["title"]
        > WEIGHTS["keyword"]
        > WEIGHTS["description"]
        > WEIGHTS["auto_tag"]
    )
