"""A small DNS server on loopback (UDP): what a domain publishes, and what a hostile one does.

    with DnsServer() as dns:
        dns.publish("_caldavs._tcp.north.example", "SRV", "0 1 443 dav.north.example.")
        dns.address                     # "127.0.0.1:5353", for `calendar_sync_pro.dns_server`
        dns.is_silent = True            # hears every question and answers none
        dns.asked                       # [("_caldavs._tcp.north.example.", "SRV"), ...]

What is not published is answered with NXDOMAIN.
"""

import socketserver
import threading
from collections import defaultdict

import dns.flags
import dns.message
import dns.rcode
import dns.rrset

TTL_S = 60


class DnsServer:
    """Answers from what was published, by name and type."""

    def __init__(self):
        self._records = defaultdict(list)
        self.is_silent = False
        self.asked = []
        server = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self):
                question, socket = self.request
                answer = server._answer(question)
                if answer:
                    socket.sendto(answer, self.client_address)

        self._server = socketserver.ThreadingUDPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def address(self):
        """Where it listens."""
        return f"127.0.0.1:{self._server.server_address[1]}"

    def publish(self, name, kind, *records):
        """What is answered to a question for this name and type; several are one answer."""
        self._records[f"{name.rstrip('.').lower()}.", kind] = list(records)

    def calm(self):
        """Nothing is published and nothing was asked."""
        self._records.clear()
        self.asked.clear()
        self.is_silent = False

    def _answer(self, wire):
        query = dns.message.from_wire(wire)
        [question] = query.question
        name, kind = question.name.to_text().lower(), dns.rdatatype.to_text(question.rdtype)
        self.asked.append((name, kind))
        if self.is_silent:
            return b""
        answer = dns.message.make_response(query)
        answer.flags |= dns.flags.RA
        found = [*self._chain(name, kind)]
        answer.answer = [dns.rrset.from_text(at, TTL_S, "IN", *rest) for at, *rest in found]
        if not found:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        return answer.to_wire(max_size=65535)

    def _chain(self, name, kind):
        """The records of a name; an alias is followed, one in a circle once around."""
        seen = set()
        while (name, "CNAME") in self._records and name not in seen:
            seen.add(name)
            [target] = self._records[name, "CNAME"]
            yield name, "CNAME", target
            name = target
        if self._records.get((name, kind)):
            yield name, kind, *self._records[name, kind]

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_error):
        self._server.shutdown()
        self._server.server_close()
