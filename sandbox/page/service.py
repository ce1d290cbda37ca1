"""Pages under `/page`."""

from ..google.accounts import accounts
from ..html import Html, each, render
from ..http.message import json_response, redirect
from ..service import Service
from . import form, panel, week
from .frame import page, static, user_url


class PageService(Service):
    """Server-rendered pages where a person acts as the provider's user."""

    name = "page"
    observed = False

    def __init__(self, world):
        super().__init__(world)
        add, mine = self.router.add, "/page/google/{email}"
        add("GET", "/page", "home", home)
        add("GET", "/page/", "home", home)
        add("GET", "/page/go", "go", go)
        add("GET", "/page/static/{name}", "static", static)
        add("GET", "/page/google/event", "link", from_link)
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


def home(world, request):
    """Who is there."""
    rows = [
        {"url": user_url(u["email"]), "name": u["name"], "email": u["email"], "kind": u["kind"]}
        for u in accounts(world).values()
    ]
    none = Html("<li class=quiet>No accounts yet.</li>")
    return page("The other side", render("home", cards=each("home_card", rows, none)))


def go(world, request):
    """The account chooser without script."""
    target = request.param("to", "/page")
    return redirect(target if target.startswith("/page") else "/page", 303)


def from_link(world, request):
    """`htmlLink` of an event: its form, as the owner of its calendar."""
    cal = request.param("cal", "")
    calendar = world.store.table("google.calendars").get(cal, {})
    email = cal if cal in accounts(world) else calendar.get("dataOwner", "")
    if email not in accounts(world):
        return redirect("/page", 303)
    request.args["email"] = email
    request.query["id"] = request.query.get("eid", [""])
    return form.edit_event(world, request)


def stamp(world, request):
    """A number that changes with everything that the week may show."""
    mails, faults = len(world.mails.list()), [(f["id"], f["hits"]) for f in world.faults.list()]
    return json_response({"stamp": f"{world.meta.get('next.rev', 0)}.{mails}.{faults}"})
