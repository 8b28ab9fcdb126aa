"""The board through its front door."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django import Settings

from signals.models import Signal
from signals.tests.dock import consume, dana, run_low, sam, statuses, take_in


@pytest.fixture
def viewer(client: Client, settings: Settings) -> Client:
    settings.REVIEWERS = []
    return client


def htmx(client: Client, **asked: str) -> Any:
    return client.get("/board/", asked, headers={"HX-Request": "true"})


def test_an_empty_board_says_so(client: Client, db: None) -> None:
    assert b"Nothing is running low." in client.get("/board/").content


def test_the_board_shows_sum_stock_quantity_and_age(client: Client, db: None) -> None:
    run_low()
    page = client.get("/board/").content.decode()
    assert "14 − 6 = 8 ≤ 10 at LINE-1, by dana" in page
    assert re.search(r"<dt>Restock</dt><dd>24</dd>", page)
    assert re.search(r"<dt>Open for</dt><dd>under 1 min</dd>", page)


def test_the_board_counts_what_is_low_out_of_stock_and_open(client: Client, db: None) -> None:
    run_low("SEEN")
    Signal.objects.acknowledge(Signal.objects.get().signal_id, user_email=sam)
    run_low("OPEN")
    consume(8, "OPEN")
    shown = re.sub(r"<[^>]+>", "", client.get("/board/").content.decode())
    assert "2 running low" in shown
    assert "1 out of stock" in shown
    assert "1 open" in shown


def test_thousands_are_apart_and_minus_is_minus(client: Client, db: None) -> None:
    consume(1_234_567)
    page = client.get("/board/").content.decode()
    assert "0 − 1,234,567 = −1,234,567 ≤ 10" in page


@pytest.mark.parametrize(("taken", "percent"), [(4, 100), (9, 50), (14, 0), (20, 0)])
def test_the_bar_is_as_long_as_what_is_left_of_the_reorder_point(
    client: Client, db: None, taken: int, percent: int
) -> None:
    take_in(14)
    consume(taken)
    assert f'<rect width="{percent}" height="6" />' in client.get("/board/").content.decode()


def test_more_than_the_board_shows_is_a_link_to_the_rest(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("signals.views.shown_signals_max", 2)
    for item_id in ("A", "B"):
        run_low(item_id)
    assert b"less urgent" not in client.get("/board/").content
    run_low("C")
    page = client.get("/board/").content.decode()
    assert "1 more are less urgent" in page
    assert 'href="/stock/?show=signal"' in page


def test_a_refresh_without_news_is_204_and_with_news_the_list_alone(client: Client, db: None) -> None:
    run_low()
    first = htmx(client)
    assert b"<html" not in first.content
    (shown,) = re.findall(r'name="shown" value="(\w+)"', first.content.decode())
    assert htmx(client, shown=shown).status_code == 204
    consume(1)
    again = htmx(client, shown=shown)
    assert again.status_code == 200
    assert b'signal-number">7<' in again.content


def test_a_reviewer_acknowledges_in_one_tap_without_javascript(client: Client, db: None) -> None:
    signal_id = run_low()
    answer = client.post(f"/board/{signal_id}/acknowledge", follow=True)
    assert answer.redirect_chain == [("/board/", 302)]
    assert b"Acknowledged by dana" in answer.content
    assert Signal.objects.history(signal_id)[-1].user_email == dana


def test_with_htmx_the_answer_is_the_list(client: Client, db: None) -> None:
    signal_id = run_low()
    answer = client.post(f"/board/{signal_id}/acknowledge", headers={"HX-Request": "true"})
    assert b"Acknowledged by dana" in answer.content
    assert b"<html" not in answer.content


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_the_second_of_two_is_told_who_was_first(client: Client, db: None, headers: dict[str, str]) -> None:
    signal_id = run_low()
    Signal.objects.acknowledge(signal_id, user_email=sam)
    answer = client.post(f"/board/{signal_id}/acknowledge", headers=headers)
    assert answer.status_code == 422
    assert "PART-1: Acknowledged already, by sam" in answer.content.decode()


def test_a_viewer_has_no_button_and_no_way_around_it(viewer: Client, db: None) -> None:
    signal_id = run_low()
    assert b"<button" not in viewer.get("/board/").content.rpartition(b"</template>")[2]
    assert viewer.post(f"/board/{signal_id}/acknowledge").status_code == 403
    assert statuses(signal_id) == ["OPEN"]


def test_an_acknowledgement_needs_the_pages_own_token(db: None) -> None:
    signal_id = run_low()
    assert Client(enforce_csrf_checks=True).post(f"/board/{signal_id}/acknowledge").status_code == 403
    assert statuses(signal_id) == ["OPEN"]


def test_a_get_changes_nothing(client: Client, db: None) -> None:
    assert client.get(f"/board/{run_low()}/acknowledge").status_code == 405


def test_an_unknown_signal_is_not_here(client: Client, db: None) -> None:
    assert client.get(f"/board/{uuid4()}/").status_code == 404
    assert client.post(f"/board/{uuid4()}/acknowledge").status_code == 404


def test_a_signals_own_page_tells_its_story(client: Client, db: None) -> None:
    signal_id = run_low()
    Signal.objects.acknowledge(signal_id, user_email=sam)
    take_in(24)
    page = client.get(f"/board/{signal_id}/").content.decode()
    assert [page.index(word) for word in ("Consume of 6", sam, "Intake of 24")] == sorted(
        page.index(word) for word in ("Consume of 6", sam, "Intake of 24")
    )


def test_a_signals_own_page_leads_to_its_stock_and_lets_reviewers_act(client: Client, db: None) -> None:
    signal_id = run_low()
    page = client.get(f"/board/{signal_id}/").content.decode()
    assert 'href="/stock/item/PART-1/"' in page
    assert f'action="/board/{signal_id}/acknowledge"' in page
    assert f'href="/admin/signals/signal/{signal_id}/change/"' in page


def test_a_viewer_finds_no_way_into_the_admin(viewer: Client, db: None) -> None:
    signal_id = run_low()
    for address in ("/board/", f"/board/{signal_id}/", "/stock/", "/stock/item/PART-1/", "/receive/"):
        page = viewer.get(address).content
        assert b'href="/admin/' not in page
        assert b"/acknowledge" not in page


def test_a_reviewer_finds_the_admin_on_every_page(client: Client, db: None) -> None:
    run_low()
    for address in ("/board/", "/stock/", "/stock/item/PART-1/", "/receive/", "/slips/"):
        assert b'href="/admin/"' in client.get(address).content


def test_what_stands_on_a_label_is_text_not_markup(client: Client, db: None) -> None:
    take_in(1, "A/B#1")
    consume(1, "A/B#1", by='<script>"@example.com')
    page = client.get("/board/").content
    assert b"<script>&quot;" not in page
    assert b"&lt;script&gt;" in page


def test_the_drawing_has_no_inline_style(client: Client, db: None) -> None:
    Signal.objects.acknowledge(run_low(), user_email=sam)
    page = client.get("/board/").content
    assert b"style=" not in page
    assert b"under 1 min (1)" in page
