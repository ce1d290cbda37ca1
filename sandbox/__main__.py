"""`python -m sandbox`: start the offline world and stay up until signalled."""

import argparse
import json
import signal
import sys
import threading

from .sandbox import Sandbox


def parse(argv):
    """Command line."""
    parser = argparse.ArgumentParser(
        prog="sandbox", description="Offline calendar providers on loopback."
    )
    parser.add_argument("--json", action="store_true", help="print one JSON line when ready")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free port")
    parser.add_argument("--tls-port", type=int, default=0, help="the same with TLS; 0: a free one")
    parser.add_argument(
        "--state", metavar="DIR", help="keep the state here; without it, in memory only"
    )
    parser.add_argument("--seed", choices=("demo", "empty"), default="demo")
    return parser.parse_args(argv)


def main(argv=None):
    """Run until SIGTERM or SIGINT."""
    options = parse(argv)
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    where = (options.host, options.port, options.state, options.seed, options.tls_port)
    sandbox = Sandbox(*where).start()
    facts = sandbox.facts()
    print(json.dumps(facts) if options.json else describe(facts), flush=True)
    ended.wait()
    sandbox.stop()
    return 0


def describe(facts):
    """The same for people."""
    lines = [
        "Sandbox is up.",
        f"  the other side  {facts['page']}",
        f"  Google API      {facts['google']['api_base']}",
        f"  Microsoft Graph {facts['microsoft']['api_base']}",
        f"  Microsoft login {facts['microsoft']['login_base']}",
        f"  its authority   {facts['microsoft']['ca_file']}",
    ]
    lines += [f"  SMS gateway     {facts['sms']['endpoint']}"]
    lines += [f"  admin           {facts['admin']}", "  accounts:"]
    lines += [
        f"    {label:<9} {user['email']}  password {user['password']}"
        for label, provider in (("Google", "google"), ("Microsoft", "microsoft"))
        for user in facts[provider]["users"]
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
