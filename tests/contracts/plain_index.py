"""A search index that looks at every document: slow, in memory, and simple enough to be believed."""

import json
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from chalicelib.domain import prints
from chalicelib.domain.documents import Content, content, exact
from chalicelib.domain.ids import AssetId, WorkspaceId
from chalicelib.domain.queries import (
    Alike,
    All,
    AnyOf,
    Ask,
    Document,
    FacetAsk,
    Found,
    IndexState,
    Node,
    Text,
)
from chalicelib.domain.reach import Reach, Sight
from chalicelib.domain.tokens import WEIGHTS, fold, tokens_of, typos
from chalicelib.domain.views import Near, Nearest, View, view_in
from chalicelib.errors import Conflict, Gone
from chalicelib.ports.search import Ground
from tests.properties.plain_search import edits, has_phrase, matches

Documents = Mapping[AssetId, Document]


@dataclass
class PlainIndex:
    """Every generation ever made, whole."""

    generations: dict[WorkspaceId, list[Documents]] = field(default_factory=lambda: defaultdict(lambda: [{}]))

    check_age_s = 0.0

    def find(self, workspace: WorkspaceId, ask: Ask) -> Found:
        known = self.generations[workspace]
        generation = len(known) - 1 if ask.generation is None else ask.generation
        if generation >= len(known):
            raise Gone("No such generation.", code="snapshot_gone")
        documents = known[generation]
        hits = [one for one in documents.values() if sees(ask.sight, one) and matches(ask.query, content(one.asset))]
        hits.sort(key=lambda one: order(ask.sort, ask.query, one))
        facets = {name: self._facet(documents, ask.sight, name, facet) for name, facet in ask.facets.items()}
        cards = tuple(json.loads(json.dumps(one.card)) for one in hits[ask.skip : ask.skip + ask.limit])
        return Found(cards, len(hits), facets, generation, is_newest=generation == len(known) - 1)

    def _facet(self, documents: Documents, sight: Sight, name: str, ask: FacetAsk) -> tuple[tuple[str, int], ...]:
        counts: Counter[str] = Counter()
        written: Counter[str] = Counter()
        for one in documents.values():
            found = content(one.asset)
            if sees(sight, one) and matches(ask.query, found):
                counts.update(value for value in found.exact.get(name, ()) if ask.only is None or value in ask.only)
                written.update(found.spelled.get(name, ()))
        return spelled(counts, written)[: ask.limit]

    def suggest(self, workspace: WorkspaceId, field: str, prefix: str, ask: Ask) -> tuple[tuple[str, int], ...]:
        counts: Counter[str] = Counter()
        written: Counter[str] = Counter()
        begin = exact(prefix)
        for one in self.generations[workspace][-1].values():
            found = content(one.asset)
            if begin and sees(ask.sight, one) and matches(ask.query, found):
                counts.update(value for value in found.exact.get(field, ()) if value.startswith(begin))
                written.update(found.spelled.get(field, ()))
        return spelled(counts, written)[: ask.limit]

    def alike(
        self, workspace: WorkspaceId, view: View, sight: Sight, nearest: Callable[[Nearest], Sequence[Near]], *,
        at_least: int, most: int, least: float,
    ) -> tuple[tuple[Mapping[str, object], float], ...]:  # fmt: skip
        found = []
        for one in self.generations[workspace][-1].values():
            other = view_in(one.asset, prints.shown_to_all(one.asset))
            if other and other.maker == view.maker and one.asset.state == "live" and sees(sight, one):
                found.append((json.loads(json.dumps(one.card)), cosine(view.body, other.body)))
        return tuple(sorted((one for one in found if one[1] >= least), key=lambda one: -one[1])[:most])

    def ground(self, workspace: WorkspaceId) -> Ground:
        return len(self.generations[workspace]) - 1

    def apply(
        self, workspace: WorkspaceId, documents: Sequence[Document], gone: Sequence[AssetId],
        ground: Ground | None = None,
    ) -> int:  # fmt: skip
        known = self.generations[workspace]
        if ground not in (None, len(known) - 1):
            raise Conflict("Another writer was faster.", code="lost_race")
        if documents or gone:
            changed = {**known[-1], **{one.asset.id: one for one in documents}}
            known.append({name: one for name, one in changed.items() if name not in gone})
        return len(known) - 1

    def build(
        self,
        workspace: WorkspaceId,
        documents: Iterable[Document],
        changes: Callable[[], tuple[Sequence[Document], Sequence[AssetId]]] | None = None,
    ) -> int:
        built = {one.asset.id: one for one in documents}
        changed, gone = changes() if changes is not None else ((), ())
        built |= {one.asset.id: one for one in changed}
        self.generations[workspace].append({name: one for name, one in built.items() if name not in gone})
        return len(self.generations[workspace]) - 1

    def state(self, workspace: WorkspaceId) -> IndexState:
        known = self.generations[workspace]
        return IndexState(len(known) - 1, len(known[-1]), 0, 1 if known[-1] else 0, 0)

    def workspaces(self) -> Iterator[WorkspaceId]:
        return (name for name, known in self.generations.items() if len(known) > 1)

    def sweep(self, workspace: WorkspaceId) -> int:
        return 0


def cosine(one: bytes, other: bytes) -> float:
    """Of two vectors of signed bytes."""
    a, b = ([byte - 256 if byte > 127 else byte for byte in body] for body in (one, other))
    return sum(x * y for x, y in zip(a, b, strict=True)) / (math.hypot(*a) * math.hypot(*b))


def commonest(counts: Counter[str]) -> tuple[tuple[str, int], ...]:
    """Greatest count first, then by value."""
    return tuple(sorted(counts.items(), key=lambda one: (-one[1], one[0])))


def spelled(counts: Counter[str], written: Counter[str]) -> tuple[tuple[str, int], ...]:
    """The commonest, each as it is written most often."""
    first: dict[str, str] = {}
    for spelling, _ in commonest(written):
        first.setdefault(exact(spelling), spelling)
    return tuple((first.get(value, value), count) for value, count in commonest(counts))


def sees(sight: Sight, document: Document) -> bool:
    """The rules of `Sight`, word by word."""
    asset = document.asset
    if asset.id in sight.hidden or not all(covers(one, document) for one in (sight.view, *sight.also)):
        return False
    if sight.asked is not None and not matches(sight.asked, content(asset)):
        return False
    now = sight.now_s
    fields, restriction = asset.fields, asset.fields.restriction
    withheld = bool(fields.available_from and now < fields.available_from.timestamp())
    withheld |= bool(fields.available_until and now >= fields.available_until.timestamp())
    if restriction is not None:
        begun = restriction.from_ is None or now >= restriction.from_.timestamp()
        withheld |= begun and (restriction.until is None or now < restriction.until.timestamp())
    return not withheld or covers(sight.edit, document)


def covers(reach: Reach, document: Document) -> bool:
    """The rules of `Reach`, word by word."""
    asset, places = document.asset, set(document.asset.collection_ids)
    if reach.only is not None and asset.id not in reach.only:
        return False
    if asset.id in reach.own_deny or (reach.inside is not None and not places & reach.inside):
        return False
    if asset.id in reach.own_allow:
        return True
    return (reach.allow is None or bool(places & reach.allow)) and not places & reach.deny


def fields_of(node: Text) -> Sequence[str]:
    return tuple(WEIGHTS) if node.field is None else (node.field,) if node.field in WEIGHTS else ()


def score(node: Node, found: Content) -> float:
    """How well a document that matches does so: the sum over words of the best band and field."""
    match node:
        case All(parts) | AnyOf(parts):
            return sum(score(part, found) for part in parts if matches(part, found))
        case Text():
            if len(node.words) > 1 and not node.is_phrase:
                last = len(node.words) - 1
                singles = [
                    Text((word,), node.field, is_prefix=node.is_prefix and place == last)
                    for place, word in enumerate(node.words)
                ]
                return sum(score(one, found) for one in singles)
            return max(text_score(node, name, found) for name in fields_of(node))
        case Alike(bands, _):
            return float(len(set(bands) & set(found.bands)))
        case _:
            return 0.0


def text_score(node: Text, name: str, found: Content) -> float:
    """The greatest score of one field; 0 when it does not match."""
    streams = [tokens_of(name, text) for text in found.texts.get(name, ())]
    bonus = 4.0 * WEIGHTS[name]
    if len(node.words) > 1:
        return 4000.0 * len(node.words) + bonus if any(has_phrase(node, stream) for stream in streams) else 0.0
    word, tokens = node.words[0], {token for stream in streams for _, token in stream}
    if word in tokens:
        return 4000.0 + bonus
    if node.is_prefix:
        return 2000.0 + bonus if any(token.startswith(word) for token in tokens) else 0.0
    errors = 0 if node.is_phrase else typos(word)
    return 1000.0 + bonus if errors and any(edits(word, token) <= errors for token in tokens) else 0.0


def order(sort: str, query: Node, document: Document) -> tuple[Any, ...]:
    """What decides between two documents, without the tie-break; absent values last."""
    asset, found = document.asset, content(document.asset)
    uploaded = int(asset.created_at.timestamp() * 1000)
    if sort == "relevance":
        return (-score(query, found),)
    name = sort.removeprefix("-")
    values: dict[str, Any] = {**found.numbers, "uploaded": uploaded}
    if name == "name":
        folded = [ord(sign) for sign in fold(asset.fields.name)[:120]] + [0x1F]
        return ([-one for one in folded] if sort.startswith("-") else folded,)
    value = values.get(name)
    if value is None:
        return (1, 0)
    return (0, -value if sort.startswith("-") else value)
