from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vptnlp.readers.quotes import split_quoted

BLOCK = (
    "Van: Loket <loket@gemeente.example>\nVerzonden: maandag 3 maart 2025 10:12\nAan: J. Jansen <jj@post.example>\n"
    "Onderwerp: Uw aanvraag\n\nGeachte heer Jansen,\n\nUw aanvraag is afgewezen."
)
LEVEL = "> Geachte heer Jansen,\n>\n> Uw aanvraag is afgewezen."

# Own words above, one quoting form below.
REPLIES = {
    "gmail-dutch": f"Op ma 3 mrt 2025 om 10:12 schreef Loket <loket@gemeente.example>:\n\n{LEVEL}",
    "gmail-wrapped": f"Op ma 3 mrt 2025 om 10:12 schreef Loket Burgerzaken Midden <\nloket@gemeente.example>:\n\n{LEVEL}",
    "gmail-english": f"On Mon, Mar 3, 2025 at 10:12\u202fAM Loket <loket@gemeente.example> wrote:\n\n{LEVEL}",
    "gmail-without-levels": "Op ma 3 mrt 2025 om 10:12 schreef Loket <loket@gemeente.example>:\n\nUw aanvraag is afgewezen.",
    "gmail-old": f"2025-03-03 10:12 GMT+01:00 Loket <loket@gemeente.example>:\n\n{LEVEL}",
    "apple-dutch": f"Op 3 mrt. 2025 om 10:12 heeft Loket <loket@gemeente.example> het volgende geschreven:\n\n{LEVEL}",
    "apple-english": f"On 3 Mar 2025, at 10:12, Loket <loket@gemeente.example> wrote:\n\n{LEVEL}",
    "thunderbird": f"Op 03-03-2025 om 10:12 schreef Loket:\n{LEVEL}",
    "name-first": f"Loket <loket@gemeente.example> schreef op 3 maart 2025 10:12:\n{LEVEL}",
    "flemish": f"Op ma 3 mrt. 2025 om 10:12 u. schreef Els Peeters het volgende:\n{LEVEL}",
    "short": f"Loket schreef:\n{LEVEL}",
    "belgian-french": f"Le lun. 3 mars 2025 à 10:12, Loket <loket@gemeente.example> a écrit :\n\n{LEVEL}",
    "yahoo": "Op maandag 3 maart 2025 om 10:12:33 CET schreef Loket <loket@gemeente.example>:\n\nAfgewezen.",
    "outlook": BLOCK,
    "outlook-rule": f"________________________________\n{BLOCK}",
    "outlook-bold": BLOCK.replace("Van:", "*Van:*").replace("Verzonden:", "*Verzonden:*").replace("Aan:", "*Aan:*"),
    "outlook-old": f"-----Oorspronkelijk bericht-----\n{BLOCK}",
    "outlook-english": "-----Original Message-----\nFrom: Loket\nSent: Monday, 3 March 2025 10:12\nTo: Jansen\nSubject: x\n\nNo.",
    "outlook-without-marker": "From: Loket\nSent: Monday, 3 March 2025 10:12\nTo: Jansen\nCc: Piet\nSubject: x\n\nNo.",
    "outlook-belgian-french": "De : Loket\nEnvoyé : lundi 3 mars 2025 10:12\nÀ : Jansen\nObjet : x\n\nNon.",
    "outlook-long-list": BLOCK.replace("Onderwerp", "CC: Piet;\n Klaas <klaas@post.example>;\n Truus\nOnderwerp"),
    "outlook-blank-lines": BLOCK.replace("\nAan", "\n\nAan").replace("\nOnderwerp", "\n\nOnderwerp"),
    "samsung": f"-------- Oorspronkelijk bericht --------\n{BLOCK.replace('Verzonden', 'Datum')}",
    "title-without-dashes": f"Oorspronkelijk bericht\n{BLOCK}",
    "hotmail": "Date: Mon, 3 Mar 2025 10:12:00 +0100\nFrom: loket@gemeente.example\nTo: jj@post.example\nSubject: x\n\nNo.",
    "zoho": "---- Op ma, 03 mrt 2025 10:12:00 +0100 Loket <loket@gemeente.example> schreef ----\n\nAfgewezen.",
    "ticket-system": "##- Typ uw antwoord boven deze regel -##\n\nUw melding is ontvangen.",
    "levels-alone": LEVEL,
    "levels-without-space": LEVEL.replace("> ", ">"),
    "levels-in-levels": "> > Mag ik komen?\n> Nee.",
    "one-level-line": "> Mag ik komen?",
}


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("form", REPLIES)
def test_replies_on_top(form, line_end):
    quoted = REPLIES[form].replace("\n", line_end)
    assert split_quoted(f"Dit pik ik niet.{line_end}{line_end}{quoted}{line_end}") == ("Dit pik ik niet.", quoted)


def test_answers_between_quoted_lines_stay():
    text = (
        "Zie mijn antwoorden.\n\nOp 03-03-2025 om 10:12 schreef Loket:\n> Komt u morgen?\nNee.\n\n"
        "> Betaalt u?\n\nOok niet.\n>> oud\n> 1. lijst\nGroet, Jan"
    )
    own, quoted = split_quoted(text)
    assert own == "Zie mijn antwoorden.\n\nNee.\n\nOok niet.\n\nGroet, Jan"
    assert quoted.split("\n") == [
        "Op 03-03-2025 om 10:12 schreef Loket:", "> Komt u morgen?", "", "> Betaalt u?", "", ">> oud", "> 1. lijst"
    ]  # fmt: skip


def test_answers_between_lone_quoted_lines_stay():
    assert split_quoted("> Komt u?\nNee.\n> Wanneer wel?\nNooit.") == ("Nee.\n\nNooit.", "> Komt u?\n\n> Wanneer wel?")


def test_answers_below_stay():
    assert split_quoted(f"Loket schreef:\n{LEVEL}\n\nKom maar op.") == ("Kom maar op.", f"Loket schreef:\n{LEVEL}")


NOTES = ["", "fyi", "FYI.", "Zie onder.", "Hoi Els, zie onderstaande mail. Groet, Piet", "Ter info", "See below",
         "Verstuurd vanaf mijn iPhone", "Zie hieronder\n\nVerzonden vanuit Outlook voor Android"]  # fmt: skip


@pytest.mark.parametrize("note", NOTES)
@pytest.mark.parametrize("form", ["outlook", "outlook-old", "gmail-without-levels", "levels-alone", "samsung"])
def test_a_pure_forward_keeps_its_text(note, form):
    text = f"{note}\n\n{REPLIES[form]}"
    assert split_quoted(text) == (text, "")


@pytest.mark.parametrize(
    "marker",
    [
        "---------- Forwarded message ---------",
        "---------- Doorgestuurd bericht ---------",
        "-------- Doorgestuurd bericht --------",
        "Begin doorgestuurd bericht:",
        "Begin forwarded message:",
    ],
)
def test_forward_markers(marker):
    forwarded = f"{marker}\n{BLOCK}"
    short = f"Dit kreeg ik vanochtend binnen.\n\n{forwarded}"
    assert split_quoted(short) == (short, "")
    long = "Vanochtend kreeg ik dit binnen en ik wil graag weten wat wij hier als team mee gaan doen, want ik slaap er slecht."
    assert split_quoted(f"{long}\n\n{forwarded}") == (long, forwarded)


def test_a_web_form_keeps_its_text():
    text = f"Nieuw bericht via het contactformulier\n\n{BLOCK}"
    assert split_quoted(text) == (text, "")


def test_a_pointer_with_answers_below_is_no_forward():
    own, quoted = split_quoted(f"Zie onder.\n\nLoket schreef:\n{LEVEL}\nNooit.")
    assert own == "Zie onder.\n\nNooit." and "afgewezen" in quoted


NOT_QUOTED = {
    "plain": "Ik kom morgen langs.",
    "arrow-in-line": "Ik reis Utrecht > Amsterdam > Zwolle.",
    "arrow-from-line": "Stap 1\n> ga naar de balie\nStap 2\n",
    "arrow-list-after-colon": "Dit wil ik:\n> geld\n> een auto\n> excuses",
    "long-arrows": "--> hier\n=> daar\n-> ginds",
    "more-than": "Er stonden\n\n> 100 man\n\n> 30 auto's\n\nvoor de deur",
    "emoticons": "boos\n\n>:(\n>_<\n>.<\n",
    "not-equal": "a\n\n>= 5\n>= 6",
    "from-to-times": "Van: 9 uur\nTot: 17 uur\nOnderwerp: werk",
    "from-and-subject": "Beste,\n\nVan: mij\nAan: jou\nOnderwerp: niets\n\nIk kom.",
    "by-hand": "Op 3 maart 2025 om 10:12 schreef u mij het volgende:\nUw aanvraag is afgewezen.\nDat pik ik niet.",
    "no-time": "Op 3 maart 2025 schreef de burgemeester in de krant:\n'Wij luisteren.'\nNiet dus.",
    "schreef-in-sentence": "Op 3 maart om 10:12 schreef Jan mij dat hij komt. En dan:\nwat nu?",
    "someone-wrote": "Jan schreef:\nik kom eraan.\nMeer weet ik niet.",
    "rule": "Boven\n-----\nOnder\n________________________________\nNog meer",
    "word-original": "Het oorspronkelijk bericht\nwas anders.\nOorspronkelijk bericht\nweg",
    "lone-forward-word": "doorgestuurd bericht\nIk kom",
    "van-in-sentence": "van: ik\nweet: niets",
    "html-arrow": "a -> b\n\n<- terug",
    "empty": "",
    "blank": "\n \n",
}


@pytest.mark.parametrize("above", ["", "Ik ben boos.\n\n"])
@pytest.mark.parametrize("name", NOT_QUOTED)
def test_what_is_no_quote_stays(name, above):
    text = above + NOT_QUOTED[name]
    assert split_quoted(text) == (text, "")


def test_a_letter_head_is_no_quote():
    assert split_quoted(BLOCK) == (BLOCK, "")


PIECES = st.sampled_from(
    [*REPLIES.values(), *NOT_QUOTED.values(), "fyi", "> a", ">", "", "x", "Jan schreef:", "--", "Van: a", "\r"]
)


@given(st.lists(PIECES | st.text(max_size=20), max_size=8).map("\n".join))
def test_no_line_gets_lost_or_doubled(text):
    own, quoted = split_quoted(text)

    def filled(part):
        return sorted(line.strip("\r") for line in part.split("\n") if line.strip())

    assert filled(own + "\n" + quoted) == filled(text)
    assert own.strip() or not text.strip()


@pytest.mark.parametrize(
    "piece",
    [
        "op " + " schreef" * 60 + ":\n",
        "op 3 x\n",
        "Van: x\n",
        "Aan: x\n",
        "a\n> b\n",
        "jan schreef:\n\n",
        "> 5\n\n",
        "\n",
        ">",
    ],
)
def test_time_is_linear(piece):
    start = process_time()
    split_quoted(piece * (400_000 // len(piece)))
    # Quadratic time would take minutes.
    assert process_time() - start < 3
