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
        self.page_name, self.start = page_name, int(start.timestamp())
        self.urls = [urls[number % len(urls)] for number in range(size)]
        with ThreadPoolExecutor(8) as pool:
            self.tokens = list(pool.map(self._open_form, self.urls))
        self._gate = Barrier(size)

    def _open_form(self, url):
        asked = {"start": self.start}
        answer = requests.get(f"{url}/book/{self.page_name}/details", asked, timeout=TIMEOUT_S)
        return TOKEN.search(answer.text)[1]

    def press(self):
        """All at once: ({status: how many}, [starts offered to each who was too late])."""
        time.sleep(FASTEST_S)
        with ThreadPoolExecutor(len(self.urls)) as pool:
            answers = list(pool.map(self._send, range(len(self.urls))))
        offered = [
            [int(start) for start in OFFERED.findall(answer.text)]
            for answer in answers
            if answer.status_code == 409
        ]
        return Counter(answer.status_code for answer in answers), offered

    def _send(self, number):
        typed = {
            "token": self.tokens[number], "start": self.start, "tz": "UTC",
            "name": f"Customer {chr(97 + number % 26)}", "email": f"c{number}@crowd.example",
        }  # fmt: skip
        self._gate.wait(TIMEOUT_S)
        return requests.post(
            f"{self.urls[number]}/book/{self.page_name}/book", typed,
            allow_redirects=False, timeout=TIMEOUT_S,
        )  # fmt: skip
