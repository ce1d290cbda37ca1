import logging
import random
import time
from dataclasses import replace

from odoo import api, models

from ..core.changes import Gone, Unreadable
from ..core.errors import Malformed, NotFound, SyncTokenExpired
from ..sync.decide import must_ask
from . import clock
from .calendar_sync_apply import RESTART
from .lease import LeaseLost
from .pull_types import Outcome, PullResult, Run, journal_row

_logger = logging.getLogger(__name__)

CHUNK = 500
TRIES = 6
MAX_CHECKED = 50
"""Events that are read one by one before they are applied: suspicious, waiting, in quarantine."""


class TooManyGone(Exception):
    """So much vanished at once (`gone` events) that the owner must confirm it first."""

    def __init__(self, gone):
        super().__init__(gone)
        self.gone = gone


class CalendarSyncPull(models.AbstractModel):
    """Reads one calendar page by page: ask with no transaction open, then apply in a new one."""

    _name = "calendar.sync.pull"
    _description = "Inbound sync"

    @api.model
    def _run_account(self, account, lease) -> PullResult:
        """Read the account's calendar for events and refresh the busy times of those that block.

        Raises ProviderError, LeaseLost.
        """
        result, busy = PullResult(), self.env["calendar.sync.busy.pull"]
        blocking = busy._blocking(account)
        if account.is_sync_on and account.events_calendar_id:
            result = self._run(account.events_calendar_id, lease)
            for former in account._former_calendars():
                result.add(self._run(former, lease))
        if blocking:
            busy._run(account, lease, blocking)
        busy._run_ahead(account, lease)
        return result

    @api.model
    def _run(self, calendar, lease) -> PullResult:
        """Bring what changed in `calendar` into Odoo. Stops after ten seconds at a page's end.

        Raises ProviderError (the cursor of the last complete page is kept), LeaseLost.
        """
        started, result = time.monotonic(), PullResult()
        provider = calendar.account_id._open_provider()
        try:
            self._read_pages(calendar, lease, provider, result, started)
            if not result.has_more:
                ids, window = result.leftovers
                self._look_again(calendar, lease, provider, window, ids, result, started)
        except TooManyGone as error:
            self._stop(calendar, lease, result, error.gone)
        finally:
            provider.close()
            lease.turn.note_read(result)
        _logger.debug(
            "pull account=%s calendar=%s %s ms=%d",
            lease.account_id,
            calendar.id,
            result,
            (time.monotonic() - started) * 1000,
        )
        return result

    # -- pages ----
    def _read_pages(self, calendar, lease, provider, result: PullResult, started):
        has_relisted = False
        while True:
            remote_id, cursor, window, is_listing = self._place(calendar, lease)
            try:
                page = provider.changes(remote_id, cursor, window)
            except SyncTokenExpired:
                if has_relisted:
                    raise
                has_relisted = True
                self._in_transaction(calendar, lease, lambda _is_last_try: calendar._relist())
                continue
            entries, page = _ordered(page), replace(page, events=(), gone=(), unreadable=())
            self._take_page(calendar, lease, page, entries, window, result)
            result.pages += 1
            if is_listing and not page.has_more:
                self._end_listing(calendar, lease, provider, window, result, started)
            if not page.has_more:
                return
            if time.monotonic() - started > lease.slice_s:
                result.has_more = True
                return

    def _place(self, calendar, lease):
        """What to ask for next: (remote id, cursor, window, whether a listing has yet to end).
        Only the start of a full listing is written down first: an idle poll reads what it needs
        in the transaction that is open anyway."""
        if calendar._starts_listing():
            place = self._in_transaction(calendar, lease, lambda _is_last_try: calendar._ask())
            return *place, True
        place = *calendar._ask(), calendar.is_listing
        self.env.cr.commit()  # pylint: disable=invalid-commit  # no transaction during HTTP
        return place

    def _take_page(self, calendar, lease, page, entries, window, result: PullResult):
        """Apply a page in chunks with a commit each; only the last one saves the cursor, so that
        a page that was interrupted is simply read again. Chunks are forgotten one by one."""
        result.seen += len(entries)
        is_last = False
        while not is_last:
            chunk, entries = entries[:CHUNK], entries[CHUNK:]
            is_last = not entries

            def work(is_last_try, chunk=chunk, is_last=is_last):
                outcome = Outcome()
                if chunk:
                    outcome = self._take_chunk(
                        calendar, chunk, page, window, result, is_alone=is_last_try
                    )
                if is_last:
                    calendar._note_reset(page.wholes, window)
                    calendar._save_place(page)
                if is_last and not page.has_more:
                    result.leftovers = calendar._leftovers(MAX_CHECKED)
                return outcome

            result.counts += self._in_transaction(calendar, lease, work).counts

    def _take_chunk(self, calendar, chunk, page, window, result, *, is_alone):
        run = self._surroundings(calendar, page, window, is_alone=is_alone)
        return self._apply(run, chunk, result)

    def _apply(self, run: Run, entries, result, rest=0) -> Outcome:
        """Apply entries unless too much is gone; `rest` more are likely to be as these."""
        gone = self._guard(run, entries, result, rest)
        outcome = self.env["calendar.sync.apply"]._apply(run, entries)
        outcome.counts["gone"] += gone
        self._announce(run, outcome)
        return outcome

    def _surroundings(self, calendar, page, window, *, is_alone=False) -> Run:
        account = calendar.account_id.sudo()
        now = clock.now()
        offset = calendar.clock_offset_s
        if page and page.server_time:
            offset = (page.server_time - clock.aware()).total_seconds()
        return Run(
            calendar=calendar,
            account=account,
            owner=account.user_id,
            policy=calendar._policy(),
            window=window,
            now=now,
            clock_offset_s=offset,
            is_last_page=not page or not page.has_more,
            is_alone=is_alone,
        )

    def _announce(self, run: Run, outcome: Outcome):
        """Let the owner's open pages show what changed."""
        if outcome.changed:
            ids = sorted(outcome.changed)[:200]
            run.owner._bus_send("calendar_sync_pro/event", {"event_ids": ids})

    def _in_transaction(self, calendar, lease, work):
        """Run `work(is_last_try)` in a transaction of its own that holds the lease, and commit.

        Whoever was slower than another transaction starts again on a fresh snapshot.
        """
        for attempt in range(TRIES):
            try:
                self.env.invalidate_all(flush=False)
                self.env["calendar.sync.account"].browse(lease.account_id)._relock(lease)
                found = work(attempt >= TRIES // 2)
                self.env.flush_all()
                self.env.cr.commit()  # pylint: disable=invalid-commit  # a page is one transaction
                self.env.invalidate_all(flush=False)
                return found
            except LeaseLost:
                self.env.cr.rollback()
                raise
            except RESTART:
                self.env.cr.rollback()
                if attempt == TRIES - 1:
                    raise
                # With no transaction open; two workers that meet must not meet again at once.
                time.sleep(random.uniform(0, 0.05 * 2**attempt))  # nosec B311 # no secret
            except BaseException:  # nothing is swallowed: leave no half-done page behind
                self.env.cr.rollback()
                raise

    # -- too much at once ----
    def _guard(self, run: Run, chunk, result: PullResult, rest) -> int:
        """How many events of Odoo this takes away. Raises TooManyGone when more than five and
        more than half of the calendar's events go in one run."""
        ids = [e.remote_id for e in chunk if isinstance(e, Gone) and not e.slot]
        if not ids or run.calendar.allows_many_gone:
            return 0
        links = self.env["calendar.sync.link"].sudo()
        here = [
            ("calendar_id", "=", run.calendar.id), ("slot", "=", ""),
            ("state", "in", ("synced", "needs_you", "read_only")),
        ]  # fmt: skip
        found = links.search_count([*here, ("remote_id", "in", ids)])
        gone = result.counts["gone"] + found + found * rest // len(chunk)
        ended = result.counts["cancel"] + result.counts["unlink"]
        if gone > 5 and must_ask(gone, links.search_count(here) + ended):
            raise TooManyGone(gone)
        return found

    def _stop(self, calendar, lease, result: PullResult, gone):
        """Nothing was deleted; the owner is asked, once. The place is kept, so the answer finds
        all."""
        result.is_stopped = True

        def tell(_is_last_try):
            run = self._surroundings(calendar, None, None)
            if run.account.reason_code != "mass_delete":
                run.account._set_reason("mass_delete")
                row = journal_row(run, None, "stopped", "mass_delete", new={"gone": gone})
                self.env["calendar.sync.journal"]._log([row])

        self._in_transaction(calendar, lease, tell)

    # -- what only a complete listing, or a second look, can tell ----
    def _end_listing(self, calendar, lease, provider, window, result: PullResult, started):
        """A complete listing did not show some links: look at each before believing it. What
        this run has no time for is looked at by the next one."""
        looked: set[str] = set()
        while True:
            unseen = self._in_transaction(
                calendar, lease, lambda _is_last_try: calendar._unseen(window)
            )
            suspects = [remote_id for remote_id in unseen if remote_id not in looked]
            if not suspects:
                self._in_transaction(calendar, lease, lambda _is_last_try: calendar._listing_done())
                return
            if looked and time.monotonic() - started > lease.slice_s:
                result.has_more = True
                return
            looked |= self._look_again(calendar, lease, provider, window, suspects, result, started)

    def _look_again(
        self, calendar, lease, provider, window, remote_ids, result: PullResult, started
    ):
        """Read some of these events one by one and apply what they are now. Returns their ids."""
        entries = []
        for remote_id in remote_ids[:MAX_CHECKED]:
            entries.append(_read(provider, calendar.remote_id, remote_id))
            if time.monotonic() - started > lease.slice_s:
                break
        if not entries:
            return set()
        rest = len(remote_ids) - len(entries)

        def work(is_last_try):
            run = self._surroundings(calendar, None, window, is_alone=is_last_try)
            return self._apply(run, entries, result, rest)

        result.counts += self._in_transaction(calendar, lease, work).counts
        return {entry.remote_id for entry in entries}


def _read(provider, calendar_id, remote_id):
    """One entry as it is now: an event, gone, or unreadable."""
    try:
        return provider.get(calendar_id, remote_id)
    except NotFound:
        return Gone(remote_id)
    except Malformed as error:
        return Unreadable(remote_id, error)


def _ordered(page):
    """Series and single events before occurrences, deletions last."""
    alone = [event for event in page.events if not event.slot]
    parts = [event for event in page.events if event.slot]
    return [*alone, *page.unreadable, *parts, *page.gone]
