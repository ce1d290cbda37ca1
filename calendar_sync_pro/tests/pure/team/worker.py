"""The worker of the small world: the order of work of the real one, with the real decisions."""

from __future__ import annotations

import contextlib

from ....core.errors import AuthExpired, ProviderError
from .deciding import Deciding
from .office import Killed


class Worker(Deciding):
    """One person's account and the turns that it gets."""

    def syncs(self, at: int = 0, *, is_asked: bool = True) -> None:
        """A turn for this account; `at`: the worker is killed at that point of it."""
        if not self.is_on:
            return
        before, told = self._seen(), len(self.office.state.journal)
        self.office.arms(at)
        try:
            with contextlib.suppress(ProviderError):  # the account has its next turn later
                self._turn(is_asked)
        except Killed:
            self.office.buries()
        finally:
            self.office.arms(0)
        noted = {number for number, _rule, _lost in self.office.state.journal[told:]}
        changed = {n for n, said in self._seen().items() if before.get(n) != said}
        self.office.unexplained += sorted(changed - noted)

    def _seen(self) -> dict[int, str]:
        """Odoo's events, to see what a turn changes; every change has to stand in the journal."""
        return {n: repr((r.fields, r.is_cancelled, r.parts)) for n, r in self.records.items()}

    def _turn(self, is_asked: bool) -> None:
        try:
            self._work(is_asked)
        except AuthExpired as error:
            self.is_on = not error.is_revoked

    def _work(self, is_asked: bool) -> None:
        if self.desk.is_first_done:
            self._push()
        if is_asked:
            self._pull()
            if not self.desk.is_first_done:
                for number in self.records:
                    self.desk.marks.setdefault(number, "")
                self.desk.is_first_done = True
                self.office.commit()
            self._push()
