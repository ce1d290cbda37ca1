import logging
import secrets
from contextlib import closing, suppress
from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError

from ..core.errors import AuthExpired, NotFound, ProviderError, RateLimited, Unavailable
from ..core.event import EventFields, Privacy, ShowAs
from ..core.when import When
from ..providers.port import EventDraft
from ..sync.reasons import explain
from ..sync.triage import triage
from . import clock
from .calendar_sync_connections import _iso
from .sync_terms import say

_logger = logging.getLogger(__name__)

LASTS = timedelta(minutes=15)
PASSING = (Unavailable, RateLimited)
DIFFERS, REMAINS, REFUSED = "trial_differs", "trial_remains", "trial_refused"


class CalendarSyncAccount(models.Model):
    """A test appointment: made in the calendar, read back, removed again. Odoo gets no event of it,
    and nobody is invited.

    Its key is kept before it is made and until it is known to be gone, so that whoever takes over
    from a killed worker, or comes after a lost answer, finds it and removes it.
    """

    _inherit = "calendar.sync.account"

    trial_state = fields.Selection(
        [("waiting", "Under way"), ("passed", "Passed"), ("failed", "Failed")],
        readonly=True,
        copy=False,
    )
    trial_code = fields.Char(readonly=True, copy=False, help="Why it failed.")
    trial_at = fields.Datetime(readonly=True, copy=False)
    trial_key = fields.Char(
        readonly=True, copy=False, help="Of a test appointment that may stand in the calendar."
    )
    trial_place = fields.Char(readonly=True, copy=False, help="The calendar it may stand in.")

    # -- the click and the card -------------------------------------------------------------------
    def book_trial(self):
        """Let the workers book a test appointment and remove it; the card tells how it went."""
        self.ensure_one()
        account = self._mine()._held()
        if not account._may_try():
            raise UserError(
                self.env._(
                    "Connect this account, switch its sync on and choose a calendar for events"
                    " first. Then a test appointment can be booked."
                )
            )
        account.write({"trial_state": "waiting", "trial_code": False, "trial_at": False})
        account._ask_sync()
        account._tell_owner()
        return True

    def _may_try(self):
        events = self.events_calendar_id
        is_usable = bool(events) and not events._unusable_reason()
        return self.status == "active" and self.is_sync_on and is_usable

    def _page_card(self):
        """The card offers the test and tells how the last one went."""
        return super()._page_card() | {"trial": self._page_trial()}

    def _page_trial(self):
        """{"state", "text", "at", "may_book"}; `state` is '' before the first one."""
        may_book = self._may_try()
        is_stuck = self.trial_state == "waiting" and not may_book
        state = "" if is_stuck else self.trial_state or ""
        texts = {"waiting": self._trial_waiting, "passed": self._trial_passed,
                 "failed": self._trial_failed}  # fmt: skip
        return {
            "state": state,
            "text": texts[state]() if state else "",
            "at": _iso(self.trial_at),
            "may_book": may_book,
        }

    def _trial_waiting(self):
        return self.env._("A test appointment is being booked. You can leave this page.")

    def _trial_passed(self):
        return self.env._(
            "The test appointment arrived in %(calendar)s at %(provider)s and was removed again."
            " Nobody was e-mailed.",
            calendar=self.events_calendar_id.name or self.email,
            provider=self._provider_label(),
        )

    def _trial_failed(self):
        told = self.env._("The test appointment did not get through.")
        if self.trial_code == DIFFERS:
            why = self.env._("It stands in the calendar with another title or time than was sent.")
        elif self.trial_code == REMAINS:
            why = self.env._("It could not be removed again: delete it in the calendar by hand.")
        elif self.trial_code == REFUSED:
            why = self.env._(
                "The calendar does not take new events from Odoo. Choose another calendar for"
                " events, or disconnect and connect again."
            )
        else:
            reason = explain(self.trial_code)
            why = f"{say(self.env, reason.sentence)} {say(self.env, reason.next_step)}".strip()
        left = ""
        if self.trial_key:
            left = self.env._("Should anything of it be left there, it is removed by itself.")
        return " ".join(filter(None, (told, why, left)))

    # -- the worker -------------------------------------------------------------------------------
    def _sync(self, lease):
        """A test goes before the ordinary turn, which then meets nothing of it."""
        if self.trial_key:
            self._clear_trial(lease)
        if self.trial_state == "waiting" and self.is_sync_on:
            self._try_out(lease)
        super()._sync(lease)

    def _clear_trial(self, lease):
        """Remove what an earlier test left; one that can't be asked for now comes again."""
        place, key = self.trial_place, self.trial_key
        try:
            with closing(self._trial_provider()) as provider:
                left = provider.find(place, key)
                if left is not None:
                    provider.delete(place, left.remote_id, "")
        except PASSING:
            return
        except AuthExpired:
            raise
        except ProviderError as error:  # the calendar is gone, or no longer ours to write
            _logger.info("test appointment not cleared account=%s: %s", self.id, error.reason)
        self._keep_trial(lease, {"trial_key": False, "trial_place": False})

    def _try_out(self, lease):
        """One test. What went wrong is told on the card; a lost sign-in is the whole account's."""
        place, key = self.events_calendar_id.remote_id, secrets.token_hex(16)
        draft = self._trial_draft(key)
        self._keep_trial(lease, {"trial_key": key, "trial_place": place})
        told = {"trial_key": False, "trial_place": False}
        try:
            with closing(self._trial_provider()) as provider:
                code = _made_and_removed(provider, place, key, draft)
        except AuthExpired:
            raise
        except ProviderError as error:
            code, told = _why_not(error), {}
        told |= {"trial_state": "failed" if code else "passed", "trial_code": code or False}
        self._keep_trial(lease, told | {"trial_at": clock.now()})

    def _trial_provider(self):
        """The account's provider, with no transaction open."""
        self.env.cr.commit()  # pylint: disable=invalid-commit  # no transaction during HTTP
        provider = self._open_provider()
        self.env.cr.commit()  # pylint: disable=invalid-commit
        return provider

    def _keep_trial(self, lease, values):
        def write():
            self._relock(lease)
            self.write(values)
            self._tell_owner()
            self.env.cr.commit()  # pylint: disable=invalid-commit

        self._retried(write)

    def _trial_draft(self, key):
        """Tomorrow, shown as free, private, without guests and reminders."""
        start = clock.aware().replace(minute=0, second=0, microsecond=0) + timedelta(days=1)
        account = self.with_context(lang=self.user_id.lang)
        return EventDraft(
            fields=EventFields(
                when=When(start, start + LASTS, self.user_id.tz or "UTC"),
                title=account.env._("Test appointment from Odoo (removed at once)"),
                show_as=ShowAs.FREE,
                privacy=Privacy.PRIVATE,
                reminders=(),
            ),
            guid=key,
        )


def _made_and_removed(provider, place, key, draft):
    """Make, read back and remove; a code of what is not as it should be, '' when all is well.
    Raises ProviderError."""
    made = provider.create(place, draft, key)
    seen = provider.get(place, made.remote_id).fields
    sent = draft.fields
    is_same = (seen.title, seen.when.start, seen.when.stop) == (
        sent.title, sent.when.start, sent.when.stop,
    )  # fmt: skip
    provider.delete(place, made.remote_id, "")
    with suppress(NotFound):
        provider.get(place, made.remote_id)
        return REMAINS
    return "" if is_same else DIFFERS


def _why_not(error):
    """The code of what kept the test from getting through."""
    verdict = triage(error, attempts=0, now=clock.aware())
    is_refused = verdict.scope == "event" and not isinstance(error, PASSING)
    return REFUSED if is_refused else verdict.reason_code
