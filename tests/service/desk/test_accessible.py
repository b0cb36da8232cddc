"""The desk for everybody: WCAG 2.2 AA as far as axe-core can tell, at three widths, in light and in dark."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore::ResourceWarning")]

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDTHS = (360, 900, 1440)
DIALOGS = {
    "#open-add": "#add-dialog",
    "#open-save": "#save-dialog",
    "#open-corrections": "#corrections-dialog",
    "#open-help": "#help-dialog",
}


def violations(page: Any, axe: str) -> list[str]:
    page.evaluate(axe)
    options = {"runOnly": {"type": "tag", "values": RULES}, "rules": {"target-size": {"enabled": True}}}
    found = page.evaluate("options => axe.run(document, options)", options)
    return [f"{v['id']}: {v['nodes'][0]['html'][:160]} {v['nodes'][0]['failureSummary']}" for v in found["violations"]]


def load(page: Any) -> None:
    page.locator("#sample").click()
    page.locator(".row").nth(39).wait_for()
    page.locator("#progress").wait_for(state="hidden")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_desk(visit: Callable[..., Any], axe: str, width: int, theme: str) -> None:
    page = visit(viewport={"width": width, "height": 900}, color_scheme=theme)
    assert violations(page, axe) == []
    load(page)
    page.locator("#filters summary").click()
    page.locator("#toast").evaluate("toast => { toast.hidden = true; }")
    assert violations(page, axe) == []
    page.locator(".row").first.click()
    page.locator(".figures summary").click()
    page.locator(".facts .meaning summary").click()
    page.locator("#steps input[type=checkbox]").first.check()
    page.locator("button.factor").first.click()
    page.keyboard.press("e")
    assert violations(page, axe) == []
    page.keyboard.press("x")
    page.locator("#correction-form").wait_for()
    assert violations(page, axe) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_dialogs_and_limits(visit: Callable[..., Any], axe: str, theme: str) -> None:
    page = visit(color_scheme=theme)
    load(page)
    for button, dialog in DIALOGS.items():
        page.locator(button).click()
        page.locator(dialog).wait_for()
        assert violations(page, axe) == []
        page.keyboard.press("Escape")
        page.locator(dialog).wait_for(state="hidden")
        assert page.evaluate("document.activeElement.id") == button[1:]
    assert violations(visit("/desk/grenzen", color_scheme=theme), axe) == []


@pytest.mark.parametrize(("width", "theme"), [(360, "light"), (1440, "dark")])
def test_what_could_not_be_assessed(visit: Callable[..., Any], axe: str, width: int, theme: str) -> None:
    page = visit(viewport={"width": width, "height": 900}, color_scheme=theme)
    page.route("**/v1/assessments", lambda route: route.fulfill(status=500, body="{}"))
    files = [
        {"name": f"{name}.txt", "mimeType": "text/plain", "buffer": text} for name, text in [("a", b"Dag"), ("b", b"")]
    ]
    page.locator("#files").set_input_files(files)
    page.locator("#problems-dialog").wait_for()
    page.locator("#toast").evaluate("toast => { toast.hidden = true; }")
    assert violations(page, axe) == []
    page.locator("#problems-dialog .close").click()
    assert violations(page, axe) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [320, 360, 900, 1440])
def test_nothing_sticks_out(visit: Callable[..., Any], width: int) -> None:
    page = visit(viewport={"width": width, "height": 740})
    load(page)
    page.locator(".row").first.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_focus_can_be_seen_and_goes_in_reading_order(visit: Callable[..., Any]) -> None:
    page = visit()
    load(page)
    page.locator("#detail").focus()
    places = []
    for _ in range(12):
        page.keyboard.press("Tab")
        outline, top, in_detail = page.evaluate(
            "() => { const e = document.activeElement; const s = getComputedStyle(e); return "
            "[s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2, e.getBoundingClientRect().top, "
            "Boolean(e.closest('#detail'))]; }"
        )
        assert outline and in_detail
        places.append(top)
    assert places[0] < 200
    page.locator(".brand a").focus()
    stops = 0
    while page.evaluate("!document.activeElement.closest('#detail')"):
        page.keyboard.press("Tab")
        stops += 1
    # A list of forty messages is one stop.
    assert stops < 22


def test_progress_and_changes_are_said(visit: Callable[..., Any]) -> None:
    page = visit()
    load(page)
    page.locator("#announce:has-text('verzonnen')").wait_for(state="attached")
    assert page.locator("#announce").get_attribute("role") == "status"
    page.keyboard.press("e")
    page.locator("#announce:has-text('Afgehandeld')").wait_for(state="attached")


def test_motion_stops_where_the_user_wants_none(visit: Callable[..., Any]) -> None:
    page = visit(reduced_motion="reduce")
    load(page)
    assert page.locator("#text mark").first.evaluate("mark => getComputedStyle(mark).transitionDuration") == "0s"
