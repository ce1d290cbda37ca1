"""Fixtures of the conformance tests: one sandbox, fresh colleagues for every test."""

import itertools

import pytest

from sandbox.client import SandboxProcess

from .google_client import service

WEEKLY = {"recurrence": ["RRULE:FREQ=WEEKLY;COUNT=4"]}
_NUMBERS = itertools.count(1)


@pytest.fixture(scope="session")
def box():
    """A running sandbox."""
    with SandboxProcess(seed="empty") as running:
        yield running


@pytest.fixture
def people(box):
    """Two colleagues with fresh accounts, as `(address, service)` pairs."""
    number = next(_NUMBERS)
    names = (f"{name}.{number}@north.example" for name in ("ann", "ben"))
    pair = [box.user(email, kind="workspace")["email"] for email in names]
    box.clear_mails()
    yield [(email, service(box, email)) for email in pair]
    box.faults.clear()


@pytest.fixture
def ann(people):
    """The first colleague's events resource."""
    return people[0][1].events()


@pytest.fixture
def email(people):
    """The first colleague's address."""
    return people[0][0]


def add(events, body, **more):
    """Insert into the primary calendar."""
    return events.insert(calendarId="primary", body=body, **more).execute()


def listed(events, **query):
    """All items over all pages, and the last answer."""
    items, answer = [], {"nextPageToken": None}
    while "nextPageToken" in answer:
        answer = events.list(
            calendarId="primary", pageToken=answer["nextPageToken"], **query
        ).execute()
        items += answer["items"]
    return items, answer


def occurrences(events, event_id, **query):
    """Instances of a series."""
    return events.instances(calendarId="primary", eventId=event_id, **query).execute()["items"]
