"""The worker of the small world: the order of work of the real one, with the real decisions."""

from __future__ import annotations

from ....core.errors import AuthExpired, ProviderError
from .office import Killed
from .sending import Sending


class Worker(Sending):
    """One person's account and the turns that it gets."""

    def syncs(self, at: int = 0, *, is_asked: bool = True) -> None:
        """A turn for this account; `at`: the worker is killed at that point of it."""
        if not self.is_on:
            return
        self.office.arms(at)
        try:
            self._turn(is_asked)
        except AuthExpired as error:
            self.is_on = not error.is_revoked
        except ProviderError:
            pass  # the account has its next turn later
        except Killed:
            self.office.buries()

    def _turn(self, is_asked: bool) -> None:
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
