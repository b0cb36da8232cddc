from time import process_time

import pytest

from vptnlp.readers.html import html_to_text
from vptnlp.readers.quotes import split_quoted


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>Een</p><p>Twee<br>Drie</p>", "Een\n\nTwee\nDrie"),
        ("<div>Een</div><div>Twee</div>\n<div><br></div><div>Drie</div>", "Een\nTwee\n\nDrie"),
        ("<p class=MsoNormal>Een<o:p></o:p></p><p class=MsoNormal>Twee</p>", "Een\nTwee"),
        ("<b>Ik</b>  <i>kom\n langs</i>&nbsp;&euro;5 &lt;b&gt;", "Ik kom langs €5 <b>"),
        ("<ul><li>a<li>b</ul>", "- a\n- b"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><th>c</th></tr></table>", "a b\nc"),
        ("<pre>a\n  b</pre>c", "a\n  b\nc"),
        ("<head><title>t</title><style>p{}</style></head><script>x()</script>zicht", "zicht"),
        ("a<!-- weg -->b<![if !x]>c<![endif]><?xml x?><!doctype html>", "abc"),
        ('<p style="display: none">weg</p><span style="FONT-SIZE:0px">weg</span><div hidden>weg</div>hier', "hier"),
        ('<span style="mso-hide:all">weg</span><span style="visibility:hidden">weg</span>hier', "hier"),
        ('<span style="font-size:0.9em">hier</span>', "hier"),
        ('<a href="https://x.example/a">klik</a>', "klik <https://x.example/a>"),
        ('<a href="https://x.example/">x.example</a>', "x.example"),
        (
            '<a href="mailto:jj@post.example">jj@post.example</a> <a href="tel:0612">bel</a>',
            "jj@post.example bel <0612>",
        ),
        ('<a href="javascript:x()">a</a><a href="#b">b</a><a>c</a>', "abc"),
        ('<a href="https://x.example">een<br>twee</a>', "een\ntwee <https://x.example>"),
        ('Boem <img alt="💣"> <img alt="Logo van de firma"><img>', "Boem 💣"),
        ("a < b en 3 <4 en <onaf", "a < b en 3 <4 en <onaf"),
        ("zichtbaar <!-- open", "zichtbaar"),
        ("https://x.example", "https://x.example"),
        ("", ""),
    ],
)
def test_what_a_reader_sees(html, text):
    assert html_to_text(html) == text


@pytest.mark.parametrize(
    "html",
    [
        pytest.param("<p>Nee.</p><blockquote type=cite><p>Komt u?</p></blockquote>", id="apple"),
        pytest.param(
            '<div dir="ltr">Nee.</div><div class="gmail_quote"><div class="gmail_attr">Op ma 3 mrt 2025 om 10:12 schreef '
            'L &lt;<a href="mailto:l@x.example">l@x.example</a>&gt;:<br></div><blockquote class="gmail_quote">'
            "<div>Komt u?</div></blockquote></div>",
            id="gmail",
        ),
        pytest.param("<div>Nee.</div><div class=gmail_quote>Am Montag schrieb L<br>Komt u?</div>", id="gmail-other"),
        pytest.param(
            '<div>Nee.</div><hr><div id="divRplyFwdMsg"><b>Fra:</b> L<br><b>Sendt:</b> mandag</div><div>Komt u?</div>',
            id="outlook-web",
        ),
        pytest.param(
            "<p class=MsoNormal>Nee.</p><div style='border-top:solid'><p class=MsoNormal><b>Van:</b> L<br><b>Verzonden:</b> "
            "maandag 3 maart 2025 10:12<br><b>Aan:</b> J<br><b>Onderwerp:</b> x</p></div><p class=MsoNormal>Komt u?</p>",
            id="outlook",
        ),
        pytest.param(
            '<p>Nee.</p><div class="moz-cite-prefix">Op 03-03-2025 om 10:12 schreef L:</div><blockquote type="cite">'
            "<p>Komt u?</p></blockquote>",
            id="thunderbird",
        ),
    ],
)
def test_quotes_are_found(html):
    own, quoted = split_quoted(html_to_text(html))
    assert own == "Nee." and "Komt u?" in quoted


def test_answers_between_blockquotes_stay():
    html = "<blockquote>Komt u?</blockquote><div>Nee.</div><blockquote>Betaalt u?<br>Snel?</blockquote><div>Ook niet.</div>"
    assert split_quoted(html_to_text(html))[0] == "Nee.\n\nOok niet."


def test_nesting_deeper_than_the_stack():
    assert html_to_text("<div>" * 20_000 + "diep") == "diep"
    assert html_to_text("<blockquote>" * 5_000 + "diep") == "> > > > > diep"


HOSTILE = ["<", "<!--", "<!--a>", "<![CDATA[a>", "<a", "</", "<?", "<!", "<div>", "<a href=http://x>b", "<a b='>",
           "<div class=gmail_quote>", "<blockquote>a", "<a href=http://x>b<br>", "</x>", "&#", "<script>"]  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE)
@pytest.mark.parametrize("end", ["", ">"])
def test_time_is_linear(piece, end):
    start = process_time()
    html_to_text(piece * (128_000 // len(piece)) + end)
    # Linear time takes a tenth to a third of this; what html.parser does with the first five takes ten times as long.
    assert process_time() - start < 1.2
