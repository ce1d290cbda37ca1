"""Pages under `/page`."""

from ..html import Html, each, render
from ..http.message import json_response, redirect
from ..service import Service
from . import form, panel, week
from .desk import SIDES, Desk, desks
from .frame import page, static


class PageService(Service):
    """Server-rendered pages where a person acts as the provider's user."""

    name = "page"
    observed = False

    def __init__(self, world):
        super().__init__(world)
        add, mine = self.router.add, "/page/{side}/{email}"
        add("GET", "/", "door", door)
        add("GET", "/page", "home", home)
        add("GET", "/page/", "home", home)
        add("GET", "/page/go", "go", go)
        add("GET", "/page/static/{name}", "static", static)
        add("GET", "/page/{side}/event", "link", from_link)
        add("GET", mine, "week", week.show_week)
        add("GET", mine + "/new", "new", form.new_event)
        add("GET", mine + "/event", "edit", form.edit_event)
        add("POST", mine + "/event", "save", form.save_event)
        add("POST", mine + "/move", "move", form.move_event)
        add("POST", mine + "/faults", "faults", panel.turn_fault)
        add("GET", mine + "/stamp", "stamp", stamp)

    def error_response(self, error, operation=""):
        """A page with the reason."""
        body = render("gone", text=error.message, back="/page")
        return page("Not possible", body, error.status)


def door(_world, _request):
    """The bare address leads to the page."""
    return redirect("/page", 302)


def home(world, request):
    """Who is there."""
    rows = [
        {
            "url": desk.url(),
            "name": desk.user["name"],
            "email": desk.email,
            "kind": f"{desk.side.label}, {desk.user['kind']}",
        }
        for desk in desks(world)
    ]
    none = Html("<li class=quiet>No accounts yet.</li>")
    sms = len(world.store.table("sms").values())
    return page("The other side", render("home", cards=each("home_card", rows, none), sms=sms))


def go(world, request):
    """The account chooser without script."""
    target = request.param("to", "/page")
    return redirect(target if target.startswith("/page") else "/page", 303)


def from_link(world, request):
    """The web link of an event: its form, as the owner of its calendar."""
    side = SIDES[request.args["side"]](world) if request.args["side"] in SIDES else None
    found = side.linked(request) if side else None
    if found is None:
        return redirect("/page", 303)
    email, cal, event_id = found
    desk = Desk(world, side, side.accounts()[email])
    return form.show(desk, cal, event_id)


def stamp(world, request):
    """A number that changes with everything that the week may show."""
    mails, faults = len(world.mails.list()), [(f["id"], f["hits"]) for f in world.faults.list()]
    return json_response({"stamp": f"{world.meta.get('next.rev', 0)}.{mails}.{faults}"})
