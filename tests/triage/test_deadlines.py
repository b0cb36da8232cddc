from __future__ import annotations

import pytest

from vptnlp.triage.deadlines import hours_until

DAY, WEEK = 24, 168


@pytest.mark.parametrize(
    "phrase",
    ["nu", "zo meteen", "vanavond", "vannacht om 3", "voor middernacht", "morgen", "m0rgen na sch00l", "Morgenochtend",
     "binnen een uur", "over 20 minuten", "binnen een half uur", "om 10 uur", "voor 20:00", "vanavond 21u", "om zeven uur",
     "half 7", "als 't donker is", "nog een uur", "binnen 24 uur", "binnen een kwartier"],
)  # fmt: skip
def test_within_a_day(phrase: str) -> None:
    hours = hours_until(phrase)
    assert hours is not None and hours <= DAY


@pytest.mark.parametrize(
    "phrase",
    ["vrijdag", "voor donderdag twaalf uur", "dinsdagavond acht uur", "zondag 20.00", "overmorgen", "deze week",
     "binnen 72 uur", "72 uur", "over drie dagen", "dit weekend", "vrijdag na sluiting", "binnen een paar dagen"],
)  # fmt: skip
def test_within_a_week(phrase: str) -> None:
    hours = hours_until(phrase)
    assert hours is not None and DAY < hours <= WEEK


@pytest.mark.parametrize(
    "phrase", ["volgende week dinsdag", "over 61 dagen", "deze maand nog", "binnen zes weken", "over een jaar"]
)
def test_later(phrase: str) -> None:
    hours = hours_until(phrase)
    assert hours is not None and hours > WEEK


@pytest.mark.parametrize(
    "phrase",
    [
        "1 mei",
        "voor de zitting van 9 december",
        "op 3 maart om 10 uur",
        "ooit",
        "nieuwe maan",
        "de twaalfde",
        "gisteren",
    ],
)
def test_cannot_be_placed(phrase: str) -> None:
    assert hours_until(phrase) is None
