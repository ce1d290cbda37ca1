"""WebDAV as servers speak it: names, versions, refusals, cursors, and what is asked of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ...core import errors
from ...core.changes import Listing, Window
from ...core.errors import Malformed, SyncTokenExpired
from ...providers import port
from ...providers.caldav import bodies, cursor, multistatus
from ...providers.caldav.dav import Dav, strong
from ...providers.caldav.errors import refusal
from ...providers.caldav.multistatus import path_of
from ...providers.caldav.quirks import QUIRKS
from ...providers.http import Answer
from ...providers.port import Grant, OAuthApp

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
WINDOW = Window(NOW - timedelta(days=30), NOW + timedelta(days=92))
CALENDAR = "/ann/work/"


def answered(status: int, condition: str = "", **headers: str) -> Answer:
    """A refusal, with a DAV:error body when it names a condition."""
    body = f'<error xmlns="DAV:"><{condition}/></error>'.encode() if condition else b"<html>No"
    return Answer(status, headers, body)


# -- names and versions ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("href", "path"),
    [
        ("/ann%40x.example/a%2Bb.ics", "/ann@x.example/a+b.ics"),
        ("/ann@x.example/a+b.ics", "/ann@x.example/a+b.ics"),
        ("https://dav.example:443/ann/a.ics", "/ann/a.ics"),
        ("/ann/a b.ics", "/ann/a%20b.ics"),
        ("/ann/q?x.ics", "/ann/q%3Fx.ics"),
        ("//ann/a.ics", "/ann/a.ics"),
        ("/ann/100%25.ics", "/ann/100%25.ics"),
    ],
)
def test_names_in_any_escaping_are_one_name(href, path):
    """S4-14: quirk names_escaped_at_will: a remote id never changes."""
    assert path_of(href) == path
    assert path_of(path) == path


@pytest.mark.parametrize(
    ("tag", "sent"), [('W/"a"', '"a"'), ('"a"', '"a"'), ("a", '"a"'), (' w/"a" ', '"a"'), ("", "")]
)
def test_versions_are_compared_and_sent_strong(tag, sent):
    """S4-14: quirk weak_or_bare_versions."""
    assert strong(tag) == sent


def test_password_stays_on_the_host_of_the_calendars():
    """S4-05: an address on another host, port or scheme is nobody's that we know."""
    dav = Dav("https://dav.example/ann/", "ann", "secret")
    assert dav.own_path("https://dav.example:443/ann/work/") == CALENDAR
    assert dav.own_path("/ann/work/") == CALENDAR
    for foreign in (
        "https://evil.example/ann/", "http://dav.example/ann/", "https://dav.example:8443/ann/",
        "//evil.example/ann/", "https://dav.example.evil.example/",
    ):  # fmt: skip
        assert dav.own_path(foreign) == ""
    assert "secret" not in repr(vars(dav)["_origin"])
    dav.close()


# -- XML -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        b"<html><body>Sign in</body></html>",
        b"<multistatus xmlns='DAV:'><response>",
        b"not xml",
        b"",
        b"<!DOCTYPE a [<!ENTITY x 'y'>]><multistatus xmlns='DAV:'>&x;</multistatus>",
        b"<!DOCTYPE a SYSTEM 'file:///etc/passwd'><multistatus xmlns='DAV:'/>",
    ],
)
def test_what_is_no_answer_is_refused(body):
    """S4-14: a sign-in page, half an answer, entities."""
    with pytest.raises(Malformed):
        multistatus.read(body)


def test_values_count_only_where_the_server_found_them():
    """S4-14: an empty element under 404 is no value, a row of its own status is no resource."""
    body = b"""<d:multistatus xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav">
    <!-- a comment -->
    <d:response><d:href>/a%40b/1.ics</d:href>
      <d:propstat><d:prop><d:getetag>"1"</d:getetag></d:prop>
        <d:status>HTTP/1.1 200 OK</d:status></d:propstat>
      <d:propstat><d:prop><c:calendar-data/></d:prop>
        <d:status>HTTP/1.1 404 Not Found</d:status></d:propstat>
    </d:response>
    <d:response><d:href>/a/2.ics</d:href><d:href>/a/3.ics</d:href>
      <d:status>HTTP/1.1 404 Not Found</d:status></d:response>
    <d:sync-token>T1</d:sync-token></d:multistatus>"""
    found = multistatus.read(body)
    assert found.sync_token == "T1"
    assert [(row.path, row.status) for row in found.rows] == [
        ("/a@b/1.ics", 0), ("/a/2.ics", 404), ("/a/3.ics", 404),
    ]  # fmt: skip
    assert found.rows[0].text("D:getetag") == '"1"'
    assert found.rows[0].text("C:calendar-data") == ""


def test_nothing_but_times_is_asked_for():
    """S0-23, S0-24: no title, text, place or guest is named in the query."""
    asked = bodies.query_times(WINDOW).decode()
    assert 'name="DTSTART"' in asked
    for name in ("SUMMARY", "DESCRIPTION", "LOCATION", "ATTENDEE", "ORGANIZER"):
        assert name not in asked


def test_no_limit_is_ever_asked_for():
    """S4-14: quirk limit_cuts_in_silence."""
    texts = [
        bodies.sync_collection("T"), bodies.query(WINDOW), bodies.multiget(["/a/1.ics"]),
        bodies.propfind("D:getetag"), bodies.free_busy(WINDOW), bodies.query_uid("u"),
    ]  # fmt: skip
    assert not [text for text in texts if b"limit" in text or b"nresults" in text]
    assert b"<D:sync-token>T</D:sync-token>" in texts[0]


def test_hostile_names_stay_text_in_what_is_asked():
    """S4-14: an href or UID from elsewhere cannot add to the query."""
    asked = bodies.multiget(["/a/<x>&.ics"]) + bodies.query_uid("]]><evil/>")
    assert b"<x>" not in asked
    assert b"<evil/>" not in asked


# -- refusals --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "condition", "error"),
    [
        (401, "", errors.AuthExpired),
        (403, "", errors.Forbidden),
        (403, "need-privileges", errors.Forbidden),
        (403, "valid-sync-token", SyncTokenExpired),
        (412, "valid-sync-token", SyncTokenExpired),
        (409, "no-uid-conflict", errors.AlreadyExists),
        (403, "unique-scheduling-object-resource", errors.AlreadyExists),
        (412, "no-uid-conflict", errors.AlreadyExists),
        (412, "", errors.Conflict),
        (404, "", errors.NotFound),
        (410, "", errors.NotFound),
        (403, "valid-calendar-data", Malformed),
        (413, "", Malformed),
        (400, "", Malformed),
        (507, "", errors.RateLimited),
        (403, "quota-not-exceeded", errors.RateLimited),
        (429, "", errors.RateLimited),
        (423, "", errors.Unavailable),
        (500, "", errors.Unavailable),
        (302, "", errors.Unavailable),
    ],
)
def test_refusals_are_told_apart_by_what_the_body_says_first(status, condition, error):
    """S1-10: quirk token_refused_with_any_code: 401 is the password, 403 a right or a condition."""
    found = refusal(answered(status, condition), "update", True)
    assert type(found) is error
    assert found.operation == "update"
    assert "<" not in str(found)


def test_server_that_is_busy_says_for_how_long():
    """S1-10: seconds, also beside 503; a write that failed inside may have happened."""
    limited = refusal(answered(429, **{"retry-after": "7"}), "changes", False)
    away = refusal(answered(503, **{"retry-after": "9"}), "update", True)
    assert (limited.retry_after_s, away.retry_after_s) == (7, 9)
    assert away.has_unknown_outcome
    assert not refusal(answered(500), "changes", False).has_unknown_outcome
    assert not refusal(answered(423), "update", True).has_unknown_outcome


def test_missing_calendar_and_name_that_is_taken_are_not_the_same():
    """S4-25: 409 to a new event means that there is no such calendar."""
    assert isinstance(refusal(answered(409), "create", True), errors.NotFound)
    assert isinstance(refusal(answered(409), "update", True), errors.Conflict)


# -- cursors ---------------------------------------------------------------------------------------


def test_round_goes_on_where_it_was_saved_and_ends_with_what_it_began_with():
    """S4-14: what happens during a listing is told by the next round."""
    first = cursor.place_of("", CALENDAR, NOW).begun(cursor.State(token="T1"), is_wide=True)
    middle = cursor.place_of(first.told("/ann/work/5.ics").text(), CALENDAR, NOW)
    assert (middle.after, middle.is_wide, middle.listing) == (
        "/ann/work/5.ics", True, Listing.PARTIAL,
    )  # fmt: skip
    following = cursor.place_of(middle.done().text(), CALENDAR, NOW)
    assert following.begin.token == "T1"
    assert (following.after, following.is_full, following.is_round) == ("", False, False)


@pytest.mark.parametrize("text", ["garbage", "{}", "[1]", '{"v":9}', '{"v":1}', "null", '"x"'])
def test_cursor_that_makes_no_sense_is_an_expired_one(text):
    """S4-14: nothing that was stored can stop the sync for good."""
    with pytest.raises(SyncTokenExpired):
        cursor.place_of(text, CALENDAR, NOW)


def test_cursor_belongs_to_one_calendar_and_is_believed_for_a_day():
    """S4-14: quirk stale_token_answered; a round under way is finished first."""
    done = cursor.place_of("", CALENDAR, NOW).begun(cursor.State(token="T")).done()
    with pytest.raises(SyncTokenExpired):
        cursor.place_of(done.text(), "/ann/other/", NOW)
    later = NOW + timedelta(hours=25)
    with pytest.raises(SyncTokenExpired):
        cursor.place_of(done.text(), CALENDAR, later)
    under_way = cursor.place_of("", CALENDAR, NOW).begun(cursor.State(token="T"))
    assert cursor.place_of(under_way.text(), CALENDAR, later) == under_way


@given(st.dictionaries(st.text("abc/%20", max_size=12).map(lambda t: CALENDAR + t), st.text()))
def test_versions_survive_packing(etags):
    """S4-14: what is there, what is new and what changed is still told apart."""
    packed = cursor.pack(CALENDAR, etags)
    assert cursor.unpack(CALENDAR, packed) == {
        path: cursor.version_mark(etag) for path, etag in etags.items()
    }


def test_versions_of_a_big_calendar_stay_small():
    """S4-04: some 40 bytes for each of 5,000 events."""
    etags = {f"{CALENDAR}{n * 7919**5:032x}.ics": f'"{n}"' for n in range(5000)}
    assert len(cursor.pack(CALENDAR, etags)) < 250_000
    assert len(cursor.sample(etags)) == 8 * cursor.MAX_SAMPLE
    assert cursor.sample({}, cursor.sample(etags)) == cursor.sample(etags)


@pytest.mark.parametrize("packed", ["!!", "abc", "x" * 50])
def test_broken_versions_are_an_expired_cursor(packed):
    """S4-14: never an error that stays."""
    with pytest.raises(SyncTokenExpired):
        cursor.unpack(CALENDAR, packed)


def test_server_that_says_all_it_has_is_found_out_by_what_did_not_change():
    """S4-14: quirk stale_token_answered."""
    seen = cursor.sample({"/a/1.ics": '"1"', "/a/2.ics": '"2"'})
    assert cursor.is_odd({"/a/1.ics": '"1"', "/a/3.ics": '"3"'}, seen)
    assert not cursor.is_odd({"/a/1.ics": '"9"', "/a/3.ics": '"3"'}, seen)
    assert not cursor.is_odd({}, seen)


# -- the adapter as others see it ------------------------------------------------------------------


@pytest.mark.parametrize(("name", "label"), [("caldav", "CalDAV"), ("icloud", "Apple iCloud")])
def test_both_are_offered_and_opened_without_a_request(name, label):
    """S2-02, S2-04: one adapter under two names, connected with a password."""
    known = port.provider(name)
    assert known.label == label
    assert known.password_sign_in is not None
    assert known.can.has_silent_writes
    assert not known.can.has_lasting_keys
    grant = Grant("secret", username="ann", home_url="https://dav.example/ann/")
    known.open(OAuthApp("", ""), grant).close()


def test_each_peculiarity_has_a_date_and_evidence():
    """S4-14: what we do about it can be checked again."""
    assert len({quirk.key for quirk in QUIRKS}) == len(QUIRKS)
    assert all(quirk.seen and quirk.answer and quirk.evidence for quirk in QUIRKS)
