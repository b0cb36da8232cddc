"""The desk in a real browser: what a security officer does all day."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from vptnlp.corpus.records import labels_from_dict
from vptnlp_service import keys
from vptnlp_service.settings import Settings

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore::ResourceWarning")]

THREAT = "😀 é Als je die zaak niet laat vallen, sta ik vanavond met een mes voor je deur aan de Kerkstraat 12. 👋🏽"
PHONE = {"width": 360, "height": 740}


def paste(page: Any, text: str, how: str = "one") -> None:
    if not page.locator("#paste").is_visible():
        page.locator("#open-add").click()
    page.locator("#paste-how").select_option(how)
    page.locator("#paste").fill(text)
    page.locator("#intake button[type=submit]").click()
    page.locator("#progress").wait_for(state="hidden")
    page.locator(".row").first.wait_for()


def sample(page: Any) -> Any:
    page.locator("#sample").click()
    page.locator(".row").nth(39).wait_for()
    page.locator("#progress").wait_for(state="hidden")
    return page


def saved(page: Any, click: str) -> str:
    with page.expect_download() as waiting:
        page.locator(click).click()
    return Path(waiting.value.path()).read_text(encoding="utf-8")


def urgencies(page: Any) -> list[str]:
    return [row.get_attribute("class").split("u-")[1].split()[0] for row in page.locator(".row").all()]


def test_sample_is_ranked_and_the_first_is_open(visit: Callable[..., Any]) -> None:
    page = sample(visit())
    rank = ["critical", "high", "medium", "low", "none"]
    found = [rank.index(urgency) for urgency in urgencies(page)]
    assert found == sorted(found) and found[0] == 0
    assert page.locator(".row").first.get_attribute("aria-selected") == "true"
    assert page.locator(".row").first.locator(".row-title").inner_text() in page.locator("#detail-title").inner_text()
    assert "1 van 40" in page.locator(".place").inner_text()
    assert page.locator("#steps input[type=checkbox]").count() > 3


def test_marks_stand_where_the_service_says_also_beyond_the_basic_plane(visit: Callable[..., Any]) -> None:
    page = visit()
    with page.expect_response("**/v1/assessments") as waiting:
        paste(page, THREAT)
    [assessment] = waiting.value.json()["assessments"]
    spans = assessment["details"] + assessment["cues"]
    assert spans
    for span in spans:
        marks = page.locator("#text mark").all()
        inside = [
            m
            for m in marks
            if int(m.get_attribute("data-start")) >= span["start"] and int(m.get_attribute("data-end")) <= span["end"]
        ]
        assert "".join(mark.inner_text() for mark in inside) == span["text"]
    tags = page.locator("#text .tag").all_inner_texts()
    assert any("adres" in tag for tag in tags)
    page.locator("#tags").uncheck()
    assert not page.locator("#text .tag").first.is_visible()
    bare = page.locator("#text").evaluate(
        "e => [...e.querySelectorAll('.tag')].forEach(t => t.remove()) || e.textContent"
    )
    assert bare == THREAT


def test_text_of_strangers_is_never_markup(visit: Callable[..., Any]) -> None:
    page = visit()
    wicked = "<img src=x onerror=alert(1)><script>alert(2)</script> ik maak je af </textarea><b>dik</b>"
    page.on("dialog", lambda dialog: pytest.fail("A script of the message ran."))
    page.locator("#files").set_input_files(
        {"name": "<b>x</b>.csv", "mimeType": "text/csv", "buffer": f'tekst;subject\n"{wicked}";"<i>hoi</i>"\n'.encode()}
    )
    page.locator(".row").wait_for()
    assert page.locator("#text b, #text img, #text script, #detail-title i, #list i, #list img").count() == 0
    assert "<i>hoi</i>" in page.locator("#detail-title").inner_text()
    assert "onerror=alert(1)" in page.locator("#text").inner_text()


def test_keys(visit: Callable[..., Any]) -> None:
    page = sample(visit())
    press = page.keyboard.press

    def place() -> str:
        return str(page.locator(".place").inner_text())

    press("j")
    press("j")
    assert "3 van 40" in place()
    press("k")
    assert "2 van 40" in place()
    press("ArrowDown")
    assert "3 van 40" in place()
    press("Enter")
    assert page.evaluate("document.activeElement.id") == "detail"
    press("c")
    assert page.evaluate("document.activeElement.dataset.step")
    press("Space")
    assert "1 van" in page.locator(".tally").inner_text()
    press("w")
    assert page.evaluate("document.activeElement.closest('#why') !== null")
    press("e")
    assert page.locator("#handle").get_attribute("aria-pressed") == "true"
    assert "afgehandeld" in page.locator(".row[aria-selected=true]").inner_text()
    press("Escape")
    assert page.evaluate("document.activeElement.getAttribute('aria-selected')") == "true"
    press("/")
    page.keyboard.type("jjj")
    assert page.locator("#search").input_value() == "jjj"
    press("Escape")
    press("?")
    assert page.locator("#help-dialog").is_visible()
    page.locator("#keys-on").uncheck()
    press("Escape")
    before = place()
    press("j")
    assert place() == before


def test_letter_keys_stay_off_after_a_reload(visit: Callable[..., Any]) -> None:
    page = visit()
    page.locator("#open-help").click()
    page.locator("#keys-on").uncheck()
    page.reload()
    assert not page.locator("#keys-on").is_checked()
    page.keyboard.press("?")
    assert not page.locator("#help-dialog").is_visible()
    paste(page, THREAT)
    assert page.evaluate("JSON.stringify({...sessionStorage})") == '{"vptnlp-keys-off":"1"}'
    page.locator("#open-help").click()
    page.locator("#keys-on").check()
    assert page.evaluate("sessionStorage.length") == 0


def test_meanings_of_labels_can_be_read_without_a_mouse(visit: Callable[..., Any]) -> None:
    page = visit()
    paste(page, THREAT)
    summary = page.locator(".facts .meaning summary")
    summary.focus()
    page.keyboard.press("Enter")
    shown = page.locator(".facts .meaning dt")
    assert shown.count() == page.locator(".readings dd").count() and shown.first.is_visible()
    assert all(text.strip() for text in page.locator(".facts .meaning dd").all_inner_texts())
    page.keyboard.press("x")
    form = page.locator("#correction-form")
    assert form.locator(".meaning").count() == form.locator("fieldset:not(.spans)").count() == 7
    assert page.locator(".facts [title], #correction-form [title]").count() == 0


def test_filters_search_and_order(visit: Callable[..., Any]) -> None:
    page = sample(visit())
    for key in ("none", "low", "medium"):
        page.locator(f'.chip:has(input[value="{key}"])').click()
    assert set(urgencies(page)) <= {"critical", "high"}
    page.locator("#filters summary").click()
    page.locator("#filter-doxing").select_option("call")
    shown = page.locator(".row").count()
    assert 0 < shown < 10
    assert page.locator("#inbox-count").inner_text() == f"{shown} van 40"
    page.locator("#search").fill("xyzzy")
    page.locator("#list-empty").wait_for()
    page.locator("#list-clear").click()
    assert page.locator(".row").count() == 40
    page.locator("#search").fill("JÉSPER")
    page.wait_for_timeout(300)
    assert 0 < page.locator(".row").count() < 40
    page.locator("#search").fill("")
    page.locator("#sort").select_option("order")
    assert page.locator(".row").first.get_attribute("id") == "row-1"


def test_a_reason_lights_its_words(visit: Callable[..., Any]) -> None:
    page = visit()
    paste(page, THREAT)
    reason = page.locator("button.factor").first
    reason.focus()
    assert page.locator("mark.lit").count() > 0
    page.locator("#detail-title").hover()
    page.locator("#detail").focus()
    assert page.locator("mark.lit").count() == 0
    reason.click()
    assert reason.get_attribute("aria-pressed") == "true"
    page.locator("#detail").focus()
    assert page.locator("mark.lit").count() > 0


def test_the_clock_counts_from_the_time_that_the_user_sets(visit: Callable[..., Any]) -> None:
    page = visit()
    paste(page, THREAT)
    assert "nog 1 dag 23 u" in page.locator(".clock").inner_text()
    page.locator("#received").fill("2026-01-05T09:30")
    page.locator("#received").blur()
    assert "wo 7 jan" in page.locator(".clock").inner_text() and "09:30" in page.locator(".clock").inner_text()
    assert re.search("te laat|nog", page.locator(".row .due").inner_text())


def mail(page: Any, *headers: str) -> None:
    content = "\n".join([*headers, "From: a@b.example", "", THREAT]).encode()
    page.locator("#files").set_input_files({"name": "a.eml", "mimeType": "message/rfc822", "buffer": content})
    page.locator("#steps").wait_for()


def test_a_date_in_the_future_puts_no_term_off(visit: Callable[..., Any]) -> None:
    page = visit()
    mail(page, "Date: Sun, 06 Mar 2095 09:00:00 +0100")
    assert "nog 1 dag 23 u" in page.locator(".clock").inner_text()
    assert "Datum in de toekomst: we rekenen vanaf nu." in page.locator("#warnings").inner_text()
    assert "zelf lezen" in page.locator(".row").inner_text()
    page.locator("#received").fill("2095-03-06T09:00")
    page.locator("#received").blur()
    assert "Datum in de toekomst: we rekenen vanaf nu." in page.locator("#toast").inner_text()
    assert "nog 1 dag 23 u" in page.locator(".clock").inner_text()


@pytest.mark.parametrize(
    ("header", "warning"),
    [("X-Leeg: ja", "is niet bekend"), ("Date: Sun, 06 Mar 2095 09:00:00 +0100", "Datum in de toekomst")],
)
def test_a_warning_about_the_time_goes_when_the_time_is_set(
    visit: Callable[..., Any], header: str, warning: str
) -> None:
    page = visit()
    mail(page, header)
    assert warning in page.locator("#warnings").inner_text()
    page.locator("#received").fill("2026-01-05T09:30")
    page.locator("#received").blur()
    assert warning not in page.locator("#warnings").inner_text()
    assert "niet bekend" not in page.locator(".clock").inner_text()


def test_the_focus_stays_on_the_button_that_was_used(visit: Callable[..., Any]) -> None:
    page = sample(visit())

    def focused() -> Any:
        return page.evaluate("document.activeElement.id")

    page.locator("#next").focus()
    for _ in range(2):
        page.keyboard.press("Enter")
        assert focused() == "next"
    assert "3 van 40" in page.locator(".place").inner_text()
    page.locator("#previous").focus()
    page.keyboard.press("Space")
    assert focused() == "previous"
    page.keyboard.press("Space")
    assert focused() == "detail" and page.locator("#previous").is_disabled()
    page.locator("#correct").focus()
    page.keyboard.press("Enter")
    page.locator("#annotator").fill("lezer-1")
    page.locator("#correction-form button[type=submit]").click()
    page.locator("#correction-dialog").wait_for(state="hidden")
    assert focused() == "correct"
    assert page.locator("#correct").inner_text() == "Correctie aanpassen"


def test_exact_figures_on_demand(visit: Callable[..., Any]) -> None:
    page = visit()
    paste(page, THREAT)
    assert "%" not in page.locator(".readings").inner_text()
    page.locator(".figures summary").click()
    assert page.locator(".figures td:has-text('%')").count() > 30


def test_correction_becomes_a_judgement(visit: Callable[..., Any]) -> None:
    page = visit()
    paste(page, THREAT)
    page.keyboard.press("x")
    form = page.locator("#correction-form")
    form.locator("input[name=threat][value=veiled]").check()
    form.locator("input[name=targets][value=police]").check()
    form.locator("button[type=submit]").click()
    assert "naam of code" in form.locator(".error").inner_text()
    form.locator("#annotator").fill("lezer-1")
    for box in form.locator("input[name=nature]").all():
        box.uncheck()
    form.locator("button[type=submit]").click()
    assert "aard" in form.locator(".error").inner_text()
    form.locator("input[name=nature][value=instrumental]").check()
    form.locator(".span-new input").fill("een mes")
    form.locator(".span-new select").first.select_option("VEHICLE")
    form.locator(".span-new button").click()
    form.locator("button[type=submit]").click()
    assert page.locator("#correction-count").inner_text() == "1"
    page.locator("#open-corrections").click()
    [judgement] = map(json.loads, saved(page, "#corrections-save").splitlines())
    assert (judgement["id"], judgement["text"], judgement["annotator"]) == ("geplakt-1", THREAT, "lezer-1")
    labels = labels_from_dict(judgement)
    assert labels.threat == "veiled" and "police" in labels.targets and labels.nature == {"instrumental"}
    [added] = [span for span in judgement["details"] if span["kind"] == "VEHICLE"]
    assert THREAT[added["start"] : added["end"]] == "een mes"
    assert set(judgement["cues"][0]) == {"start", "end", "kind"}


def test_exports(visit: Callable[..., Any]) -> None:
    page = visit()
    rows = 'tekst;van\n"=cmd|calc; agent ik schiet je dood, ik maak je af";"=HYPERLINK(1)"\nDank voor de hulp.;Jan\n'
    page.locator("#files").set_input_files({"name": "a.csv", "mimeType": "text/csv", "buffer": rows.encode()})
    page.locator(".row").nth(1).wait_for()
    page.locator("#open-save").click()
    plain = saved(page, "#save-csv")
    assert plain.startswith("\ufeff") and "maak je af" not in plain
    record = json.loads(saved(page, "#save-json"))
    assert "maak je af" not in json.dumps(record)
    assert record["messages"][0]["triage"]["urgency"] != "none"
    page.locator("#save-text").check()
    table = list(csv.DictReader(io.StringIO(saved(page, "#save-csv").removeprefix("\ufeff")), delimiter=";"))
    assert [row["tekst"] for row in table] == [
        "'=cmd|calc; agent ik schiet je dood, ik maak je af",
        "Dank voor de hulp.",
    ]
    assert table[0]["urgentie"] != "geen"
    assert "maak je af" in saved(page, "#save-json")


def test_what_cannot_be_read_is_told(visit: Callable[..., Any]) -> None:
    page = visit()
    page.locator("#files").set_input_files({"name": "leeg.txt", "mimeType": "text/plain", "buffer": b""})
    page.locator("#problems-dialog").wait_for()
    assert "leeg.txt: Het bestand is leeg." in page.locator("#problems-list").inner_text()
    page.locator("#problems-dialog .close").click()
    lines = b'{"text": "Dank u wel"}\n{kapot\n'
    page.locator("#files").set_input_files({"name": "a.jsonl", "mimeType": "text/plain", "buffer": lines})
    page.locator(".row").wait_for()
    page.locator("#problems-open").click()
    assert "a.jsonl, nr. 2" in page.locator("#problems-list").inner_text()


@pytest.mark.parametrize(("how", "text"), [("lines", "een\n\ntwee\n"), ("dashes", "een\nregel\n---\ntwee")])
def test_several_messages_can_be_pasted(visit: Callable[..., Any], how: str, text: str) -> None:
    page = visit()
    paste(page, text, how)
    assert page.locator(".row").count() == 2
    paste(page, "drie")
    assert page.locator(".row").count() == 3


def test_a_busy_service_is_waited_for(visit: Callable[..., Any]) -> None:
    page = visit()
    answers = iter([503, 429])

    def busy(route: Any) -> None:
        status = next(answers, None)
        route.continue_() if status is None else route.fulfill(status=status, headers={"Retry-After": "0"}, body="{}")

    page.route("**/v1/assessments", busy)
    paste(page, THREAT)
    assert page.locator(".row").count() == 1


def test_a_failing_service_is_told_and_nothing_is_lost(visit: Callable[..., Any]) -> None:
    page = visit()
    page.route("**/v1/assessments", lambda route: route.fulfill(status=500, body="{}"))
    page.locator("#paste").fill(THREAT)
    page.locator("#intake button[type=submit]").click()
    page.locator("#toast").wait_for()
    assert "code 500" in page.locator("#toast").inner_text()
    assert page.locator("#paste").input_value() == THREAT


def failing(page: Any, status: int = 500, body: str = "{}") -> list[int]:
    """Make the service stumble over every request with the word STRUIKEL in it; the sizes of all requests."""
    sizes: list[int] = []

    def stumble(route: Any) -> None:
        messages = route.request.post_data_json["messages"]
        sizes.append(len(messages))
        if any("STRUIKEL" in message["text"] for message in messages):
            route.fulfill(status=status, headers={"Retry-After": "0"}, body=body)
        else:
            route.continue_()

    page.route("**/v1/assessments", stumble)
    return sizes


@pytest.mark.parametrize(
    ("status", "body"), [(500, "{}"), (400, "{}"), (503, '{"type": "https://a.example/api.md#time-limit"}'), (200, "?")]
)
def test_a_message_that_fails_takes_no_others_with_it(visit: Callable[..., Any], status: int, body: str) -> None:
    page = visit()
    sizes = failing(page, status, body)
    texts = [f"bericht {n}" + " STRUIKEL" * (n in (3, 4, 40)) for n in range(1, 41)]
    rows = "tekst\n" + "\n".join(texts)
    page.locator("#files").set_input_files({"name": "a.csv", "mimeType": "text/csv", "buffer": rows.encode()})
    page.locator(".row").nth(36).wait_for()
    page.locator("#problems-open").wait_for()
    assert "3 berichten zijn niet beoordeeld" in page.locator("#problems-missed").inner_text()
    assert page.locator(".row").count() == 37
    assert len(sizes) < 25 and sizes.count(1) >= 3
    page.locator("#problems-open").click()
    lines = page.locator("#missed-list li").all_inner_texts()
    assert [line.split(":")[0] for line in lines] == ["a.csv, bericht 3 t/m 4 van 40", "a.csv, bericht 40 van 40"]
    assert "STRUIKEL" not in page.locator("#problems-dialog").inner_text()
    page.unroute("**/v1/assessments")
    page.locator("#problems-again").click()
    page.locator("#problems").wait_for(state="hidden")
    assert page.locator(".row").count() == 40


def test_many_that_fail_do_not_take_the_rest_with_them(visit: Callable[..., Any]) -> None:
    page = visit()
    sizes = failing(page)
    rows = "tekst\nhoi\n" + "STRUIKEL\n" * 159 + "hoi\n" * 40
    page.locator("#files").set_input_files({"name": "a.csv", "mimeType": "text/csv", "buffer": rows.encode()})
    page.locator("#problems-open").wait_for()
    assert page.locator(".row").count() == 41
    assert "159 berichten zijn niet beoordeeld" in page.locator("#problems-missed").inner_text()
    assert len(sizes) < 100
    page.locator("#toast").wait_for(state="hidden")
    page.locator("#problems-open").click()
    assert page.locator("#missed-list li").all_inner_texts()[0].startswith("a.csv, bericht 2 t/m 160 van 200: ")
    page.locator("#problems-dialog .close").click()
    page.locator("#open-save").click()
    assert "159 berichten zijn niet beoordeeld en staan er niet in." in page.locator("#save-what").inner_text()


def test_files_after_one_that_fails_are_read_and_it_is_listed(visit: Callable[..., Any]) -> None:
    page = visit()
    page.route(
        "**/desk/messages",
        lambda route: (
            route.fulfill(status=500, body="{}")
            if route.request.headers["x-file-name"] == "b.txt"
            else route.continue_()
        ),
    )
    files = [{"name": f"{name}.txt", "mimeType": "text/plain", "buffer": b"Dank u wel"} for name in "abc"]
    page.locator("#files").set_input_files(files)
    page.locator(".row").nth(1).wait_for()
    page.locator("#problems-open").click()
    assert "b.txt: De server gaf een fout (code 500)" in page.locator("#problems-list").inner_text()
    assert not page.locator("#missed").is_visible()


def test_what_was_stopped_is_listed(visit: Callable[..., Any]) -> None:
    page = visit()
    page.route("**/v1/assessments", lambda route: None)
    page.locator("#paste").fill(THREAT)
    page.locator("#intake button[type=submit]").click()
    page.locator("#progress-stop").click()
    page.locator("#problems-open").click()
    assert "geplakt, bericht 1 van 1: Je hebt de beoordeling gestopt." in page.locator("#missed-list").inner_text()


def test_redacted_copy(visit: Callable[..., Any]) -> None:
    page = visit()
    paste(page, THREAT)
    page.locator("#copy").click()
    page.locator("#copy-dialog").wait_for()
    text = page.locator("#copy-text").input_value()
    assert "Kerkstraat" not in text and "[ADRES-1]" in text


def test_no_copy_where_the_service_cannot(visit: Callable[..., Any]) -> None:
    page = visit()
    page.route("**/v1/redactions", lambda route: route.fulfill(status=404, body="{}"))
    paste(page, THREAT)
    page.locator("#copy").click()
    page.locator("#copy").wait_for(state="detached")
    page.keyboard.press("j")
    assert page.locator("#copy").count() == 0


def test_a_key_is_asked_for_and_kept_in_memory(
    visit: Callable[..., Any], serve: Callable[[Settings], str], settings: Settings, tmp_path: Path
) -> None:
    secret = keys.add(tmp_path / "keys.json", "desk", [keys.Scope.ASSESS, keys.Scope.DETAILS], None)
    page = visit(base=serve(settings.model_copy(update={"keys_file": tmp_path / "keys.json"})))
    page.locator("#paste").fill(THREAT)
    page.locator("#intake button[type=submit]").click()
    page.locator("#key").fill("fout")
    page.keyboard.press("Enter")
    page.locator("#key-why:has-text('kent deze sleutel niet')").wait_for()
    page.locator("#key").fill(secret)
    page.keyboard.press("Enter")
    page.locator(".row").wait_for()
    kept = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])")
    assert kept == '[{},{},""]'


def test_leaving_is_warned_about_and_forgets_all(visit: Callable[..., Any]) -> None:
    page = visit()
    asked: list[str] = []
    paste(page, THREAT)
    page.locator("#theme").click()

    def leave(dialog: Any) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", leave)
    page.reload()
    assert asked == ["beforeunload"]
    assert page.locator(".row").count() == 0 and page.locator("#start").is_visible()
    assert page.evaluate("JSON.stringify({...localStorage})") == '{"vptnlp-theme":"light"}'


def test_print_shows_the_open_message(visit: Callable[..., Any]) -> None:
    page = visit()
    paste(page, THREAT)
    page.emulate_media(media="print")
    assert page.locator("#text").is_visible() and page.locator("#steps").is_visible()
    assert not page.locator(".bar").is_visible() and not page.locator("#list").is_visible()
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator(".statutes .elements").first.is_visible()
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert not page.locator(".statutes .elements").first.is_visible()
    page.evaluate("document.body.dataset.print = 'list'")
    assert page.locator("#list").is_visible() and not page.locator("#text").is_visible()


def test_on_a_phone_list_and_message_take_turns(visit: Callable[..., Any]) -> None:
    page = sample(visit(viewport=PHONE, has_touch=True))
    assert not page.locator("#detail").is_visible()
    page.locator(".row").nth(2).tap()
    assert page.locator("#detail").is_visible() and not page.locator("#list").is_visible()
    page.locator(".back").tap()
    assert page.locator("#list").is_visible()
    assert page.evaluate("document.activeElement.id") == page.locator(".row").nth(2).get_attribute("id")


def test_ten_thousand_words_and_a_thousand_messages_stay_quick(visit: Callable[..., Any]) -> None:
    page = visit()
    rows = (
        "tekst\n" + "".join(f"Dank voor bericht {n}\n" for n in range(999)) + "ik maak je af " + "lang woord " * 5_000
    )
    page.locator("#files").set_input_files({"name": "a.csv", "mimeType": "text/csv", "buffer": rows.encode()})
    page.locator("#inbox-count:has-text('1000')").wait_for(timeout=60_000)
    page.locator("#progress").wait_for(state="hidden")
    assert page.locator(".row").count() == 150
    took = page.evaluate(
        "() => { const t = performance.now(); document.querySelector('.row').click(); "
        "document.querySelector('#sort').dispatchEvent(new Event('change')); return performance.now() - t; }"
    )
    assert took < 1500
    page.locator("#list-more").click()
    assert page.locator(".row").count() == 300
