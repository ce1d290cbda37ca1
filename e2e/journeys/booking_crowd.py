"""Many customers who press "Book it" at the same moment, on several servers."""

import re
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import requests

TIMEOUT_S = 120
FASTEST_S = 2.1  # a form that comes back sooner was filled in by a program
TOKEN = re.compile(r'name="token" value="([^"]+)"')
OFFERED = re.compile(r'name="start" class="btn btn-primary" value="(\d+)"')


class Crowd:
    """Customers with the form open for one and the same time at `/book/<page_name>`."""

    def __init__(self, urls, page_name, start, size):
        self.page_name = page_name
        self.urls = [urls[number % len(urls)] for number in range(size)]
        with ThreadPoolExecutor(8) as pool:
            self.tokens = list(pool.map(lambda url: self._open_form(url, start), self.urls))
        time.sleep(FASTEST_S)

    def _open_form(self, url, start):
        asked = {"start": start}
        answer = requests.get(f"{url}/book/{self.page_name}/details", asked, timeout=TIMEOUT_S)
        return TOKEN.search(answer.text)[1]

    def press(self, start):
        """All ask for that time (UTC seconds) at once: ({status: how many}, [starts offered to each
        who was too late]). Whoever got it leaves."""
        gate = Barrier(len(self.urls))
        with ThreadPoolExecutor(len(self.urls)) as pool:
            numbers = range(len(self.urls))
            answers = list(pool.map(lambda number: self._send(number, start, gate), numbers))
        late = [number for number, answer in enumerate(answers) if answer.status_code == 409]
        self.urls = [self.urls[number] for number in late]
        self.tokens = [self.tokens[number] for number in late]
        offered = [[int(at) for at in OFFERED.findall(answers[number].text)] for number in late]
        return Counter(answer.status_code for answer in answers), offered

    def _send(self, number, start, gate):
        typed = {
            "token": self.tokens[number], "start": start, "tz": "UTC",
            "name": f"Customer {chr(97 + number % 26)}", "email": f"c{number}@crowd.example",
        }  # fmt: skip
        gate.wait(TIMEOUT_S)
        return requests.post(
            f"{self.urls[number]}/book/{self.page_name}/book", typed,
            allow_redirects=False, timeout=TIMEOUT_S,
        )  # fmt: skip
