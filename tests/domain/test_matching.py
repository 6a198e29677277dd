"""Which SKU a picture shows: 73 names against one catalogue, and what holds for every catalogue and every name."""

import random
from typing import Any

import pytest
from hypothesis import given, strategies as some

from chalicelib.domain.matching import SHORTEST, Catalogue, Options, match
from chalicelib.domain.name_parts import loose, loosened, stem, strict

SKUS = (
    "TEE-1", "TEE-10", "TEE-1-RED", "TEE-1-RED-S", "MUG", "MUG_BLUE", "00123", "123", "AB 12/34", "CAFÉ-01", "ÑU-7",
    "X", "SKU-1", "sku-2", "Sku-2", "A.12.B", "K-100-2", "K-100", "LONG SKU NAME", "5901234123457", "RX7", "BAG#9",
    "BAG-9", "Straße-5", "ABC", "ABC-FRONT", "DUP-1", "P+P", "0007", "Z-1", "Z/1", "ＦＷ-3", "E-2024", "wm-1000xm5", "",
)  # fmt: skip
SHOP = Catalogue.of(SKUS)
EVERYTHING_ON = Options(by_folder=True, by_style=True)
# name, answer, SKUs, position, shot type, SKUs people gave it, folders from the nearest
ROWS: list[tuple[str, str, tuple[str, ...], int | None, str | None, tuple[str, ...], tuple[str, ...]]] = [
    ("TEE-1.jpg", "match", ("TEE-1",), None, None, (), ()),
    ("TEE-10.jpg", "match", ("TEE-10",), None, None, (), ()),
    ("TEE-1_1.jpg", "match", ("TEE-1",), 1, None, (), ()),
    ("TEE-1_02.png", "match", ("TEE-1",), 2, None, (), ()),
    ("TEE-10-2.webp", "match", ("TEE-10",), 2, None, (), ()),
    ("TEE-1-RED.jpg", "match", ("TEE-1-RED",), None, None, (), ()),
    ("TEE-1-RED-front.jpg", "match", ("TEE-1-RED",), None, "front", (), ()),
    ("TEE-1-RED-S_3.jpg", "match", ("TEE-1-RED-S",), 3, None, (), ()),
    ("TEE-1-BLUE.jpg", "review", ("TEE-1",), None, None, (), ()),
    ("TEE-1-RED-XL.jpg", "review", ("TEE-1-RED",), None, None, (), ()),
    ("TEE-12.jpg", "none", (), None, None, (), ()),
    ("tee-1.JPG", "match", ("TEE-1",), None, None, (), ()),
    ("tee_1.jpg", "match", ("TEE-1",), None, None, (), ()),
    ("TEE1.jpg", "review", ("TEE-1",), None, None, (), ()),
    ("MUG.jpg", "match", ("MUG",), None, None, (), ()),
    ("MUG_BLUE.jpg", "match", ("MUG_BLUE",), None, None, (), ()),
    ("mug-blue-2.jpg", "match", ("MUG_BLUE",), 2, None, (), ()),
    ("MUG_back2.jpg", "match", ("MUG",), 2, "back", (), ()),
    ("MUG (1).jpg", "match", ("MUG",), 1, None, (), ()),
    ("MUG - Copy.jpg", "match", ("MUG",), None, None, (), ()),
    ("MUG_v3.jpg", "match", ("MUG",), None, None, (), ()),
    ("MUG_2000x2000_web.jpg", "match", ("MUG",), None, None, (), ()),
    ("MUG_20261122.jpg", "review", ("MUG",), None, None, (), ()),
    ("00123.jpg", "match", ("00123",), None, None, (), ()),
    ("123.jpg", "match", ("123",), None, None, (), ()),
    ("0123.jpg", "review", ("00123", "123"), None, None, (), ()),
    ("7.jpg", "review", ("0007",), None, None, (), ()),
    ("AB 12_34.jpg", "match", ("AB 12/34",), None, None, (), ()),
    ("AB-12-34_2.jpg", "match", ("AB 12/34",), 2, None, (), ()),
    ("AB 12%2F34.jpg", "match", ("AB 12/34",), None, None, (), ()),
    ("CAFE\u0301-01.jpg", "match", ("CAFÉ-01",), None, None, (), ()),
    ("ñu-7_front.jpg", "match", ("ÑU-7",), None, "front", (), ()),
    ("CAFE-01.jpg", "none", (), None, None, (), ()),
    ("strasse-5.jpg", "match", ("Straße-5",), None, None, (), ()),
    ("FW-3.jpg", "match", ("ＦＷ-3",), None, None, (), ()),
    ("X.jpg", "match", ("X",), None, None, (), ()),
    ("X_1.jpg", "none", (), None, None, (), ()),
    ("sku-2.jpg", "match", ("sku-2",), None, None, (), ()),
    ("SKU-2.jpg", "ambiguous", ("Sku-2", "sku-2"), None, None, (), ()),
    ("A.12.B.jpg", "match", ("A.12.B",), None, None, (), ()),
    ("A.12.B.2.jpg", "match", ("A.12.B",), 2, None, (), ()),
    ("K-100-2.jpg", "match", ("K-100-2",), None, None, (), ()),
    ("K-100-3.jpg", "match", ("K-100",), 3, None, (), ()),
    ("K-100-2-2.jpg", "match", ("K-100-2",), 2, None, (), ()),
    ("LONG  SKU name_front.jpg", "match", ("LONG SKU NAME",), None, "front", (), ()),
    ("5901234123457-1.jpg", "match", ("5901234123457",), 1, None, (), ()),
    ("RX7_A.jpg", "match", ("RX7",), 1, None, (), ()),
    ("RX7b.jpg", "none", (), None, None, (), ()),
    ("BAG#9.jpg", "match", ("BAG#9",), None, None, (), ()),
    ("BAG 9.jpg", "ambiguous", ("BAG#9", "BAG-9"), None, None, (), ()),
    ("Z_1.jpg", "ambiguous", ("Z-1", "Z/1"), None, None, (), ()),
    ("ABC-FRONT.jpg", "match", ("ABC-FRONT",), None, None, (), ()),
    ("ABC_back.jpg", "match", ("ABC",), None, "back", (), ()),
    ("IMG_1234.jpg", "none", (), None, None, (), ()),
    ("Screenshot 2026-11-22 at 10.00.png", "none", (), None, None, (), ()),
    ("1.jpg", "match", ("TEE-10",), 1, None, (), ("TEE-10", "Tees")),
    ("lifestyle.jpg", "match", ("MUG",), None, "lifestyle", (), ("shoot", "MUG")),
    ("TEE-1_2.jpg", "match", ("TEE-1",), 2, None, (), ("MUG",)),
    ("TEE-1-RED-S~.jpg", "match", ("TEE-1-RED-S",), None, None, (), ()),
    ("TEE-1~.jpg", "match", ("TEE-1",), None, None, (), ()),
    ("TEE~.jpg", "match", ("TEE-1", "TEE-1-RED", "TEE-1-RED-S", "TEE-10"), None, None, (), ()),
    ("TEE-1+MUG_2.jpg", "match", ("MUG", "TEE-1"), 2, None, (), ()),
    ("TEE-1+NOPE.jpg", "review", ("TEE-1",), None, None, (), ()),
    ("P+P.jpg", "match", ("P+P",), None, None, (), ()),
    ("IMG_1234.jpg", "match", ("MUG", "TEE-1"), None, None, ("TEE-1", "MUG"), ()),
    ("TEE-1_3.jpg", "match", ("TEE-1",), 3, None, ("TEE-1",), ()),
    ("TEE-1.jpg", "none", (), None, None, ("GONE",), ()),
    ("WM-1000XM5_hero.jpg", "match", ("wm-1000xm5",), None, "hero", (), ()),
    ("E-2024-01.jpg", "match", ("E-2024",), 1, None, (), ()),
    ("MUG", "match", ("MUG",), None, None, (), ()),
    ("MUG.final.psd", "match", ("MUG",), None, None, (), ()),
    ("TEE-1_front_2.jpg", "match", ("TEE-1",), 2, "front", (), ()),
    ("TEE–1_2.jpg", "match", ("TEE-1",), 2, None, (), ()),
]


@pytest.mark.requirement("R34")
@pytest.mark.parametrize(("name", "kind", "skus", "position", "shot", "said", "folders"), ROWS)
def test_a_name_shows_the_sku_it_says_and_never_a_guess(
    name: str, kind: str, skus: Any, position: Any, shot: Any, said: Any, folders: Any
) -> None:
    found = match(SHOP, name, said=said, folders=folders, options=EVERYTHING_ON)

    assert (found.kind, found.skus, found.position, found.shot_type) == (kind, skus, position, shot)
    assert found.because


@pytest.mark.requirement("R34")
@pytest.mark.parametrize(
    ("name", "kind", "skus"),
    [
        ("BAG#9_2.jpg", "match", ("BAG#9",)),
        ("bag 9_2.jpg", "ambiguous", ("BAG#9", "BAG-9")),
        ("P+P_2.jpg", "match", ("P+P",)),
        ("TEE-1_2_3.jpg", "review", ("TEE-1",)),
        ("TEE-1_front_back.jpg", "review", ("TEE-1",)),
        ("TEE-1_0.jpg", "review", ("TEE-1",)),
        ("TEE-1_2 (1).jpg", "match", ("TEE-1",)),
        (".jpg", "none", ()),
        ("", "none", ()),
        ("___", "none", ()),
        ("+", "none", ()),
        ("TEE-1+", "review", ("TEE-1",)),
    ],
)  # fmt: skip
def test_odd_names_are_read_with_the_same_care(name: str, kind: str, skus: tuple[str, ...]) -> None:
    found = match(SHOP, name)

    assert (found.kind, found.skus) == (kind, skus)


def test_folders_and_styles_count_only_where_they_are_switched_on() -> None:
    assert match(SHOP, "lifestyle.jpg", folders=("MUG",)).kind == "none"
    assert match(SHOP, "TEE~.jpg").kind == "none"


WORDS = some.sampled_from(["TEE", "tee", "1", "10", "01", "RED", "front", "A", "+", "Ä", "(2)", "v2", "BLUE", "2026"])
SEPARATORS = some.sampled_from(["-", "_", " ", ".", "/", "#", "", "--"])
TEXTS = some.lists(some.tuples(WORDS, SEPARATORS), min_size=1, max_size=5).map(
    lambda parts: "".join(word + sign for word, sign in parts).strip("/#.-_ ") or "A"
)
CATALOGUES = some.lists(TEXTS, max_size=12)


@pytest.mark.requirement("R34")
@given(CATALOGUES, TEXTS)
def test_a_shorter_sku_never_wins_over_a_longer_one(skus: list[str], name: str) -> None:
    found = match(Catalogue.of(skus), name)

    if found.kind == "match" and len(found.skus) == 1:
        key, won = loosened(strict(stem(name))), loose(found.skus[0])
        longer = [one for one in skus if len(one) >= SHORTEST and len(loose(one)) > len(won) and "+" not in name
                  and (key == loose(one) or key.startswith(loose(one) + "-"))]  # fmt: skip
        assert not longer


@pytest.mark.requirement("R34")
@given(CATALOGUES, TEXTS)
def test_what_matches_stands_in_the_name_and_nothing_else_would_do(skus: list[str], name: str) -> None:
    found = match(Catalogue.of(skus), name)

    if found.kind == "match":
        keys = [loosened(strict(part)) for part in (stem(name), *stem(name).replace(";", "+").split("+"))]
        for sku in found.skus:
            assert sku in skus
            assert any(key == loose(sku) or key.startswith(loose(sku) + "-") for key in keys)
    if found.kind == "ambiguous":
        assert len(found.skus) > 1


@pytest.mark.requirement("R34")
@given(CATALOGUES, TEXTS, some.randoms(use_true_random=False))
def test_the_order_of_the_catalogue_changes_nothing(skus: list[str], name: str, chance: random.Random) -> None:
    shuffled = [*skus, *skus[:2]]
    chance.shuffle(shuffled)

    assert match(Catalogue.of(skus), name) == match(Catalogue.of(shuffled), name)


@given(some.lists(some.text(max_size=20), max_size=8), some.text(max_size=40))
def test_any_text_at_all_gets_an_answer(skus: list[str], name: str) -> None:
    found = match(Catalogue.of(skus), name, options=EVERYTHING_ON)

    assert found.kind in ("match", "review", "ambiguous", "none")
    assert (found.kind == "none") == (not found.skus)
