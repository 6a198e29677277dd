"""The rules of the app that need no screen, called as they are in the browser."""

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.journeys.instance import Instance


@pytest.fixture
def js(page: Page, packshot: Instance) -> Any:
    """Runs an expression with the app's pure modules at hand."""
    page.goto("/")

    def run(body: str, given: Any = None) -> Any:
        return page.evaluate(
            """async ([body, given]) => {
              const at = (name) => import(`/lib/${name}.js`)
              const [justify, layout, query, reviews, selection] = await Promise.all(
                [at('justify'), at('layout'), at('query'), at('reviews'), at('selection')])
              const run = { justify, layout, query, reviews, selection, given }
              return __RUN__
            }""".replace("__RUN__", body),
            [body, given],
        )

    return run


def test_names_in_a_comment_become_ids_and_names_again_the_longer_ones_first(page: Page, packshot: Instance) -> None:
    page.goto("/")
    ann, anna = "a" * 26, "b" * 26
    people = [{"id": ann, "name": "Ann"}, {"id": anna, "name": "Ann B."}]

    body, text, begun = page.evaluate(
        """async ([people, text]) => {
          const { asBody, asText, naming } = await import('/lib/comments.js')
          const body = asBody(text, people)
          return [body, asText(body, people), ['Hi @An', '@', 'a@b', 'done', '@Ann B'].map(naming)]
        }""",
        [people, "@Ann B. and @Ann, look"],
    )

    assert (body, text) == (f"@[{anna}] and @[{ann}], look", "@Ann B. and @Ann, look")
    assert begun == ["An", "", None, None, "Ann B"]


ASPECTS = [1.33, 0.75, 1, 1.78, 0.56, 1.25, 2.9, 0.42] * 12 + [1, 1, 1.5, 0.7]


@pytest.mark.parametrize("width", [296, 336, 616, 830, 1480, 3400])
def test_rows_fill_the_width_and_keep_near_the_wanted_height(js: Any, width: int) -> None:
    made = js(
        "justify.justified(given[0], {width: given[1], wanted: 132, gap: 10, caption: 26, isLast: false})",
        [ASPECTS, width],
    )

    assert sorted(at for row in made["rows"] for at in row) == list(range(100))
    for row in made["rows"]:
        boxes = [made["boxes"][at] for at in row]
        assert boxes[-1]["x"] + boxes[-1]["w"] == pytest.approx(width, abs=0.5)
        assert 0.5 * 132 <= boxes[0]["h"] <= 1.9 * 132
        assert all(box["w"] / box["h"] == pytest.approx(ASPECTS[at]) for box, at in zip(boxes, row, strict=True))


def test_the_last_row_of_a_result_is_not_blown_up(js: Any) -> None:
    made = js(
        "justify.justified([1, 1, 1, 1, 1, 1, 1, 1, 1], {width: 800, wanted: 132, gap: 10, caption: 26, isLast: true})"
    )

    assert made["boxes"][-1]["h"] <= 132.001


def test_every_place_of_a_result_of_a_million_has_a_box_in_order(js: Any) -> None:
    found = js(
        """(() => {
          const made = new layout.Layout({total: 1_000_000, width: 830, wanted: 132, gap: 10, caption: 26, line: null})
          made.learn(5_000, Array.from({length: 100}, (_, at) => ({width_px: 100 + at, height_px: 120})))
          const places = [0, 1, 99, 100, 499_999, 500_000, 500_050, 500_099, 500_100, 999_999]
          const tops = places.map((at) => made.boxOf(at).y)
          return {tops, height: made.height, end: made.within(made.height - 5, made.height).last}
        })()"""
    )

    assert found["tops"] == sorted(found["tops"])
    assert found["tops"][-1] < found["height"]
    assert found["end"] == 999_999


def test_what_is_learned_moves_only_what_lies_below(js: Any) -> None:
    before, after = js(
        """(() => {
          const made = new layout.Layout({total: 1000, width: 830, wanted: 132, gap: 10, caption: 26, line: null})
          const tops = () => [99, 100, 700].map((at) => made.boxOf(at).y)
          const before = tops()
          const moved = made.learn(1, Array.from({length: 100}, () => ({width_px: 300, height_px: 100})))
          return [[...before, moved], tops()]
        })()"""
    )

    assert after[:2] == pytest.approx(before[:2])
    assert after[2] == pytest.approx(before[2] + before[3])


def test_down_then_up_comes_back_to_the_same_column(js: Any) -> None:
    assert js(
        """(() => {
          const made = new layout.Layout({total: 100, width: 830, wanted: 132, gap: 10, caption: 26, line: null})
          made.learn(0, Array.from({length: 100}, () => ({width_px: 100, height_px: 100})))
          const down = made.beside(2, 1)
          return [made.beside(down, -1), made.boxOf(down).y > made.boxOf(2).y, made.beside(0, -1), made.beside(99, 1)]
        })()"""
    ) == [2, True, 0, 99]


def test_up_and_down_go_to_the_next_row_whatever_the_shapes(js: Any) -> None:
    steps = js(
        """(() => {
          const made = new layout.Layout({total: 100, width: 830, wanted: 132, gap: 10, caption: 26, line: null})
          made.learn(0, given.map((aspect) => ({width_px: 1000 * aspect, height_px: 1000})))
          const rows = [...new Set(given.map((_, at) => made.boxOf(at).y))]
          const row = (at) => rows.indexOf(made.boxOf(at).y)
          return given.map((_, at) => [row(at), row(made.beside(at, 1)), row(made.beside(at, -1)), rows.length - 1])
        })()""",
        ASPECTS,
    )

    for row, below, above, last in steps:
        assert (below, above) == (min(last, row + 1), max(0, row - 1))


def test_a_selection_is_a_rule_with_exceptions(js: Any) -> None:
    assert js(
        """(() => {
          const {everything, nothing, set, count, holds, asRule} = selection
          const but = set(everything, ['a', 'b'], false), some = set(set(nothing, ['a', 'b'], true), ['a'], false)
          return [count(but, 100_000), holds(but, 'a'), holds(but, 'c'), asRule(but, 'q'), count(some, 9),
                  asRule(some, 'q'), count(set(but, ['a'], true), 10)]
        })()"""
    ) == [99_998, False, True, {"q": "q", "except": ["a", "b"]}, 1, {"ids": ["b"]}, 9]


def test_typed_forms_become_pieces(js: Any) -> None:
    text = 'mug sku:KOS-1 keyword:"two words" -red "a phrase" (color:red OR color:blue)'
    assert js("query.pieces(given)", text) == [
        "mug", "sku:KOS-1", 'keyword:"two words"', "-red", '"a phrase"', "(color:red OR color:blue)",
    ]  # fmt: skip
    assert js("query.parts('-keyword:red')") == {"isNot": True, "key": "keyword", "value": "red"}


def test_facets_are_or_ed_inside_a_field_and_and_ed_across(js: Any) -> None:
    asked = {"words": "mug", "ticked": {"approval": ["approved", "pending"], "year": ["2026"]}, "inside": "abc"}
    q = js("query.asQuery(given)", asked)

    assert q == "mug (approval:approved OR approval:pending) taken:2026 collection:abc"
    assert js("query.fromQuery(given)", q) == asked


@pytest.mark.parametrize("value", ["a|b;c:d", "100 % linen", 'quo"ted', "Früh;jahr", "x:y"])
def test_a_ticked_value_survives_the_address(js: Any, value: str) -> None:
    assert js("query.readTicked(query.writeTicked({keyword: [given, 'b']}))", value) == {"keyword": [value, "b"]}


def test_places_in_the_queue_stay_while_somebody_reviews(js: Any) -> None:
    """What is new comes last, what somebody else settled is marked, what was decided here stays as it is."""
    before = [{"key": "a/1", "mine": {"decision": "approve", "state": "held"}}, {"key": "b/1"}, {"key": "c/1"}]
    found = [{"key": "d/1"}, {"key": "c/1"}, {"key": "d/1"}]

    whole = js("reviews.merged(given[0], given[1], true)", [before, found])
    in_part = js("reviews.merged(given[0], given[1], false)", [before, found])

    assert [one["key"] for one in whole] == ["a/1", "b/1", "c/1", "d/1"]
    assert [one.get("gone") for one in whole] == [None, True, None, None]
    assert whole[0]["mine"]["state"] == "held"
    assert [one.get("gone") for one in in_part] == [None] * 4


def test_what_is_asked_leaves_out_what_is_settled_and_what_this_person_decided(js: Any) -> None:
    def item(asset_id: str, state: str, *by: str) -> dict[str, Any]:
        return {"asset_id": asset_id, "version": 2, "state": state, "decisions": [{"by": one} for one in by]}

    items = [item("a", "open"), item("b", "approved", "you"), item("c", "open", "me"), item("d", "open", "you")]
    request = {"id": "r", "approver_ids": ["me", "you"], "rule": "all", "items": items}

    assert [one["key"] for one in js("reviews.asked(given, 'me')", request)] == ["a/2", "d/2"]


def test_a_sku_that_does_not_fit_below_a_tile_loses_its_middle_and_keeps_its_end(
    page: Page, packshot: Instance
) -> None:
    page.goto("/")

    shown = page.evaluate(
        """async () => {
          const { caption } = await import('/parts/tile.js')
          const item = { sku: 'AUR-VAS-02', title: 'A vase', name: 'vase.jpg' }
          return [caption(item, 120), caption(item, 88), caption({ ...item, sku: null }, 40)]
        }"""
    )

    assert shown == ["AUR-VAS-02", "AUR-…-02", "A vase"]
