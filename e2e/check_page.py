"""A customer at the public booking page, as a browser without scripts: links and one form."""

import re
import time
from html import unescape

import requests

TIMEOUT_S = 30
PAUSE_S = 2.1
"""A form that comes back sooner was filled in by a program."""
LINK = re.compile(r'<a\b[^>]*?href="([^"]+)"[^>]*>(.*?)</a>', re.DOTALL)
SLOT = re.compile(r'href="([^"]+)"[^>]*data-start="(\d+)"')
CHOICE = re.compile(r'<select[^>]*name="(question_[^"]+)".*?<option value="([^"]+)"', re.DOTALL)
PROBLEM = re.compile(r'class="(?:alert|o_booking_problem)[^>]*>([^<]*)<')
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


class PageCustomer:
    """Somebody who is signed in nowhere and books at `/book/<page_name>`."""

    def __init__(self, url: str, page_name: str):
        self.url, self.page = url, f"/book/{page_name}"
        self.http = requests.Session()
        self.http.trust_env = False

    def book(self, service: str, person: str, **typed: str) -> int:
        """Take the first time that is free with this person; when it starts, in UTC seconds."""
        page = self._follow(self._read(self.page), service)
        page = self._follow(page, person)
        slot = SLOT.search(page)
        assert slot, f"{person} is not offered"
        form = self._read(unescape(slot[1]))
        time.sleep(PAUSE_S)
        filled_in = {name: unescape(value) for name, value in HIDDEN.findall(form)} | typed
        filled_in |= {name: unescape(first) for name, first in CHOICE.findall(form)}
        answer = self.http.post(f"{self.url}{self.page}/book", filled_in, timeout=TIMEOUT_S)
        said = [unescape(text) for text in PROBLEM.findall(answer.text)]
        assert "Your appointment is booked" in answer.text, (answer.status_code, said)
        return int(slot[2])

    def _follow(self, page: str, text: str) -> str:
        """The page behind the link with this text."""
        found = [unescape(href) for href, inside in LINK.findall(page) if text in inside]
        assert found, f"no link {text!r}"
        return self._read(found[0])

    def _read(self, path: str) -> str:
        answer = self.http.get(f"{self.url}{path}", timeout=TIMEOUT_S)
        answer.raise_for_status()
        return answer.text
