"""Putting the world together: services, server, and the line that tells others where it is."""

from .admin import AdminService
from .google.accounts import accounts
from .google.admin import GoogleAdmin
from .google.seed import CLIENT_ID, CLIENT_SECRET, ready_token
from .google.service import GoogleService
from .http.app import Application
from .http.server import Server
from .http.tls import certificates, write_files
from .microsoft import facts as microsoft
from .microsoft.admin import MicrosoftAdmin
from .microsoft.service import MicrosoftService
from .page.service import PageService
from .sms import PATH as SMS_PATH
from .sms import SmsService
from .world import World

SERVICES = (
    SmsService,
    PageService,
    AdminService,
    GoogleAdmin,
    MicrosoftAdmin,
    GoogleService,
    MicrosoftService,
)


class Sandbox:
    """A running sandbox in this process."""

    def __init__(self, host="127.0.0.1", port=0, folder=None, seed="demo", tls_port=0):
        self.world = World(folder)
        for service in SERVICES:
            self.world.add_service(service(self.world))
        application = Application(self.world)
        self.server = Server(host, port, application)
        pems = certificates(self.world.store.table("tls"))
        self.ca_file, context = write_files(pems, folder)
        self.tls_server = Server(host, tls_port, application, context)
        shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host
        self.world.base_url = f"http://{shown}:{self.server.server_address[1]}"
        self.world.login_base = f"https://{shown}:{self.tls_server.server_address[1]}"
        if not self.world.meta.get("seeded"):
            for service in self.world.services.values():
                service.seed(seed)
            self.world.meta.save("seeded", seed)
            self.world.store.flush()

    def start(self):
        """Serve in the background."""
        self.server.start()
        self.tls_server.start()
        return self

    def stop(self):
        """Stop serving and write the state."""
        self.tls_server.shutdown()
        self.server.shutdown()
        self.world.close()
        self.tls_server.server_close()
        self.server.server_close()

    def facts(self):
        """What a caller needs to know: addresses, client, accounts with ready tokens."""
        world, base = self.world, self.world.base_url
        with world.lock:
            users = [
                {
                    "email": u["email"],
                    "name": u["name"],
                    "password": u["password"],
                    "kind": u["kind"],
                }
                | {"access_token": ready_token(world, u["email"])}
                for u in accounts(world).values()
            ]
            world.store.flush()
        google = {
            "api_base": f"{base}/calendar/v3",
            "auth_base": base,
            "auth_url": f"{base}/o/oauth2/v2/auth",
            "token_url": f"{base}/token",
            "revoke_url": f"{base}/revoke",
            "userinfo_url": f"{base}/v1/userinfo",
            "batch_url": f"{base}/batch/calendar/v3",
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "users": users,
        }
        microsoft_facts = microsoft.facts(world, self.ca_file)
        return {
            "google": google,
            "microsoft": microsoft_facts,
            "sms": {"endpoint": f"{base}{SMS_PATH}"},
            "admin": f"{base}/admin",
            "page": f"{base}/page",
        }
