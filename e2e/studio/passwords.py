"""Connecting with a user name and a password."""

FORM = "#csp_login_password"


def all_of_it(stage):
    """The form for a known service, and for a server of one's own that may not be reached."""
    with_app_password(stage)
    refused(stage)


def with_app_password(stage):
    """Where a password for apps is made, in three steps."""
    page = stage.connections("anna")
    page.click("[data-provider=icloud] .o_csp_connect")
    page.wait_for_selector(FORM)
    stage.camera.both(page, "connections-app-password")


def refused(stage):
    """What is wrong, what to do, and the field that it is about."""
    page = stage.connections("anna")
    page.click("[data-provider=caldav] .o_csp_connect")
    page.fill("#csp_login_address", "http://calendar.example.lan:5232")
    page.fill("#csp_login_username", "anna")
    page.fill(FORM, "anna")
    page.keyboard.press("Enter")
    page.wait_for_selector(".o_csp_problem[data-code=address_not_allowed]")
    stage.camera.both(page, "connections-server-refused")
