import { describe, expect, test } from "@odoo/hoot";
import { click, press, queryAllTexts } from "@odoo/hoot-dom";
import { animationFrame, mockDate } from "@odoo/hoot-mock";
import {
    defineModels,
    makeMockEnv,
    models,
    mountWithCleanup,
    onRpc,
} from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { AvailabilityPanel } from "@calendar_sync_pro/availability/panel";
import { outside, placed, shownHours } from "@calendar_sync_pro/availability/times";
import { withJoin } from "@calendar_sync_pro/reminder/join_reminder";

const { DateTime } = luxon;

describe.current.tags("csp");

class Availability extends models.Model {
    _name = "calendar.availability";
}
defineMailModels();
defineModels([Availability]);

const ANNA = { id: 1, name: "Anna", source: "live", why: "", read_at: "" };
const MIA = { id: 2, name: "Mia", source: "none", why: "This calendar is not shared with you." };

function answer(slots) {
    return {
        zone: "UTC",
        people: [
            {
                ...ANNA,
                busy: [{ kind: "busy", start: "2026-12-01 10:00:00", stop: "2026-12-01 11:00:00" }],
                working: [{ start: "2026-12-01 08:00:00", stop: "2026-12-01 16:00:00" }],
            },
            { ...MIA, busy: [], working: null },
        ],
        slots,
    };
}

async function panel(props = {}) {
    mockDate("2026-12-01 07:00:00", 0);
    await mountWithCleanup(AvailabilityPanel, {
        props: {
            people: [ANNA, MIA],
            day: DateTime.now(),
            minutes: 60,
            close: () => expect.step("closed"),
            ...props,
        },
    });
    await animationFrame();
}

test("a click on a common time takes it", async () => {
    const slot = { start: "2026-12-01 12:00:00", stop: "2026-12-01 13:00:00" };
    onRpc("calendar.availability", "day_of", ({ args }) => {
        expect(args[0]).toEqual([2, 1]);
        return answer([slot]);
    });
    await panel({ first: 2, pick: (start) => expect.step(start.toUTC().toFormat("HH:mm")) });
    expect(".o_csp_availability_busy").toHaveCount(1);
    expect(".o_csp_availability_closed").toHaveCount(2);
    expect(".o_csp_availability").toHaveText(/Mia: Can't be read/);
    await click(".o_csp_availability_slot");
    expect.verifySteps(["12:00", "closed"]);
});

test("the keyboard changes the day and closes", async () => {
    const asked = [];
    onRpc("calendar.availability", "day_of", ({ args }) => {
        asked.push(args[1]);
        return answer([]);
    });
    await panel();
    expect(".o_csp_availability").toHaveText(/No time of this day suits all/);
    await press("PageDown");
    await animationFrame();
    expect(asked).toEqual(["2026-12-01", "2026-12-02"]);
    await press("Escape");
    expect.verifySteps(["closed"]);
});

test("without the right to plan the times are only shown", async () => {
    onRpc("calendar.availability", "day_of", () =>
        answer([{ start: "2026-12-01 12:00:00", stop: "2026-12-01 13:00:00" }])
    );
    await panel();
    expect(".o_csp_availability_slot").not.toBeEnabled();
});

test("an error is told and can be tried again", async () => {
    let isDown = true;
    onRpc("calendar.availability", "day_of", () => {
        if (isDown) {
            throw new Error("down");
        }
        return answer([]);
    });
    await panel();
    expect(".alert-danger").toHaveCount(1);
    isDown = false;
    await click(".o_csp_availability .btn-secondary");
    await animationFrame();
    expect(".alert-danger").toHaveCount(0);
    expect(queryAllTexts(".o_csp_availability_person h6")).toEqual(["Anna", "Mia"]);
});

test("what is drawn of a day", () => {
    const day = DateTime.fromISO("2026-12-01T00:00:00");
    const span = (from, to) => ({ start: day.set({ hour: from }), stop: day.set({ hour: to }) });
    const hours = shownHours(day, [{ busy: [span(5, 6)], working: [span(9, 21)] }]);
    expect(hours).toEqual({ first: 5, last: 21 });
    expect(placed(day, { first: 8, last: 18 }, span(8, 13))).toEqual({ top: 0, height: 50 });
    expect(placed(day, { first: 8, last: 18 }, span(19, 20))).toBe(false);
    expect(outside(day, { first: 8, last: 18 }, [span(8, 13)])).toEqual([{ top: 50, height: 50 }]);
    expect(outside(day, { first: 8, last: 18 }, null)).toEqual([]);
});

test("a reminder with a call has Join first", async () => {
    await makeMockEnv();
    const options = { buttons: [{ name: "OK", primary: true }] };
    const buttons = withJoin(options, "https://meet.example/x", () => {}).buttons;
    expect(buttons.map((button) => [button.name.toString(), button.primary])).toEqual([
        ["Join", true],
        ["OK", false],
    ]);
    expect(withJoin(options, "", () => {})).toBe(options);
});
