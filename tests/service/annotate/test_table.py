"""The table in a real browser: labelling with mouse and keyboard, undoing, deciding."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from vptnlp.annotation.sheets import Role
from vptnlp.annotation.store import Store
from vptnlp_service.annotate import Adjudication, Annotation

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore::ResourceWarning")]

Visit = Callable[..., Any]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
FIND = """words => {
  const root = document.querySelector("#text");
  const at = root.textContent.indexOf(words);
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  let seen = 0;
  for (let node = walker.nextNode(); node; seen += node.length, node = walker.nextNode()) {
    if (seen <= at && at < seen + node.length) range.setStart(node, at - seen);
    const end = at + words.length;
    if (seen < end && end <= seen + node.length) range.setEnd(node, end - seen);
  }
  const boxes = [...range.getClientRects()];
  const [first, last] = [boxes[0], boxes.at(-1)];
  return [first.left, first.top + first.height / 2, last.right, last.top + last.height / 2];
}"""


def drag(page: Any, words: str) -> None:
    """Choose words with the mouse."""
    left, top, right, bottom = page.evaluate(FIND, words)
    page.mouse.move(left, top)
    page.mouse.down()
    page.mouse.move((left + right) / 2, (top + bottom) / 2, steps=4)
    page.mouse.move(right, bottom, steps=4)
    page.mouse.up()


def saved(page: Any) -> None:
    page.locator("#saved", has_text=re.compile("^Bewaard$")).wait_for()


def press(page: Any, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def words_of(store: Store, number: int, role: Role = Role.ANSWER) -> dict[str, str]:
    """Kind to words marked, of Anna's answer or the decision."""
    text = store.tasks()[number].text
    sheet = store.sheet(number, "anna", role)
    return {str(span.kind): span.text_of(text) for span in sheet.details + sheet.cues}


def violations(page: Any, axe: str) -> list[str]:
    page.evaluate(axe)
    options = {"runOnly": {"type": "tag", "values": RULES}, "rules": {"target-size": {"enabled": True}}}
    found = page.evaluate("options => axe.run(document, options)", options)
    return [f"{v['id']}: {v['nodes'][0]['html'][:160]} {v['nodes'][0]['failureSummary']}" for v in found["violations"]]


def test_labelling_by_keyboard_alone(visit: Visit, labelling: Annotation, store: Store) -> None:
    page = visit(labelling)
    press(page, "d", "3", "a", "1", "o", "6", "x", "3")
    saved(page)
    labels = store.sheet(1, "anna", Role.ANSWER).labels
    assert (labels.threat, labels.nature, labels.aims, labels.doxing) == (
        "conditional",
        {"instrumental"},
        {"influence_decision"},
        "exposure",
    )
    # The first word is a smiley beyond the basic plane; four words on from the second is the condition.
    press(page, "t", "ArrowRight", "Shift+ArrowRight", "Shift+ArrowRight", "Shift+ArrowRight")
    assert page.locator("#text mark.chosen").all_inner_texts() == ["Trek die boete ", "in"]
    press(page, "Enter")
    page.keyboard.type("eis")
    press(page, "Enter")
    page.locator("#marks li").wait_for()
    saved(page)
    assert words_of(store, 1) == {"condition": "Trek die boete in"}
    press(page, "ArrowRight", "ArrowRight", "ArrowRight")
    press(page, *["Shift+ArrowRight"] * 5, "m")
    page.keyboard.type("drei")
    press(page, "Enter")
    press(page, "ArrowLeft", "Shift+ArrowRight", "Enter")
    page.keyboard.type("adres")
    press(page, "Tab")
    page.keyboard.type("doel")
    press(page, "Enter")
    page.locator("#marks li").nth(2).wait_for()
    saved(page)
    assert words_of(store, 1) == {
        "condition": "Trek die boete in",
        "threat_phrase": "ik sta morgen bij Wilgenhof 88",
        "ADDRESS": "Wilgenhof 88",
    }
    press(page, "e")
    page.locator("#message-title:has-text('Bericht 2')").wait_for()
    assert store.sheet(1, "anna", Role.ANSWER).done
    assert "1 van 3 klaar" in page.locator("#progress-text").inner_text()
    press(page, "k")
    page.locator("#message-title:has-text('Bericht 1')").wait_for()
    assert page.locator("#marks li").count() == 3


def test_marking_with_the_mouse_is_exact(visit: Visit, labelling: Annotation, store: Store) -> None:
    page = visit(labelling)
    drag(page, " morgen ")
    page.locator("#mark-kind").select_option("cues/deadline")
    page.locator("#mark-form button[type=submit]").click()
    saved(page)
    assert words_of(store, 1) == {"deadline": "morgen"}
    assert page.locator("#text").evaluate("e => e.textContent") == store.tasks()[1].text
    assert page.locator("#text mark").get_attribute("data-tag") == "tijdstip"
    drag(page, "gen bij Wilgenhof 88")
    page.locator("#mark-kind").select_option("cues/deadline")
    page.locator("#mark-form button[type=submit]").click()
    saved(page)
    # Two marks of a kind may not overlap: the new one takes the place of the old.
    assert words_of(store, 1) == {"deadline": "gen bij Wilgenhof 88"}
    page.locator("#marks button:has-text('Verander')").click()
    page.locator("#mark-kind").select_option("details/ROUTINE")
    page.locator("#mark-subject").select_option("relative")
    page.locator("#mark-form button[type=submit]").click()
    saved(page)
    [detail] = store.sheet(1, "anna", Role.ANSWER).details
    assert (detail.kind, detail.subject) == ("ROUTINE", "relative")
    page.locator("#marks button:has-text('Haal weg')").click()
    saved(page)
    assert words_of(store, 1) == {} and page.locator("#text mark[data-tag]").count() == 0


def test_everything_can_be_taken_back(visit: Visit, labelling: Annotation, store: Store) -> None:
    page = visit(labelling)
    assert page.locator("#undo").is_disabled()
    press(page, "d", "4", "v", "1", "v", "2", "g")
    saved(page)
    press(page, "u", "u")
    page.locator("#redo:not([disabled])").wait_for()
    page.locator("input[name=forms][value=physical_violence]:not(:checked)").wait_for()
    assert not page.locator("input[name=organised_crime]").is_checked()
    assert page.locator("input[name=forms][value=verbal_abuse]").is_checked()
    press(page, "Control+Shift+Z")
    page.locator("input[name=forms][value=physical_violence]:checked").wait_for()
    for _ in range(4):
        press(page, "Control+z")
    page.locator("#undo[disabled]").wait_for()
    assert store.sheet(1, "anna", Role.ANSWER).labels.threat == "none"
    assert page.locator("input[name=threat][value=none]").is_checked()


def test_a_reload_and_a_second_tab_lose_nothing(visit: Visit, labelling: Annotation, store: Store) -> None:
    page = visit(labelling)
    press(page, "d", "2")
    saved(page)
    second = page.context.new_page()
    second.goto(page.url)
    second.locator("input[name=threat][value=veiled]:checked").wait_for()
    second.locator("label:has(> input[value=stalking])").click()
    saved(second)
    page.locator("label:has(> input[value=bribery])").click()
    page.locator("#toast:has-text('ergens anders veranderd')").wait_for()
    page.locator("input[value=stalking]:checked").wait_for(state="attached")
    page.locator("input[value=bribery]:not(:checked)").wait_for(state="attached")
    assert store.sheet(1, "anna", Role.ANSWER).labels.forms == {"stalking"}
    page.reload()
    page.locator("input[value=stalking]:checked").wait_for()


def test_a_server_that_is_away_is_waited_for(visit: Visit, labelling: Annotation, store: Store) -> None:
    page = visit(labelling)
    page.route("**/api/**", lambda route: route.abort())
    press(page, "d", "4")
    page.locator("#saved.failed:has-text('Niet bewaard')").wait_for()
    page.unroute("**/api/**")
    saved(page)
    assert store.sheet(1, "anna", Role.ANSWER).labels.threat == "direct"


def test_what_is_not_consistent_is_said_before_it_is_finished(
    visit: Visit, labelling: Annotation, store: Store
) -> None:
    page = visit(labelling)
    press(page, "d", "2", "e")
    page.locator("#remarks:has-text('Een vijandig bericht heeft altijd een aard')").wait_for()
    assert not store.sheet(1, "anna", Role.ANSWER).done
    page.locator("#remarks button:has-text('Toch klaar')").click()
    page.locator("#message-title:has-text('Bericht 2')").wait_for()
    assert store.sheet(1, "anna", Role.ANSWER).done


def test_text_of_strangers_is_never_markup(visit: Visit, labelling: Annotation) -> None:
    page = visit(labelling)
    page.on("dialog", lambda dialog: pytest.fail("A script of the message ran."))
    page.locator("#jump").select_option(index=2)
    page.locator("#text:has-text('onerror=alert(1)')").wait_for()
    assert page.locator("#text img, #text b").count() == 0


def test_deciding_side_by_side(visit: Visit, deciding: Adjudication, store: Store) -> None:
    page = visit(deciding)
    number = next(n for n, t in store.tasks().items() if t.id == "dreigt")
    head = [" ".join(text.split()) for text in page.locator(".compare thead th").all_inner_texts()]
    assert head == ["anna Neem over van anna", "bram Neem over van bram"]
    assert page.locator(".compare tr.differs").count() == 3
    assert page.locator("fieldset.differs").count() == 2
    by = page.locator("label:has(> input[name=threat][value=veiled]) .by")
    assert by.inner_text() == "bram"
    page.locator(".compare thead button").nth(1).click()
    saved(page)
    assert store.sheet(number, "", Role.DECISION).labels.threat == "veiled"
    page.locator(".compare thead button").first.click()
    page.locator("input[name=threat][value=conditional]:checked").wait_for()
    page.locator(".compare button[aria-pressed=true]:has-text('eis of voorwaarde')").click()
    page.locator(".compare button[aria-pressed=false]:has-text('eis of voorwaarde')").click()
    page.locator("#done").click()
    page.locator("#remarks:has-text('Schrijf op waarom')").wait_for()
    assert page.locator("#remarks button").count() == 0
    page.locator("#reason").fill("De eis hangt aan het kwaad.")
    page.locator("#reason").press("Control+Enter")
    page.locator("#message-title:has-text('Bericht 2')").wait_for()
    [decision] = store.decisions()
    assert decision.reason == "De eis hangt aan het kwaad." and decision.judgement.annotator == "carla"
    assert words_of(store, number, Role.DECISION)["condition"] == "Trek die boete in"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1440])
def test_everybody_can_use_it(
    visit: Visit, axe: str, labelling: Annotation, store: Store, width: int, theme: str
) -> None:
    page = visit(labelling, viewport={"width": width, "height": 900}, color_scheme=theme)
    press(page, "t", "ArrowRight", "Shift+ArrowRight", "Enter")
    page.locator("#mark-dialog[open]").wait_for()
    assert violations(page, axe) == []
    press(page, "Enter")
    saved(page)
    press(page, "d", "2", "e")
    page.locator("#remarks button").wait_for()
    page.locator("#toast").evaluate("toast => { toast.hidden = true; }")
    assert violations(page, axe) == []
    press(page, "?")
    page.locator("#help-dialog[open]").wait_for()
    assert violations(page, axe) == []
    press(page, "Escape")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    book = page.context.new_page()
    book.goto(page.url + "codeboek")
    assert violations(book, axe) == []


@pytest.mark.parametrize("width", [360, 1440])
def test_everybody_can_decide(visit: Visit, axe: str, deciding: Adjudication, width: int) -> None:
    page = visit(deciding, viewport={"width": width, "height": 900})
    assert violations(page, axe) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
