"""What the diagnosis says: every finding has words, and every trouble a button."""

import re
from dataclasses import replace

from ...core.event import RemoteEvent
from ...sync import diagnosis, diagnosis_event, reasons
from ...sync.diagnosis_entry import Known, asked, entry
from ...sync.diagnosis_event import Appointment
from ...sync.diagnosis_facts import Level, Reader
from ...sync.diagnosis_words import FIXES, HEADINGS, WORDS
from . import test_diagnosis, test_diagnosis_event
from .diagnosis_facts import ADMIN, FIXED, OWNER, WELL


def every_finding():
    """Whatever the tests make the checks look at."""
    for mark in (
        test_diagnosis.test_each_trouble_alone_is_what_the_reader_begins_with,
        test_diagnosis_event.test_an_appointment_that_is_not_there_says_why,
        test_diagnosis_event.test_an_entry_that_is_not_in_odoo_says_why,
        test_diagnosis_event.test_what_the_calendar_answers_is_told,
    ):
        yield from mark.pytestmark[0].args[1]


def said():
    """Findings of every kind, for every kind of reader."""
    for reader in (OWNER, ADMIN, FIXED, Reader(is_owner=False)):
        for row in every_finding():
            first = row[0]
            if isinstance(first, dict):
                yield from diagnosis.whole(replace(WELL, **first), reader)
            elif isinstance(first, Appointment):
                yield from diagnosis_event.appointment(first, WELL, reader)
            elif isinstance(first, RemoteEvent):
                yield _entry(first, row[1], reader)
            else:
                yield asked(first)


def _entry(remote, choices, reader):
    policy = replace(test_diagnosis_event.POLICY, **choices)
    return entry(remote, Known(), policy, test_diagnosis_event.WINDOW, reader)


def test_every_finding_has_a_heading_a_sentence_and_names_for_its_buttons():
    """B-04: no code is ever shown raw, and what a sentence fills in is there."""
    for one in said():
        assert one.check in HEADINGS, one
        assert one.code or one.reason, one
        assert not one.reason or one.reason in reasons.REASONS, one
        assert set(one.fixes) <= set(FIXES), one
        blanks = set(re.findall(r"%\((\w+)\)s", WORDS[one.code] if one.code else ""))
        assert blanks <= set(one.values), one
        assert "set_zone" not in one.fixes or one.values["value"], one


def test_nothing_that_fails_is_left_without_a_button():
    """B-04: every failure and every warning has one, for whoever reads it."""
    for one in said():
        assert one.level not in (Level.FAIL, Level.WARN) or one.fixes, one
