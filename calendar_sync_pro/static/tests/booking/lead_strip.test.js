import { expect, test } from "@odoo/hoot";
import { mockDate, mockTimeZone } from "@odoo/hoot-mock";
import {
    contains,
    defineModels,
    fields,
    makeMockEnv,
    mockService,
    models,
    mountView,
} from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { whenInWords } from "@calendar_sync_pro/booking/when_in_words";

const { DateTime } = luxon;

class Lead extends models.Model {
    _name = "crm.lead";

    name = fields.Char();
    appointment_strip = fields.Json();

    _records = [
        {
            id: 1,
            name: "Fleet",
            appointment_strip: {
                count: 3,
                next: {
                    id: 1,
                    name: "Offer",
                    start: "2027-03-02 09:00:00",
                    stop: "2027-03-02 09:30:00",
                    allday: false,
                    people: ["Mia"],
                    join_url: "https://meet.example/x",
                },
            },
        },
        { id: 2, name: "Empty", appointment_strip: { count: 0, next: false } },
    ];
}

class Appointment extends models.Model {
    _name = "calendar.event";

    sync_badge = fields.Char();
    sync_badge_text = fields.Char();
    sync_web_url = fields.Char();
    sync_web_label = fields.Char();

    _records = [{ id: 1, sync_badge: "synced", sync_badge_text: "In Calendar" }];
}

defineMailModels();
defineModels([Lead, Appointment]);

function open(resId) {
    const arch = `<form><field name="appointment_strip" widget="calendar_sync_lead_strip"/></form>`;
    return mountView({ type: "form", resModel: "crm.lead", resId, arch });
}

test.tags("calendar_sync_pro");
test("S3-02: the next appointment in the reader's own time, with whom, and its state", async () => {
    mockDate("2027-03-01 12:00:00");
    mockTimeZone("Europe/Berlin");
    await open(1);
    expect(".o_calendar_sync_strip").toHaveText(/Tomorrow · 10:00 AM – 10:30 AM/);
    expect(".o_calendar_sync_strip").toHaveText(/with Mia/);
    expect(".o_calendar_sync_chip").toHaveText("Synced");
    expect("a:contains(Join)").toHaveAttribute("href", "https://meet.example/x");
    expect("button:contains(All 3)").toHaveCount(1);
});

test.tags("calendar_sync_pro");
test("S3-02: nothing planned: the next step is one click away", async () => {
    mockService("action", {
        doActionButton({ name, resId }) {
            expect.step(`${name} ${resId}`);
        },
    });
    await open(2);
    expect(".o_calendar_sync_strip").toHaveText(/No appointment planned/);
    await contains("button:contains(Book appointment)").click();
    expect.verifySteps(["action_book_appointment 2"]);
});

test.tags("calendar_sync_pro");
test("S3-02: days near by have names, other years are written out", async () => {
    await makeMockEnv();
    const now = DateTime.fromISO("2027-03-01T12:00");
    const at = (text) => DateTime.fromISO(text);
    const words = (start, stop, allday = false) => whenInWords(at(start), at(stop), allday, now);
    expect(words("2027-03-01T14:00", "2027-03-01T15:00")).toBe("Today · 2:00 PM – 3:00 PM");
    expect(words("2028-01-05T08:00", "2028-01-05T18:00", true)).toBe("Wed, Jan 5, 2028 · all day");
    expect(words("2027-03-09T22:00", "2027-03-10T01:00")).toBe(
        "Tue, Mar 9 · 10:00 PM – Wed, Mar 10 1:00 AM"
    );
});
