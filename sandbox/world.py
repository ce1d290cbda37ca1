"""The simulated world: one clock, one store, one switchboard, and the services that live in it."""

import threading

from .clock import Clock
from .faults import Switchboard
from .mails import Outbox
from .reqlog import RequestLog
from .store import Store


class World:
    """What all services share. `lock` is held while a request is worked on."""

    def __init__(self, folder=None):
        self.store = Store(folder)
        self.lock = threading.RLock()
        self.meta = self.store.table("meta")
        self.clock = Clock(self.meta.get("clock_offset_s", 0.0))
        self.faults = Switchboard()
        self.log = RequestLog(self.clock)
        self.mails = Outbox(self)
        self.services = {}
        self.agent = ""  # user agent of the request that is worked on
        self.base_url = ""
        self.login_base = ""  # the same services with TLS

    def add_service(self, service):
        """Let a service (a provider, the admin API, the page) take part."""
        self.services[service.name] = service

    def next_number(self, name):
        """A number that grows with every call, per name, and never comes twice."""
        return self.meta.save(f"next.{name}", self.meta.get(f"next.{name}", 0) + 1)

    def setting(self, name):
        """Value of a setting; unset ones have the default of the service that declares it."""
        return self.store.table("settings").get(name, self.setting_defaults()[name])

    def setting_defaults(self):
        """Every setting with its default."""
        return {k: v for s in self.services.values() for k, v in s.settings.items()}

    def change_setting(self, name, value):
        """Change a setting; raises KeyError when no service declares it."""
        self.store.table("settings").save(name, type_checked(value, self.setting_defaults()[name]))

    def save_clock(self):
        """Keep the clock's offset over a restart."""
        self.meta.save("clock_offset_s", self.clock.offset_s)

    def reset(self, seed):
        """Back to a fresh world: state, faults, log and mails are forgotten."""
        self.faults.remove()
        self.store.clear(keep=("tls",))
        self.clock.offset_s = 0.0
        self.log.clear()
        for service in self.services.values():
            service.seed(seed)
        self.meta.save("seeded", seed)

    def close(self):
        """Let go of hanging requests and write the state."""
        self.faults.remove()
        for service in self.services.values():
            service.stop()
        with self.lock:
            self.store.close()


def type_checked(value, default):
    """`value` when it is of the kind of `default`; raises ValueError otherwise."""
    kinds = (int, float) if isinstance(default, (int, float)) else type(default)
    if isinstance(default, bool) != isinstance(value, bool) or not isinstance(value, kinds):
        raise ValueError(f"expected a {type(default).__name__}")
    return value
