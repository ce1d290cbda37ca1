"""Customers at the public page, in Chromium at a telephone's width; reps at three providers."""

import pytest

from e2e.support.stack import Stack

from .booking_crowd import Crowd
from .booking_visitor import SLOT, Visitor, axe_script, set_up_page, violations
from .browser import chromium
from .dav_phone import DavProduct
from .entry import odoo_time
from .people import Product, in_days, wait

MIA = {"name": "Mia Lindqvist", "email": "mia@fjordline.example", "phone": "+49 30 1234567"}
NUMBER = "+49301234567"
PROVIDERS = ("google", "microsoft", "caldav")
CUSTOMERS = 50
TIMES = tuple(int(in_days(3, hour).timestamp()) for hour in (9, 12))
NO_LAN_QUESTION = "--disable-features=LocalNetworkAccessChecks,BlockInsecurePrivateNetworkRequests"
"""Chromium asks before a site on the internet frames one on this machine; nobody would answer."""


@pytest.fixture(scope="module")
def product():
    """A product of its own: customers are mailed here."""
    with Stack("booking_page") as stack:
        yield Product(stack)


@pytest.fixture(scope="module")
def browser():
    """One Chromium for all visitors."""
    with chromium(NO_LAN_QUESTION) as running:
        yield running


@pytest.fixture(scope="module")
def reps(product, proxies):
    """A rep at each provider, all of whom hear of bookings in Odoo's inbox."""
    places = {name: product.on(name) for name in PROVIDERS[:2]}
    places["caldav"] = DavProduct(product, proxies["radicale"])
    found = {name: place.person(name[:3]) for name, place in places.items()}
    set_up_page(product.admin, "northwind", found.values())
    for rep in found.values():
        calendars = rep.odoo.search("calendar.sync.calendar", [["user_id", "=", rep.uid]], "id")
        ids = [row["id"] for row in calendars]
        rep.odoo.call("calendar.sync.calendar", "write", [ids, {"blocks_availability": True}])
        rep.odoo.call("res.users", "write", [[rep.uid], {"booking_channel": "inbox"}])
        rep.sync()
    return found


@pytest.fixture
def visit(browser, product, reps):
    """Open the page; every visitor leaves at the end."""
    visitors = []

    def opened(**options):
        visitors.append(Visitor(browser, product.stack.odoo.url, "northwind", **options))
        return visitors[-1]

    yield opened
    for visitor in visitors:
        visitor.close()


def sent(product, email, number):
    """([subjects of mails to an address], [texts of SMS to a number]), oldest first."""
    mails = product.sql(
        """SELECT message.subject FROM mail_mail mail
             JOIN mail_message message ON message.id = mail_message_id
            WHERE mail.email_to = %s ORDER BY mail.id""",
        email,
    )
    return [row[0] for row in mails], [sms["text"] for sms in product.world.sms(number)]


@pytest.mark.parametrize("provider", PROVIDERS)
def test_booked_on_a_telephone_it_stands_in_the_reps_calendar(product, reps, visit, provider):
    """S2-33, S2-34, S2-38: one event without guests, one mail, one SMS, one note for the rep."""
    rep, number = reps[provider], f"+4930{PROVIDERS.index(provider)}234567"
    email = f"mia@{provider}.example"
    visitor = visit()
    start = visitor.book(rep.name.title(), **{**MIA, "email": email, "phone": number})
    title = f"Consultation – {MIA['name']}"
    [entry] = wait(lambda: rep.named_there(title), "the event in the calendar", 60)
    assert (entry.start, entry.place, entry.guests) == (odoo_time(start), "Pier 7", ())
    assert MIA["name"] in entry.text
    assert number in entry.text
    mails, sms = wait(
        lambda: all(both := sent(product, email, number)) and both, "mail and SMS", 60
    )
    assert len(mails) == len(sms) == 1
    assert mails[0].startswith("Booked: Consultation")
    inbox = product.sql(
        """SELECT n.notification_type FROM mail_notification n
             JOIN res_users u ON u.partner_id = n.res_partner_id WHERE u.id = %s""",
        rep.uid,
    )
    assert inbox == [("inbox",)]
    [lead] = product.admin.search("crm.lead", [["email_from", "=", email]], "user_id")
    assert lead["user_id"][0] == rep.uid


def test_moved_and_cancelled_by_the_customer_the_calendar_follows(product, reps, visit):
    """S2-66: by the links of the SMS; mail and SMS tell each change once."""
    rep, title = reps["google"], "Consultation – Oskar Dahl"
    visitor = visit()
    oskar = {"name": "Oskar Dahl", "email": "oskar@else.example", "phone": "+49309999999"}
    visitor.book(rep.name.title(), **oskar)
    wait(lambda: rep.named_there(title), "the event", 60)
    _mails, [text] = wait(
        lambda: (both := sent(product, oskar["email"], oskar["phone"]))[1] and both, "the SMS", 60
    )
    visitor.page.goto(text[text.index("http") :].split()[0])
    start = visitor.move()
    wait(
        lambda: [entry.start for entry in rep.named_there(title)] == [odoo_time(start)],
        "the new time in the calendar", 60,
    )  # fmt: skip
    wait(lambda: len(sent(product, oskar["email"], oskar["phone"])[1]) == 2, "the next SMS", 60)
    visitor.cancel("Ill")
    wait(lambda: not rep.named_there(title), "the event to go", 60)
    wait(lambda: len(sent(product, oskar["email"], oskar["phone"])[1]) == 3, "the last SMS", 60)
    mails, sms = sent(product, oskar["email"], oskar["phone"])
    assert [mail.partition(":")[0] for mail in mails] == ["Booked", "New time", "Cancelled"]
    assert len(sms) == 3


def test_what_the_rep_enters_meanwhile_is_seen_at_the_last_moment(product, reps, visit):
    """S2-41, S2-43, S2-45: on the rep's own telephone, a second before; the customer books the
    next time without typing anything again."""
    rep = reps["microsoft"]
    visitor = visit()
    start = visitor.choose(rep.name.title())
    visitor.fill(**{**MIA, "email": "late@else.example"})
    rep.phone.add("Dentist", start, 30)
    visitor.send()
    page = visitor.page
    page.wait_for_selector(".o_booking_alternatives")
    assert page.input_value("#booking_email") == "late@else.example"
    assert not sent(product, "late@else.example", "+1")[0]
    page.wait_for_timeout(2100)
    page.locator(".o_booking_alternatives button").first.click()
    page.wait_for_selector("text=Your appointment is booked")
    titles = [entry.title for entry in rep.there() if entry.start == odoo_time(start)]
    assert titles == ["Dentist"]


def test_without_scripts_everything_works_too(visit):
    """S2-66, D-09: links and a form; the zone is that of the house until another is chosen."""
    visitor = visit(java_script_enabled=False)
    visitor.page.select_option("#booking_tz", "Asia/Tokyo")
    visitor.page.click(".o_booking_zone_go")
    assert "Tokyo" in visitor.page.text_content(".o_booking_zone option")
    visitor.book(name="Nils Blom", email="nils@else.example")


def test_the_visitors_zone_is_found_and_can_be_changed(visit):
    """D-06: without anything to do; the days are swapped without leaving the page."""
    page = visit(timezone_id="America/New_York").page
    page.wait_for_selector("[data-tz='America/New_York'] .o_booking_slot")
    first = page.locator(SLOT).first.get_attribute("data-start")
    page.evaluate("window.isSame = true")
    page.select_option("#booking_tz", "Asia/Tokyo")
    page.wait_for_selector("[data-tz='Asia/Tokyo'] .o_booking_slot")
    page.locator(".o_booking_day[href]").nth(1).click()
    page.wait_for_function(
        "first => document.querySelector('.o_booking_slot').dataset.start !== first", arg=first
    )
    assert page.evaluate("window.isSame")
    page.go_back()
    page.wait_for_function(
        "first => document.querySelector('.o_booking_slot')?.dataset.start === first", arg=first
    )


def test_each_step_can_be_used_by_everybody(product, visit):
    """D-09: no rule of axe is broken at 360 pixels, nothing is wider than the screen, and the
    keyboard alone gets through."""
    script = axe_script()
    visitor = visit()
    page = visitor.page
    page.wait_for_selector(f".o_booking_scripted {SLOT}")
    assert violations(page, script) == []
    page.locator(SLOT).first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#booking_form")
    assert violations(page, script) == []
    page.focus("#booking_name")
    for text in ("Kim Berg", "kim@else.example", "12"):
        page.keyboard.type(text)
        page.keyboard.press("Tab")
    page.wait_for_timeout(2100)
    page.locator("#booking_phone").press("Enter")
    page.wait_for_selector("#problem_phone")
    assert violations(page, script) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    visitor.fill(phone="")
    visitor.send()
    page.wait_for_selector("text=Your appointment is booked")
    assert violations(page, script) == []
    page.click("text=Cancel it")
    page.wait_for_selector("#booking_reason")
    assert violations(page, script) == []


def test_inside_another_site_it_books_without_cookies(product, browser):
    """S2-66: in a frame of a site that may embed it; another site gets nothing to see."""
    rep = product.person("framed", is_connected=False)
    sites = {"is_odoo_enough": True, "embed_sites": "http://shop.example"}
    set_up_page(product.admin, rep.name, [rep], **sites)
    url = f"{product.stack.odoo.url}/book/{rep.name}?embed=1"
    framed = f"<iframe src='{url}' width=360 height=1500></iframe>"
    context = browser.new_context(timezone_id="Europe/Berlin")
    page = context.new_page()
    page.route("**/*.example/", lambda route: route.fulfill(body=framed, content_type="text/html"))
    page.goto("http://thief.example/")
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(1000)
    assert [frame.url.partition(":")[0] for frame in page.frames] == ["http", "chrome-error"]
    page.goto("http://shop.example/")
    frame = page.frame_locator("iframe")
    frame.locator(SLOT).first.click()
    frame.locator("#booking_name").fill("Ida Holm")
    frame.locator("#booking_email").fill("ida@else.example")
    page.wait_for_timeout(2100)
    frame.locator(".o_booking_go").click()
    frame.locator("text=Your appointment is booked").wait_for()
    context.close()


@pytest.fixture
def wanted(product):
    """A rep whom everybody wants, and fifty customers with the form open at two servers."""
    admin, second = product.admin, product.stack.start_odoo()
    for kind in ("look", "book"):  # all of them come from one address
        name = f"calendar_sync_pro.booking_limit_{kind}"
        admin.call("ir.config_parameter", "set_param", [name, "1000"])
    rep = product.person("wanted", is_connected=False)
    set_up_page(admin, rep.name, [rep], is_odoo_enough=True)
    urls = [product.stack.servers[0].url, second.url]
    yield rep, Crowd(urls, rep.name, TIMES[0], CUSTOMERS)
    second.stop()


def booked(product, rep, start):
    """How many appointments, booked times and held times of the rep begin then."""
    [row] = product.sql(
        """WITH wanted AS (SELECT %s::int AS uid, to_timestamp(%s) AT TIME ZONE 'utc' AS at)
           SELECT (SELECT count(*) FROM calendar_event WHERE user_id = uid AND start = at),
                  (SELECT count(*) FROM booking_hold
                    WHERE user_id = uid AND start = at AND state = 'booked'),
                  (SELECT count(*) FROM booking_hold WHERE user_id = uid AND state = 'held')
             FROM wanted""",
        rep.uid, start,
    )  # fmt: skip
    return row


def leads(product, rep):
    """How many leads the rep has got."""
    return product.sql("SELECT count(*) FROM crm_lead WHERE user_id = %s", rep.uid)[0][0]


SLOW_HOLD = """
    CREATE FUNCTION slow_hold() RETURNS trigger LANGUAGE plpgsql
        AS 'BEGIN PERFORM pg_sleep(3); RETURN NEW; END';
    CREATE TRIGGER slow_hold BEFORE INSERT ON booking_hold FOR EACH ROW
        EXECUTE FUNCTION slow_hold();
"""


def test_of_fifty_customers_at_two_servers_one_gets_the_time(product, wanted):
    """S2-47, S2-44, S2-46: the others are offered the next three; nothing is made for them. What
    keeps them apart is PostgreSQL: the same scene without its constraint sells the time twice.

    Holding a time takes three seconds, so that others look while nothing is committed yet."""
    rep, customers = wanted
    time, other_time = TIMES
    product.stack.sql(SLOW_HOLD)
    statuses, offered = customers.press(time)
    assert statuses == {303: 1, 409: CUSTOMERS - 1}
    assert (*booked(product, rep, time), leads(product, rep)) == (1, 1, 0, 1)
    next_three = [time + minutes * 60 for minutes in (30, 60, 90)]
    assert all(each == next_three for each in offered)

    product.stack.sql("ALTER TABLE booking_hold DROP CONSTRAINT booking_hold_no_overlap")
    statuses, _offered = customers.press(other_time)
    print(f"with the constraint 1 of {CUSTOMERS} is booked, without it {statuses[303]}")
    assert statuses.keys() <= {303, 409}
    assert statuses[303] > 1
    assert booked(product, rep, other_time)[:2] == (statuses[303], statuses[303])
