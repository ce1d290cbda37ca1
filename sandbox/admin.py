"""The admin API: everything that a test or the page turns behind the scenes. No sign-in."""

from .clock import parse_instant, rfc3339
from .faults import ACTIONS
from .http.message import json_response
from .service import ApiError, Service


class AdminService(Service):
    """JSON under `/admin`, for what is common to all providers."""

    name = "admin"
    observed = False

    def __init__(self, world):
        super().__init__(world)
        add = self.router.add
        add("GET", "/admin", "state", state)
        add("POST", "/admin/reset", "reset", reset)
        add("GET", "/admin/faults", "faults.list", list_faults)
        add("POST", "/admin/faults", "faults.add", add_fault)
        add("DELETE", "/admin/faults", "faults.clear", clear_faults)
        add("DELETE", "/admin/faults/{id}", "faults.remove", clear_faults)
        add("GET", "/admin/mails", "mails.list", list_mails)
        add("DELETE", "/admin/mails", "mails.clear", clear_mails)
        add("GET", "/admin/requests", "requests.list", list_requests)
        add("DELETE", "/admin/requests", "requests.clear", clear_requests)
        add("GET", "/admin/counters", "counters", counters)
        add("GET", "/admin/clock", "clock.get", get_clock)
        add("POST", "/admin/clock", "clock.set", set_clock)
        add("GET", "/admin/settings", "settings.get", get_settings)
        add("POST", "/admin/settings", "settings.set", set_settings)

    def error_response(self, error, operation=""):
        """Plain JSON with a sentence."""
        return json_response({"error": error.message}, error.status)


def body_of(request):
    """The JSON object of a request; 400 otherwise."""
    try:
        body = request.json()
    except ValueError:
        raise ApiError(400, "invalid", "the body is no JSON") from None
    if not isinstance(body, dict):
        raise ApiError(400, "invalid", "the body is no JSON object")
    return body


def state(world, request):
    """What is going on, in short."""
    now = rfc3339(world.clock.now())
    return json_response({"now": now, "faults": world.faults.list(), **world.log.counters()})


def reset(world, request):
    """Start afresh with a seed."""
    seed = body_of(request).get("seed", "demo")
    if seed not in ("demo", "empty"):
        raise ApiError(400, "invalid", "seed must be demo or empty")
    world.reset(seed)
    return json_response({"seed": seed})


def list_faults(world, request):
    """Faults that are set, and what there is to choose from."""
    return json_response({"faults": world.faults.list(), "actions": ACTIONS})


def add_fault(world, request):
    """Set a fault."""
    try:
        return json_response(world.faults.add(**body_of(request)).as_json(), 201)
    except (ValueError, TypeError) as error:
        raise ApiError(400, "invalid", str(error)) from None


def clear_faults(world, request):
    """Remove one fault, or all."""
    wanted = request.args.get("id")
    return json_response({"removed": world.faults.remove(int(wanted) if wanted else None)})


def list_mails(world, request):
    """The outbox."""
    since = int(request.param("since", "0"))
    return json_response(
        {"mails": world.mails.list(request.param("to", ""), request.param("kind", ""), since)}
    )


def clear_mails(world, request):
    """Empty the outbox."""
    world.mails.clear()
    return json_response({})


def list_requests(world, request):
    """The request log."""
    since = int(request.param("since", "0"))
    found = world.log.entries(since, request.param("operation", ""), request.param("user", ""))
    return json_response({"requests": found})


def clear_requests(world, request):
    """Forget log and counters."""
    world.log.clear()
    return json_response({})


def counters(world, request):
    """Requests and committed writes per operation."""
    return json_response(world.log.counters(request.param("user", "")))


def get_clock(world, request):
    """The simulated time."""
    return json_response({"now": rfc3339(world.clock.now()), "offset_s": world.clock.offset_s})


def set_clock(world, request):
    """`{"advance_s": n}` or `{"now": "2026-…Z"}`."""
    body = body_of(request)
    try:
        if "now" in body:
            world.clock.set(parse_instant(body["now"]))
        world.clock.advance(body.get("advance_s", 0))
    except (ValueError, TypeError) as error:
        raise ApiError(400, "invalid", str(error)) from None
    world.save_clock()
    return get_clock(world, request)


def get_settings(world, request):
    """All settings."""
    return json_response({name: world.setting(name) for name in world.setting_defaults()})


def set_settings(world, request):
    """Change settings by name."""
    for name, value in body_of(request).items():
        try:
            world.change_setting(name, value)
        except (KeyError, ValueError) as error:
            raise ApiError(400, "invalid", f"{name}: {error}") from None
    return get_settings(world, request)
