"""Pages under `/page`."""

from ..http.message import html_response
from ..service import Service


class PageService(Service):
    """Server-rendered pages."""

    name = "page"
    observed = False

    def __init__(self, world):
        super().__init__(world)
        self.router.add("GET", "/page", "home", lambda _world, _request: html_response("<h1>Sandbox</h1>"))
