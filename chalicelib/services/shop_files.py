"""Files in a store: made once under a name of their own, given new bytes behind the same id, waited for.

Every step is safe to repeat. The intent is written before a file is made; whoever comes after a crash looks for a file
of exactly that name and takes it over, and the store itself refuses a second one of the same name. What is taken over
may hold any bytes, so it is given ours. Bytes are handed over again rather than guessed to have arrived.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, NoReturn

from chalicelib.domain.assets import Asset
from chalicelib.domain.ids import AssetId
from chalicelib.domain.plans import Plan, Pushed, Wanted
from chalicelib.domain.shop import MOST_FILES, FileChange, NewFile, Refusal, ShopFile
from chalicelib.errors import Conflict, InvalidInput, NotAllowed, NotFound, UpstreamUnavailable
from chalicelib.models import assets, base, pushed
from chalicelib.ports.shop import Shop
from chalicelib.services import egress_approved, jobs
from chalicelib.services.shop_actor import Actor
from chalicelib.services.shop_candidates import MOST_BYTES

_WAIT_S, _MOST_WAITS = 10, 60
STUCK = "store_stuck"
AT_ONCE = 40
"""Files of one product that are begun together: their bytes are handed over within a lease."""
LATER = ("NON_READY_STATE", "FILE_LOCKED", "MEDIA_CANNOT_BE_MODIFIED")
"""Refusals that end by themselves."""


@dataclass(frozen=True)
class Outcome:
    """What became of one file: it stands, it is to be waited for, or it will not come, with the reason."""

    state: Literal["ready", "waiting", "failed", "conflict"]
    detail: str = ""


READY, WAITING = Outcome("ready"), Outcome("waiting")


@dataclass
class Push:
    """One run that changes a store. `known` is what is remembered of files, by asset; `seen` what the store says of
    those that were asked about in this round."""

    run: jobs.Run
    plan: Plan
    actor: Actor
    store: Shop
    known: dict[str, Pushed] = field(default_factory=dict)
    seen: dict[str, ShopFile] = field(default_factory=dict)
    agreed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Changes of the merchant's that people agreed to overwrite, by asset."""

    def keep(self, writes: Sequence[base.Write], *, done: int = 0) -> None:
        """Keep what was done, as progress."""
        steps = int((self.run.job.cursor or {}).get("steps") or 0) + 1
        self.run.advance(self.run.job.done + done, cursor={"steps": steps}, writes=writes)

    def remember(self, *files: Pushed, done: int = 0) -> None:
        """Write what is known of these files."""
        place = self.run.workspace, self.plan.connection_id
        for one in files:
            self.known[one.asset_id] = one
        self.keep([pushed.put_file(*place, one) for one in files], done=done)

    def ask(self, file_ids: Sequence[str]) -> None:
        """See how these files are."""
        self.seen.clear()
        for start in range(0, len(file_ids), MOST_FILES):
            part = file_ids[start : start + MOST_FILES]
            try:
                found = self.store.files(part)
            except UpstreamUnavailable:
                continue  # they are asked about in the next round
            self.seen |= {one: ShopFile(one, "failed", because="FILE_DOES_NOT_EXIST") for one in part}
            self.seen |= found

    def wait(self) -> NoReturn:
        """Let the job go until the store may be further. Raises `UpstreamUnavailable` when it was not for an hour."""
        cursor = dict(self.run.job.cursor or {})
        cursor["waits"] = int(cursor.get("waits") or 0) + 1
        if cursor["waits"] > _MOST_WAITS:
            raise UpstreamUnavailable(
                "The store did not get further for an hour. Apply the plan again later.", code=STUCK
            )
        self.run.wait(_WAIT_S, cursor=cursor)


def bring(push: Push, wanted: Sequence[Wanted], anew: frozenset[str] = frozenset()) -> dict[str, Outcome]:
    """Bring the files of these pictures, by asset, a step further; those in `anew` are made again if they are gone.

    Where many are to be begun, some are, and the others wait their turn.
    """
    found: dict[str, Outcome] = {}
    fresh: list[Wanted] = []
    for one in wanted:
        known = push.known.get(one.asset_id)
        if known and known.making == one.content and known.making_id:
            found[one.asset_id] = _look_after(push, one, known)
        elif known and known.file_id and known.name == one.name and known.content == one.content:
            found[one.asset_id] = READY
        else:
            fresh.append(one)
    found |= dict.fromkeys([one.asset_id for one in fresh[AT_ONCE:]], WAITING)
    return found | _begin(push, fresh[:AT_ONCE], anew)


def _look_after(push: Push, want: Wanted, known: Pushed) -> Outcome:
    """A file that is on its way."""
    seen = push.seen.get(str(known.making_id))
    if seen is None or seen.state == "processing":
        return WAITING
    if seen.state == "failed":
        return _failed(push, want, known, seen)
    done = replace(
        known, making=None, making_id=None, content=want.content, version=want.version, url=seen.url, refused=None
    )
    if known.making_id != known.file_id:
        done = replace(done, file_id=known.making_id, name=want.name, leaving=known.file_id)
        done = replace(done, alt=want.alt if known.file_id else known.alt)
        _take_place(push, known)
    push.remember(done)
    return READY


def _take_place(push: Push, known: Pushed) -> None:
    """Where the old file lay, the new one is to lie."""
    place = push.run.workspace, push.plan.connection_id
    for product_id in known.product_ids if known.file_id else ():
        row = pushed.product(*place, product_id)
        if row.left is not None:
            left = row.left.swapped(str(known.file_id), str(known.making_id))
            push.keep([pushed.put_product(*place, replace(row, left=left))])


def _failed(push: Push, want: Wanted, known: Pushed, seen: ShopFile) -> Outcome:
    """The store would not have these bytes: the old ones stay, or the file goes; they are not tried again."""
    if seen.because == "FILE_DOES_NOT_EXIST":
        push.remember(replace(known, making=None, making_id=None))
        return Outcome("conflict", "The file was deleted in the store meanwhile.")
    if known.making_id == known.file_id:
        push.store.acknowledge([str(known.making_id)])
    else:
        push.store.drop_files([str(known.making_id)])
    push.remember(replace(known, making=None, making_id=None, refused=(want.content, seen.because)))
    return Outcome("failed", f"The store refused this picture: {seen.because}.")


def _begin(push: Push, wanted: Sequence[Wanted], anew: frozenset[str]) -> dict[str, Outcome]:
    """Bytes are handed over, for new files and for new bytes of known ones."""
    found: dict[str, Outcome] = {}
    rows = {one.id: one for one in assets.get_many(push.run.workspace, [AssetId(one.asset_id) for one in wanted])}
    ready: list[tuple[Wanted, bytes]] = []
    for one in wanted:
        body = _bytes(push, one, rows.get(AssetId(one.asset_id)))
        if isinstance(body, Outcome):
            found[one.asset_id] = body
        else:
            ready.append((one, body))
    adopted = _adopt(push, [one for one, _ in ready])
    found |= adopted
    rest = [(one, body) for one, body in ready if one.asset_id not in adopted]
    push.remember(*[_intent(push.known.get(one.asset_id), one) for one, _ in rest])
    new: list[tuple[Wanted, str]] = []
    for one, body in rest:
        staged = push.store.stage(one.name, push.actor.preset.mime, body)
        known = push.known[one.asset_id]
        if known.file_id and known.name == one.name:
            found[one.asset_id] = _replace(push, known, staged, is_anew=one.asset_id in anew)
        else:
            new.append((one, staged))
    return found | _create(push, new)


def _intent(known: Pushed | None, want: Wanted) -> Pushed:
    old = known or Pushed(want.asset_id, want.name)
    return replace(old, making=want.content, making_id=None)


def _bytes(push: Push, want: Wanted, asset: Asset | None) -> bytes | Outcome:
    if asset is None:
        return Outcome("conflict", "The asset is gone.")
    try:
        preset = push.actor.preset_for(asset)
        body = egress_approved.bytes_of_approved(push.run.ctx, push.actor.caller, asset, want.version, preset)
    except (Conflict, NotAllowed, InvalidInput, NotFound) as problem:
        return Outcome(
            "conflict", problem.message if problem.code == "preset_unfit" else f"{problem.message} Plan again."
        )
    if len(body) > MOST_BYTES:
        return Outcome("failed", f"It has {len(body) / 1e6:.1f} MB; a store gets at most {MOST_BYTES // 10**6} MB.")
    return body


def _adopt(push: Push, wanted: Sequence[Wanted]) -> dict[str, Outcome]:
    """Files that a run which died may have made: the store is asked for their names first."""
    found: dict[str, Outcome] = {}
    for one in wanted:
        known = push.known.get(one.asset_id)
        is_begun = known is not None and known.making is not None and not (known.file_id and known.name == one.name)
        if known is not None and is_begun:
            found |= {one.asset_id: WAITING} if _taken_over(push, known, one) else {}
    return found


def _taken_over(push: Push, known: Pushed, want: Wanted) -> bool:
    files = push.store.files_named(want.name)
    if not files:
        return False
    one = files[0]
    _take_place(push, replace(known, making_id=one.id))
    push.remember(
        replace(
            known, file_id=one.id, name=want.name, content=None, version=None, alt=one.alt, url=one.url, making=None,
            making_id=None, leaving=known.file_id or known.leaving,
        )
    )  # fmt: skip
    return True


def _replace(push: Push, known: Pushed, staged: str, *, is_anew: bool) -> Outcome:
    for refusal in push.store.change_files([FileChange(str(known.file_id), staged=staged)]):
        if refusal.code in LATER:
            return WAITING
        if refusal.code == "FILE_DOES_NOT_EXIST" and is_anew:
            push.remember(replace(known, making=None, file_id=None, content=None))
            return WAITING
        push.remember(replace(known, making=None))
        gone = refusal.code == "FILE_DOES_NOT_EXIST"
        return Outcome("conflict" if gone else "failed", f"The store says: {refusal.message}")
    push.remember(replace(known, making_id=known.file_id))
    return WAITING


def _create(push: Push, new: Sequence[tuple[Wanted, str]]) -> dict[str, Outcome]:
    made, refusals = push.store.make_files([NewFile(one.name, staged, one.alt) for one, staged in new])
    refused: Mapping[int | None, Refusal] = {each.index: each for each in refusals}
    files = iter(made)
    found: dict[str, Outcome] = {}
    kept: list[Pushed] = []
    for index, (one, _) in enumerate(new):
        refusal = refused.get(index) or refused.get(None)
        known = push.known[one.asset_id]
        file = None if refusal else next(files, None)
        found[one.asset_id] = WAITING
        if file is not None:
            kept.append(replace(known, making_id=file.id, alt=known.alt if known.file_id else one.alt))
        elif refusal is not None and refusal.code == "FILENAME_ALREADY_EXISTS":
            _taken_over(push, known, one)  # not found yet: the store's search lags, and it is asked again
        elif refusal is not None:
            kept.append(replace(known, making=None))
            found[one.asset_id] = Outcome("failed", f"The store says: {refusal.message}")
    if kept:
        push.remember(*kept)
    return found
