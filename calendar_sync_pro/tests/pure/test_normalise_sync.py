"""Equal means equal: what providers rewrite must never look like an edit."""

from __future__ import annotations

import json
import time
from datetime import date

import pytest

from ...core.event import FIELD_NAMES, Privacy, Response, ShowAs
from ...core.when import When
from ...sync import base
from ...sync.html_text import html_of, text_of
from ...sync.normalise import canonical, differing
from .events import ANN, BOB, event, hour, person


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("<p>Hello</p><p>Bob</p>", "Hello<br>Bob"),
        ("<p>Hello</p><p>Bob</p>", "Hello\nBob"),
        ("<div class='o_x' style='a:b'>Hello</div>", "<span>Hello</span>"),
        ("Fish &amp; chips &lt;3", "Fish & chips <3"),
        ("See https://a.example/x", 'See <a href="https://g.example/?q=1">https://a.example/x</a>'),
        ("a&nbsp;b", "a b"),
        ("<ul><li>one</li><li>two</li></ul>", "one\n two"),
        ("<b>bo</b>ld", "bold"),
        ("<p><br></p>", ""),
        ("<html><head><style>p{}</style></head><body><p>x</p></body></html>", "x"),
        ("<!-- hidden -->x", "x"),
        ("<td>a</td><td>b</td>", "a b"),
        ("caf&eacute;", "café"),
        ('<img alt="a>b">x', "x"),
        ("<o:p>x</o:p>", "x"),
    ],
)
def test_text_that_reads_the_same_is_the_same(ours, theirs):
    """S1-26: descriptions are compared as words."""
    same = canonical(event(description=ours)), canonical(event(description=theirs))
    assert same[0] == same[1]
    assert canonical(same[0]) == same[0]


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("Hello", "Hello Bob"),
        ("1 < 2", "1"),
        ("<p>ab</p>", "<p>a</p><p>b</p>"),
        ("a&lt;b&gt;", "a"),
    ],
)
def test_text_that_reads_differently_is_a_change(ours, theirs):
    """S1-26: a real edit is seen."""
    one, other = canonical(event(description=ours)), canonical(event(description=theirs))
    assert differing(one, other) == {"description"}


def test_broken_markup_loses_no_words():
    """S1-26: what is no tag is text."""
    assert text_of("a < b and <https://x.example> c") == "a < b and <https://x.example> c"
    assert text_of("<p>open <b>bold") == "open bold"
    assert text_of("dangling <a href=") == "dangling <a href="


@pytest.mark.parametrize("piece", ["<!--", "<a ", "<a '", '<a "', "<!", "&#", "<a href=", "</"])
def test_hostile_text_is_read_in_linear_time(piece):
    """S1-26: text from outside must not hold the worker."""
    began = time.process_time()
    text_of(piece * 50_000)
    assert time.process_time() - began < 1


def test_plain_text_becomes_html_with_its_lines():
    """S1-26: Odoo's field is HTML."""
    assert html_of("a\r\nb\n") == "a<br>b"
    assert html_of("<p>a</p>\n<p>b</p>") == "<p>a</p>\n<p>b</p>"


def test_order_and_spaces_are_no_change():
    """S1-25: trimmed titles, sorted guests, reminders once."""
    one = event(" Demo  call ", attendees=(person(BOB), person(ANN)), reminders=(30, 10, 10))
    other = event("Demo call", attendees=(person(ANN), person(BOB)), reminders=(10, 30))
    assert canonical(one) == canonical(other)


def test_zone_counts_for_a_series_only():
    """S1-24: a series in another zone repeats at another hour after DST."""
    berlin, kyiv = hour(9), hour(9, tz="Europe/Kyiv")
    assert not differing(canonical(event(when=berlin)), canonical(event(when=kyiv)))
    rule = ("RRULE:FREQ=WEEKLY",)
    series = [canonical(event(when=when, recurrence=rule)) for when in (berlin, kyiv)]
    assert differing(*series) == {"when"}


def test_default_reminders_are_not_no_reminders():
    """B-06: None is the calendar's default, () is none at all."""
    assert differing(canonical(event(reminders=None)), canonical(event(reminders=()))) == {
        "reminders"
    }


@pytest.mark.parametrize(
    "fields",
    [
        event(),
        event(
            description="<p>a &lt; b</p>",
            location="X",
            attendees=(person(ANN, Response.TENTATIVE, is_optional=True), person(BOB)),
            show_as=ShowAs.OUT_OF_OFFICE,
            privacy=Privacy.CONFIDENTIAL,
            reminders=(),
            conference_url="https://meet.example/x",
            recurrence=("RRULE:FREQ=WEEKLY;COUNT=3", "EXDATE:20270111T090000Z"),
        ),
        event(when=When(date(2027, 1, 4), date(2027, 1, 6))),
    ],
)
def test_base_survives_storage(fields):
    """B-06: what a link stores is JSON and comes back equal; so does each value in the journal."""
    stored = json.loads(json.dumps(base.dump(fields)))
    loaded = base.load(stored)
    assert loaded == canonical(fields)
    for name in FIELD_NAMES:
        value = getattr(loaded, name)
        dumped = json.loads(json.dumps(base.dump_value(name, value)))
        assert base.load_value(name, dumped) == value


def test_no_base_is_none():
    """B-06: nothing agreed yet; keys of later versions are ignored."""
    assert base.load(None) is None
    assert base.load({}) is None
    assert base.load(base.dump(event()) | {"colour": 3}) == canonical(event())


def test_thousand_events_are_normalised_in_time():
    """B-06: 1,000 events cost little."""
    people = (person(ANN), person(BOB), person("carl@client.example"))
    events = [
        event(f"Meeting {n}", description=f"Agenda & notes {n}\nline two", attendees=people)
        for n in range(1000)
    ]
    assert min(_seconds(lambda: [canonical(each) for each in events]) for _ in range(5)) < 0.25


def _seconds(work) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began
