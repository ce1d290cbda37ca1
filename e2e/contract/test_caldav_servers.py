"""The ground under the CalDAV tests: two real servers, and a proxy that spoils what it should."""

from itertools import count

import pytest
import requests

from .caldav_other_side import QUERY, OtherSide, vevent, whole

PASSWORD = "secret"
_numbers = count(1)
SYNC = (
    '<sync-collection xmlns="DAV:"><sync-token>{}</sync-token><sync-level>1</sync-level>'
    "<prop><getetag/></prop></sync-collection>"
)
INVITATION = vevent(
    "Meeting", "20270302T110000", "20270302T120000",
    "ORGANIZER:mailto:{me}", "ATTENDEE;PARTSTAT=ACCEPTED:mailto:{me}",
    "ATTENDEE{how}:mailto:{them}",
)  # fmt: skip


@pytest.fixture
def ada(dav):
    """A person with an empty calendar."""
    dav.calm()
    name = f"ada{next(_numbers)}@north.example"
    dav.server.add_user(name, PASSWORD)
    dav.ask("PROPFIND", dav.server.calendar(name), name, depth="0")
    yield OtherSide(dav, name)
    dav.calm()


def ask(ada, method, path="", body="", password=PASSWORD, **headers):
    """A request through the proxy, as a client sends it."""
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    content_type = "text/calendar; charset=utf-8" if method == "PUT" else "application/xml"
    return requests.request(
        method, ada.proxy.url + (path or ada.home), data=body.encode(), timeout=5,
        allow_redirects=False, auth=(ada.user, password),
        headers={"Content-Type": content_type, **names},
    )  # fmt: skip


def token_of(answer):
    """The sync token of a report."""
    return answer.text.split("sync-token>")[1].split("<")[0]


def test_what_is_stored_is_read_again_and_survives_a_restart(ada):
    """S4-14: the servers are real and keep their state."""
    path = ada.put(vevent("Kept"))
    ada.proxy.server.restart()
    assert ada.titles() == ["Kept"]
    assert str(ada.event(path)["SUMMARY"]) == "Kept"


def test_nobody_gets_in_with_a_wrong_password(ada):
    """S0-05: both servers refuse it, one of them with the proxy's help."""
    assert ask(ada, "PROPFIND", password="wrong", Depth="0").status_code == 401
    assert ask(ada, "PROPFIND", Depth="0").status_code == 207


@pytest.mark.parametrize("kind", ["drop_after", "hang_after", "cut", "garbage", "error_after"])
def test_spoilt_answer_leaves_the_work_done(ada, kind):
    """S4-25: the event is there although the client can't know."""
    ada.proxy.fault(kind, method="PUT", seconds=0.1)
    try:
        answered = ask(ada, "PUT", f"{ada.home}one.ics", whole(vevent("Lost")))
        assert kind in ("garbage", "error_after", "cut")
        assert answered.status_code in (200, 201, 503)
    except requests.RequestException:
        assert kind != "garbage"
    assert ada.titles() == ["Lost"]


@pytest.mark.parametrize("kind", ["drop", "error", "hang"])
def test_fault_before_the_server_leaves_nothing(ada, kind):
    """S4-25: and the one after it passes."""
    ada.proxy.fault(kind, method="PUT", seconds=0.1)
    try:
        assert ask(ada, "PUT", f"{ada.home}one.ics", whole(vevent())).status_code == 503
    except requests.ConnectionError:
        assert kind != "error"
    assert not ada.titles()
    assert ask(ada, "PUT", f"{ada.home}one.ics", whole(vevent())).status_code == 201


@pytest.mark.parametrize("status", [403, 409, 412, 507])
def test_lost_token_is_refused_by_name(ada, status):
    """S4-14: whatever the status, the body says valid-sync-token; a new one works."""
    first = ask(ada, "REPORT", body=SYNC.format(""))
    ada.proxy.forget_tokens(status)
    again = ask(ada, "REPORT", body=SYNC.format(token_of(first)))
    assert (again.status_code, "valid-sync-token" in again.text) == (status, True)
    assert ask(ada, "REPORT", body=SYNC.format("")).status_code == 207


def test_token_of_another_making_lists_everything_and_no_deletions(ada):
    """S4-14: as DAViCal does; the deleted one is not mentioned."""
    gone, kept = ada.put(vevent("Gone")), ada.put(vevent("Kept"))
    token = token_of(ask(ada, "REPORT", body=SYNC.format("")))
    ada.delete(gone)
    ada.proxy.forget_tokens("full")
    text = ask(ada, "REPORT", body=SYNC.format(token)).text
    assert kept.rsplit("/", 1)[1] in text
    assert gone.rsplit("/", 1)[1] not in text


def test_server_without_sync_collection_does_not_offer_it(ada):
    """S4-14: neither token nor report; without a ctag only the tags are left."""
    ada.proxy.manners.has_sync = ada.proxy.manners.has_ctag = False
    body = (
        '<propfind xmlns="DAV:"><prop><sync-token/><supported-report-set/>'
        '<getctag xmlns="http://calendarserver.org/ns/"/></prop></propfind>'
    )
    text = ask(ada, "PROPFIND", body=body, Depth="0").text
    assert "calendar-multiget" in text
    assert not [word for word in ("sync-collection", "sync-token", "getctag") if word in text]
    assert ask(ada, "REPORT", body=SYNC.format("")).status_code == 403


@pytest.mark.parametrize(("how", "told"), [("", 1), (";SCHEDULE-AGENT=CLIENT", 0)])
def test_server_that_schedules_tells_who_is_mailed(ada, how, told):
    """S4-11: an invitation goes out, unless the client says that it does so itself."""
    ada.proxy.scheduling.is_on = True
    text = INVITATION.format(me=ada.user, them="customer@else.example", how=how)
    answered = ask(ada, "PUT", f"{ada.home}one.ics", whole(text))
    ask(ada, "DELETE", f"{ada.home}one.ics")
    assert answered.status_code == 201
    methods = [mail.method for mail in ada.proxy.scheduling.mails]
    assert methods == ["REQUEST", "CANCEL"][: 2 * told]
    assert {mail.to for mail in ada.proxy.scheduling.mails} <= {"customer@else.example"}
    assert ("ETag" in answered.headers) is not bool(told)


def test_poisonous_resource_spoils_every_report_with_contents(ada):
    """S4-14: but not the list of tags, nor what is asked for one by one."""
    bad, good = ada.put(vevent("Bad")), ada.put(vevent("Good"))
    ada.proxy.manners.poison = bad.rsplit("/", 1)[1]
    whole_report = QUERY.replace("<getetag/>", "<c:calendar-data/>")
    assert ask(ada, "REPORT", body=whole_report, Depth="1").status_code == 500
    assert ask(ada, "REPORT", body=QUERY, Depth="1").status_code == 207
    assert "Good" in ask(ada, "GET", good).text
