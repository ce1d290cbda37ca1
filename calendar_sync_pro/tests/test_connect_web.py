from odoo.tests import HttpCase, tagged


@tagged("post_install", "-at_install")
class TestConnectWeb(HttpCase):
    def test_components_of_the_connections_page(self):
        """S1-01 S1-02: the page's states, each in the browser with a mocked server."""
        self.browser_js(
            "/web/tests?headless&loglevel=2&preset=desktop&timeout=15000&tag=csp",
            "",
            "",
            login="admin",
            timeout=300,
            success_signal="[HOOT] Test suite succeeded",
            error_checker=lambda message: "[HOOT]" not in message,
        )
