"""Pages under `/page`."""

from ..google.accounts import accounts
from ..http.message import html_response, json_response, redirect
from ..service import Service
from . import form, panel, week
from .frame import e, page, static, user_url


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
        return html_response(f"<h1>{e(error.message)}</h1><a href=/page>Back</a>", error.status)


def home(world, request):
    """Who is there."""
    cards = "".join(
        f"<li><a href='{e(user_url(u['email']))}'><b>{e(u['name'])}</b><small>{e(u['email'])} · {e(u['kind'])}</small></a></li>"
        for u in accounts(world).values()
    )
    body = f"""<main class=narrow><h1>The other side</h1><p class=quiet>Calendars as their owners see them at Google.
Nothing here leaves this machine.</p><ul class=cards>{cards or '<li class=quiet>No accounts yet.</li>'}</ul></main>"""
    return page("The other side", body)


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
