"""Our lines in the event's text: once, found again however a calendar rewrites them, and nothing
that people typed is lost."""

from __future__ import annotations

import html
import re
from urllib.parse import quote

import pytest

from ...sync.html_text import text_of
from ...sync.text_block import PATH, TextBlock, compose, strip

URL = f"https://crm.acme.example/odoo{PATH}tOk-9_a"
BLOCK = TextBlock(URL, lines=("Company: Client & Sons", "Not invited: Bob, Carl"))


def unwrapped(text: str) -> str:
    """Attributes but the address are taken away."""
    return re.sub(r"<(\w+)\s(?!href)[^>]*>", r"<\1>", text)


def google(text: str) -> str:
    """Google adds attributes to links and a wrapper."""
    return f"<html-blob>{text.replace('<a href', '<a target=_blank rel=x href')}</html-blob>"


def exchange(text: str) -> str:
    """Exchange makes a document of it and paragraphs of lines."""
    body = text.replace("<div>", '<p class="MsoNormal"><span lang="DE">').replace(
        "</div>", "<o:p></o:p></span></p>"
    )
    head = (
        '<meta http-equiv="Content-Type" content="text/html; charset=utf-8">\r\n<style>p{}</style>'
    )
    return f"<html>\r\n<head>\r\n{head}</head>\r\n<body>\r\n{body}\r\n</body>\r\n</html>\r\n"


def lines_as_divs(text: str) -> str:
    """Each line becomes an element of its own."""
    return "".join(f"<div dir='ltr'>{line}</div>" for line in re.split(r"<br>|</?div>", text))


def safe_links(text: str) -> str:
    """Links lead through a redirector."""
    safe = "https://eur01.safelinks.protection.outlook.com/?url="
    return text.replace(f'"{URL}"', f'"{safe}{quote(URL, safe="")}&amp;data=05"')


def plain(text: str) -> str:
    """Text only, the address in angle brackets."""
    text = re.sub(r'<a href="([^"]*)">([^<]*)</a>', r"\2 &lt;\1&gt;", text)
    text = re.sub(r"<br>|</p>|</div>", "\n", text)
    return html.unescape(re.sub(r"<[^>]+>", "", text))


def plain_in_html(text: str) -> str:
    """Text only, then HTML again, the address made a link."""
    lines = html.escape(plain(text)).splitlines()
    return "<br>\n".join(
        re.sub(r"&lt;(http\S+)&gt;", r'&lt;<a href="\1">\1</a>&gt;', x) for x in lines
    )


def bare_address(text: str) -> str:
    """The label is dropped, the address shown."""
    return re.sub(r'<a href="([^"]*)">[^<]*</a>', r'<a href="\1">\1</a>', text)


def entities(text: str) -> str:
    """Marks as entities, spaces hard."""
    return text.replace("▸ ", "&#9656;&nbsp;").replace(" ◂", "&nbsp;&#x25C2;")


def one_line(text: str) -> str:
    """All line ends gone."""
    return text.replace("<br>", " ").replace("<div>", "").replace("</div>", "")


def fonts(text: str) -> str:
    """Everything wrapped in formatting."""
    return re.sub(r">([^<>]+)<", r"><font face='x'><span>\1</span></font><", f"<p>{text}</p>")


def wrapped_lines(text: str) -> str:
    """Long lines are broken in the middle."""
    return text.replace("Sons", "\nSons").replace("Show Lead", "Show\r\nLead")


def no_link(text: str) -> str:
    """The link itself is taken out, its words stay."""
    return re.sub(r"</?a[^>]*>", "", text)


REWRITES = [
    unwrapped,
    google,
    exchange,
    lines_as_divs,
    safe_links,
    plain,
    plain_in_html,
    bare_address,
    entities,
    one_line,
    fonts,
    wrapped_lines,
    no_link,
]
AGENDA = "<p>Agenda: prices</p><p>Bring <b>samples</b> &amp; forms</p>"


@pytest.mark.parametrize("rewrite", REWRITES, ids=lambda each: each.__name__)
def test_block_is_found_after_rewriting_and_the_text_is_what_it_was(rewrite):
    """S4-08: 5 pushes → 1 link, whatever the calendar does to the HTML."""
    text = AGENDA
    for _push in range(5):
        text = rewrite(compose(text, BLOCK))
        assert text_of(strip(text)) == text_of(AGENDA)
    assert text_of(compose(text, BLOCK)).count("▸") == 3


@pytest.mark.parametrize("rewrite", REWRITES, ids=lambda each: each.__name__)
def test_an_address_on_a_line_of_ours_can_be_clicked_and_goes_with_its_line(rewrite):
    """S2-37: the transcript's link; nothing of it stays behind when our block is replaced."""
    url = "https://calls.example/t?id=7&key=abc"
    block = TextBlock(BLOCK.link_url, "Show Lead", ("Phone: +49 30 1234", url))
    sent = compose(AGENDA, block)
    assert '<a href="https://calls.example/t?id=7&amp;key=abc">' in sent
    assert text_of(strip(rewrite(sent))) == text_of(AGENDA)


def test_only_an_https_address_becomes_a_link():
    """S2-37: a script or a half address stays words."""
    for line in ("javascript:alert(1)", "http://calls.example", "see https://calls.example"):
        assert "<a" not in compose(AGENDA, TextBlock(lines=(line,)))


@pytest.mark.parametrize("rewrite", REWRITES, ids=lambda each: each.__name__)
def test_text_typed_around_our_lines_stays(rewrite):
    """S4-08: above, below, and directly behind in the same element."""
    sent = compose(AGENDA, BLOCK).replace("</div>", " see you<br>below in the block</div>")
    shown = f"<div>above</div>{rewrite(sent)}<div>below</div>"
    words = text_of(strip(shown))
    assert words == "above Agenda: prices Bring samples & forms see you below in the block below"


def test_words_typed_into_our_link_stay():
    """S4-08: the cursor at the end of a link extends it."""
    sent = compose(AGENDA, BLOCK).replace("Show Lead</a>", "Show Lead bring cake</a>")
    assert text_of(strip(sent)).endswith("forms bring cake")
    assert PATH not in strip(sent)


@pytest.mark.parametrize(
    "quoted",
    [
        "<p>See you!</p><blockquote type='cite'>{}</blockquote>",
        "<p>See you!</p><blockquote><div>On Monday Ann wrote:<br>{}</div></blockquote><p>Bob</p>",
    ],
)
def test_quotation_in_a_reply_stays_and_does_not_multiply(quoted):
    """S4-08: the quoted copy is not ours any more."""
    reply = quoted.format(compose(AGENDA, BLOCK))
    assert strip(reply) == reply
    text = reply
    for _push in range(5):
        text = compose(text, BLOCK)
    assert strip(text) == reply
    assert text.count(PATH) == 2


def test_quotation_in_plain_text_stays():
    """S4-08: quoted with '>'."""
    copy = plain(compose(AGENDA, BLOCK)).strip()
    reply = "See you!\n\n" + "\n".join(f"> {line}" for line in copy.splitlines())
    assert strip(reply) == reply
    assert text_of(strip(compose(reply, BLOCK))) == text_of(html.escape(reply))


def test_unclosed_quotation_does_not_swallow_our_lines():
    """S4-08: broken HTML above must not make the block unreadable."""
    for broken in ("<blockquote>old", "<!-- old", "text <a href='", "<div><p>x", "a < b"):
        once = compose(broken, BLOCK)
        assert compose(once, BLOCK) == once
        assert once.count(PATH) == 1


def test_block_is_updated_in_place():
    """S4-08: another lead, another label."""
    text = compose(AGENDA, BLOCK)
    other = TextBlock(URL.replace("tOk", "nEw"), "Zum Lead")
    text = compose(text, other)
    assert "tOk" not in text
    assert "Client" not in text
    assert text.count(PATH) == 1
    assert "Zum Lead" in text


def test_block_goes_when_the_lead_is_unlinked_or_an_outsider_is_invited():
    """S4-08: removed, not left behind."""
    assert compose(compose(AGENDA, BLOCK), TextBlock()) == AGENDA
    names_only = compose(AGENDA, TextBlock(lines=("Not invited: Bob",)))
    assert PATH not in names_only
    assert strip(names_only) == AGENDA


@pytest.mark.parametrize(
    "text",
    [
        "Really? See https://crm.acme.example/odoo/other/1",
        "▸ my own bullet\n▸ another",
        "<p>▸ one</p><p>▸ two</p>",
        "1 < 2 & 3 > 2",
        "",
    ],
)
def test_text_without_our_block_comes_back_untouched(text):
    """S4-08: nobody's own text is taken for ours."""
    assert strip(text) == text


def test_marks_that_became_question_marks_are_taken_along():
    """S4-08: a calendar that cannot store the marks."""
    text = f"Agenda\n? Show Lead <{URL}> ?\nReally?"
    assert text_of(strip(text)) == "Agenda Really?"


def test_a_lost_mark_costs_only_that_mark():
    """S4-08: somebody deleted the end of our line."""
    assert text_of(strip(f'<p>x</p>▸ <a href="{URL}">Show Lead</a> and me')) == "x and me"
    assert text_of(strip(f'<p>x</p><a href="{URL}">Show Lead</a> ◂ and me')) == "x and me"


def test_names_with_markup_or_our_marks_cannot_break_out():
    """S4-08: a company called <b>▸ is still one line."""
    block = TextBlock(URL, lines=("Company: <script>▸ x ◂ & co\nsecond",))
    text = compose(AGENDA, block)
    assert "<script>" not in text
    assert strip(text) == AGENDA
