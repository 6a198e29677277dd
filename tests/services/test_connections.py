"""Connections: made with sealed credentials, run one at a time, ended without a loss."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.connections import Line, Question
from chalicelib.errors import UpstreamRejected, UpstreamUnavailable
from chalicelib.handlers import connections as handler, jobs
from chalicelib.models import audit, connections as rows, secrets
from chalicelib.services import connection_runs, connections, jobs as jobs_service
from chalicelib.services.connection_runs import RECONNECT, Ask, Kind, Run
from tests.builders import Shop
from tests.policies import at
from tests.principals import a_connection

Acts = Callable[[Callable[[Run], None]], None]
CREDENTIALS = {"refresh_token": "x", "client_id": "x", "client_secret": "x"}


@pytest.fixture
def acts(monkeypatch: pytest.MonkeyPatch) -> Iterator[Acts]:
    """Let an outside system behave as a function says."""

    def behave(run: Callable[[Run], None]) -> None:
        kind = Kind(lambda _ctx, _one: None, run, lambda _ctx, _one, _credentials: None)
        monkeypatch.setitem(handler.KINDS, "drive", kind)

    return behave


def due(shop: Shop, connection: str, after: timedelta = timedelta(0)) -> str:
    ctx = at(shop.ctx, shop.ctx.now() + after)
    return connection_runs.run(ctx, handler.KINDS, shop.workspace, connection)


def shown(shop: Shop, connection: str) -> dict[str, Any]:
    return dict(shop.call("GET", f"/v1/connections/{connection}").body)


def runs(shop: Shop, connection: str) -> list[dict[str, Any]]:
    return list(shop.call("GET", f"/v1/connections/{connection}/runs").body["items"])


def test_credentials_are_sealed_and_never_shown_or_audited(shop: Shop) -> None:
    secret = "refresh-7f1a"
    asked = {"kind": "drive", "name": "Team", "settings": {"folder_ids": ["folder-1"]},
             "credentials": {"refresh_token": secret, "client_id": "c", "client_secret": "s"}}  # fmt: skip

    made = shop.call("POST", "/v1/connections", asked)
    changed = shop.call("PATCH", f"/v1/connections/{made.body['id']}", {"credentials": asked["credentials"]})

    one = rows.get(shop.workspace, made.body["id"])
    assert one is not None
    sealed = secrets.get(shop.workspace, one.secret_id)
    entries = audit.day(shop.workspace, shop.ctx.now())
    assert (made.status, changed.status) == (201, 200)
    assert sealed
    assert secret not in sealed
    assert secret not in f"{made.body}{changed.body}{shown(shop, one.id)}{entries}"
    assert connections.credentials_of(shop.ctx, one)["refresh_token"] == secret


def test_sealed_credentials_of_one_connection_cannot_be_opened_as_anothers(shop: Shop) -> None:
    one, other = (rows.get(shop.workspace, a_connection(shop)) for _ in range(2))
    assert one is not None
    assert other is not None
    sealed = secrets.get(shop.workspace, one.secret_id)

    from chalicelib.models import base

    base.transact([secrets.put(shop.workspace, other.secret_id, str(sealed))])

    with pytest.raises(UpstreamRejected):
        connections.credentials_of(shop.ctx, other)


@pytest.mark.parametrize(
    ("settings", "credentials", "field"),
    [
        ({"folder_ids": []}, CREDENTIALS, "settings.folder_ids"),
        ({"folder_ids": ["../x"]}, CREDENTIALS, "settings.folder_ids.0"),
        ({"folder_ids": ["folder-1"]}, {"refresh_token": "x"}, "credentials"),
        ({"folder_ids": ["folder-1"]}, {"service_account": {"type": "authorized_user"}}, "credentials"),
        ({"folder_ids": ["folder-1"]}, {"service_account": "no json"}, "credentials"),
        ({"folder_ids": ["folder-1"]}, {"access_token": "shpat_1"}, "credentials"),
        ({"folder_ids": ["folder-1"], "other": 1}, CREDENTIALS, "settings.other"),
    ],
)  # fmt: skip
def test_settings_and_credentials_that_do_not_fit_the_kind_are_refused_by_field(
    shop: Shop, settings: Any, credentials: Any, field: str
) -> None:
    reply = shop.call(
        "POST", "/v1/connections", {"kind": "drive", "name": "x", "settings": settings, "credentials": credentials}
    )

    assert reply.status == 422
    assert any(one.startswith(field) for one in reply.body["fields"]), reply.body["fields"]


def test_two_workers_never_run_one_connection_at_once(shop: Shop, acts: Acts) -> None:
    one = a_connection(shop)
    inner: list[str] = []
    acts(lambda run: inner.append(due(shop, run.connection.id)))

    outer = due(shop, one)

    assert outer
    assert inner == [""]


def test_progress_is_kept_with_its_effects_and_a_dead_run_is_taken_up_there(shop: Shop, acts: Acts) -> None:
    one = a_connection(shop)
    seen: list[dict[str, Any]] = []

    def dies(run: Run) -> None:
        seen.append(dict(run.connection.memory))
        run.keep(memory={"page": 2}, done=10, total=20, counts={"new": 10}, log=[Line(run.ctx.now(), "Ten came in.")])
        if len(seen) == 1:
            raise KeyboardInterrupt

    acts(dies)
    with pytest.raises(KeyboardInterrupt):
        due(shop, one)
    first = due(shop, one, timedelta(seconds=shop.ctx.settings.lease_s + 2))

    (report,) = runs(shop, one)
    assert seen == [{}, {"page": 2}]
    assert report["id"] == first
    assert (report["state"], report["counts"], report["done"]) == ("done", {"new": 20}, 10)
    assert report["log"][0]["text"] == "Ten came in."


def test_a_run_that_lost_its_lease_writes_nothing_more(shop: Shop, acts: Acts) -> None:
    one = a_connection(shop)
    late = timedelta(seconds=shop.ctx.settings.lease_s + 2)

    def slow(run: Run) -> None:
        if not run.connection.memory:
            acts(lambda second: second.keep(memory={"by": "second"}))
            due(shop, one, late)
            run.keep(memory={"by": "first"})

    acts(slow)
    due(shop, one)

    kept = rows.get(shop.workspace, one)
    assert kept is not None
    assert kept.memory == {"by": "second"}


def test_a_first_run_is_told_a_quiet_one_after_it_is_not_and_comes_again_ever_more_seldom(
    shop: Shop, acts: Acts
) -> None:
    one = a_connection(shop)
    acts(lambda _run: None)

    due(shop, one)
    soon = rows.get(shop.workspace, one)
    due(shop, one, timedelta(days=2))
    later = rows.get(shop.workspace, one)

    assert soon is not None
    assert later is not None
    assert soon.due_at is not None
    assert later.due_at is not None
    assert [(one["state"], one["total"], one["counts"]) for one in runs(shop, one)] == [("done", None, {})]
    assert timedelta(seconds=20) < soon.due_at - shop.ctx.now() <= timedelta(seconds=31)
    assert later.due_at - (shop.ctx.now() + timedelta(days=2)) > timedelta(minutes=14)


def test_credentials_that_stopped_working_are_shown_and_new_ones_set_it_going(shop: Shop, acts: Acts) -> None:
    one = a_connection(shop)

    def refused(_run: Run) -> None:
        raise UpstreamRejected("The token was revoked.", code=RECONNECT)

    acts(refused)
    due(shop, one)
    broken = shown(shop, one)
    by_hand = shop.call("POST", f"/v1/connections/{one}/run")
    fresh = {"credentials": CREDENTIALS}
    mended = shop.call("PATCH", f"/v1/connections/{one}", fresh).body

    assert (broken["state"], broken["because"], broken["next_run"]) == (
        "needs_reconnect",
        "The token was revoked.",
        None,
    )
    assert (by_hand.status, by_hand.body["code"]) == (409, "needs_reconnect")
    assert (mended["state"], mended["because"]) == ("ok", None)
    assert mended["next_run"]


def test_one_bad_minute_is_no_error_but_three_are(shop: Shop, acts: Acts) -> None:
    one = a_connection(shop)

    def away(_run: Run) -> None:
        raise UpstreamUnavailable("Drive does not answer.")

    acts(away)
    states = []
    for hour in range(3):
        due(shop, one, timedelta(hours=hour))
        states.append(shown(shop, one)["state"])
    acts(lambda _run: None)
    due(shop, one, timedelta(hours=9))

    assert states == ["ok", "ok", "error"]
    assert shown(shop, one)["state"] == "ok"


def test_a_question_stops_the_connection_until_somebody_answers_it(shop: Shop, acts: Acts) -> None:
    one = a_connection(shop)
    heard: list[Any] = []

    def asks(run: Run) -> None:
        heard.append(run.connection.memory.get("decision"))
        if heard[-1] is None:
            raise Ask(Question("many_gone", "60 files are gone. Detach them?", ("detach", "wait")))

    acts(asks)
    due(shop, one)
    asking = shown(shop, one)
    wrong = shop.call("POST", f"/v1/connections/{one}/decide", {"decision": "burn"})
    answered = shop.call("POST", f"/v1/connections/{one}/decide", {"decision": "detach"})
    again = shop.call("POST", f"/v1/connections/{one}/decide", {"decision": "detach"})
    due(shop, one, timedelta(seconds=2))

    assert (asking["state"], asking["question"]["choices"]) == ("needs_decision", ["detach", "wait"])
    assert (wrong.status, answered.status, again.status) == (422, 200, 409)
    assert heard[-1] == {"question": "many_gone", "answer": "detach"}


def test_a_run_by_hand_is_a_job_that_says_how_it_went(shop: Shop, acts: Acts) -> None:
    one = a_connection(shop)
    acts(lambda run: run.keep(counts={"new": 3}))

    job = shop.call("POST", f"/v1/connections/{one}/run").body["job_id"]
    jobs_service.run(shop.ctx, jobs.WORKS, shop.workspace, job)

    told = shop.call("GET", f"/v1/jobs/{job}").body
    assert (told["state"], told["result"]["counts"]) == ("done", {"new": 3})
    assert [report["state"] for report in runs(shop, one)] == ["done"]


def test_the_schedule_wakes_the_due_connections_only(shop: Shop, acts: Acts) -> None:
    one, waiting = a_connection(shop), a_connection(shop)
    acts(lambda _run: None)
    due(shop, waiting)
    sent: list[Any] = []

    class Queue:
        def send_many(self, queue: str, bodies: Any) -> None:
            sent.extend(body["id"] for body, _group in bodies if queue == "connections")

    connection_runs.start_due(replace(shop.ctx, queue=Queue()))  # type: ignore[arg-type]

    assert one in sent
    assert waiting not in sent


def test_deleting_a_connection_deletes_its_credentials_and_stops_its_run(shop: Shop, acts: Acts) -> None:
    one = a_connection(shop)
    kept = rows.get(shop.workspace, one)
    assert kept is not None

    def deleted_meanwhile(run: Run) -> None:
        shop.call("DELETE", f"/v1/connections/{one}")
        run.keep(memory={"x": 1})

    acts(deleted_meanwhile)
    due(shop, one)

    assert shop.call("GET", f"/v1/connections/{one}").status == 404
    assert secrets.get(shop.workspace, kept.secret_id) is None
    assert rows.get(shop.workspace, one) is None


def test_a_check_says_at_once_whether_the_connection_works(shop: Shop, acts: Acts, monkeypatch: Any) -> None:
    one = a_connection(shop)

    def away(_ctx: Any, _one: Any) -> None:
        raise UpstreamRejected("This folder is not shared.")

    acts(lambda _run: None)
    fine = shop.call("POST", f"/v1/connections/{one}/check").body
    kind = Kind(away, lambda _run: None, lambda _ctx, _one, _credentials: None)
    monkeypatch.setitem(handler.KINDS, "drive", kind)
    wrong = shop.call("POST", f"/v1/connections/{one}/check").body

    assert (fine["state"], fine["because"]) == ("ok", None)
    assert (wrong["state"], wrong["because"]) == ("error", "This folder is not shared.")
