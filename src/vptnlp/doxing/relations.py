"""Words for relatives: shared by the recognisers of family, age and persons and by ownership."""

from __future__ import annotations

from vptnlp.doxing.wordset import word_set

_STEMS = word_set("""
    vader moeder papa mama pa ma pap mam paps mams ouders ouder zoon zoons zonen dochter dochters kind kinderen
    kids broer broers broeders zus zussen zuster zusters man vrouw vriend vriendin partner echtgenoot echtgenote
    verloofde ex exman exvrouw ex-man ex-vrouw ex-vriend ex-vriendin ex-partner oma opa oma's opa's grootmoeder
    grootvader grootouders tante oom neef nicht neven nichten kleinkind kleinkinderen kleinzoon kleindochter
    kleinzonen kleindochters gezin familie baby tweeling madam lief wijf weduwe peuter kleuter puber huisgenote
    zwager schoonzusje ome nonkel wederhelft petekind overgrootmoeder bomma bompa meme pepe meter peter moe
    moesje dogter moedr vrow vrauw soon
""")
_COMPOUND = word_set("""
    vader moeder ouders zoon dochter broer zus zuster kind kinderen familie dochters zonen zoons
""")
_DIMINUTIVES = word_set("""
    zoontje zoontjes dochtertje dochtertjes dogtertje kindje kindjes kindertjes broertje broertjes zusje zusjes
    vrouwtje vrouwke vriendinnetje vriendje omaatje opaatje moedertje vadertje neefje neefjes nichtje nichtjes
    mannetje meisje meisjes jongen jongens jongetje jongetjes jochie jochies kleintje kleintjes kleine kleinste
    oudste jongste middelste baby'tje babytje schatje dochterke zoontjen mannen grut kroost bloedjes spruit
    spruiten tweelingbroer tweelingzus ventje dreumes
""")

RELATION_NOUNS: frozenset[str] = (
    _STEMS
    | _DIMINUTIVES
    | frozenset(
        f"{step}{noun}" for step in ("schoon", "stief", "pleeg", "half", "klein", "groot") for noun in _COMPOUND
    )
)
"""Nouns that name a relative after a possessive."""

WEAK_NOUNS = word_set("""
    meisje meisjes jongen jongens jongetje jongetjes jochie kleine kleintje kleintjes oudste jongste middelste
    kleinste mannen mannetje schatje lief vriend vriendje man vrouw partner ex familie peter meter grut spruit
    ventje ma pa moe meme broeders mannetje
""")
"""Nouns that are relatives only with a possessive of a person ("mijn man"), not with an article ("de man")."""

POSSESSIVES: dict[str, str] = (
    dict.fromkeys(("mijn", "mn", "m'n", "me", "mijne", "mijnen", "ons", "onze", "onzen", "m", "mijm", "myn"), "first")
    | dict.fromkeys(
        ("je", "jouw", "jou", "uw", "uwe", "uwen", "u", "jullie", "jouwe", "jow", "jw", "ulieden", "j"), "second"
    )
    | dict.fromkeys(
        ("zijn", "z'n", "zn", "zijne", "haar", "d'r", "dr", "der", "hun", "hen", "ze", "r", "diens"), "third"
    )
)
"""Possessives by grammatical person, with spoken and misspelt forms."""
