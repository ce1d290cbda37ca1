import { describe, expect, test } from "@odoo/hoot";
import { animationFrame } from "@odoo/hoot-mock";
import { contains, defineModels, fields, models, mountView, onRpc } from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";

describe.current.tags("csp");

class Appointment extends models.Model {
    _name = "calendar.event";

    start = fields.Datetime();
    stop = fields.Datetime();

    _records = [{ id: 1, start: "2026-12-01 10:00:00", stop: "2026-12-01 11:00:00" }];
}

class Account extends models.Model {
    _name = "calendar.sync.account";
}

defineMailModels();
defineModels([Appointment, Account]);

const ELBE = { id: 7, name: "Elbe", capacity: 8, place: "", label: "", state: "free", why: "" };

async function tab(listOf) {
    let rooms = [ELBE];
    onRpc("calendar.event", "rooms_at", () => ({ rooms, booked: [], note: "", list_of: listOf }));
    await mountView({
        type: "form",
        resModel: "calendar.event",
        resId: 1,
        arch: `<form><widget name="calendar_sync_rooms"/></form>`,
    });
    await animationFrame();
    return (more) => (rooms = [...rooms, more]);
}

const refresh = ".o_csp_room_list button";

test("the list is refreshed, and the new room can be booked", async () => {
    const opens = await tab(3);
    onRpc("calendar.sync.account", "refresh_rooms", ({ args }) => {
        expect.step(args[0]);
        opens({ ...ELBE, id: 8, name: "Spree" });
        return { rooms: 2 };
    });
    expect(".o_csp_room").toHaveCount(1);
    await contains(refresh).click();
    await animationFrame();
    expect.verifySteps([[3]]);
    expect(".o_csp_room[data-room=Spree] button").toBeEnabled();
    expect(".o_csp_room_list [role=status]").toHaveText("Rooms listed by your calendar: 2");
});

test("what is in the way is told; the rooms that are known stay", async () => {
    await tab(3);
    onRpc("calendar.sync.account", "refresh_rooms", () => ({ error: "Not allowed." }));
    await contains(refresh).click();
    await animationFrame();
    expect(".o_csp_room_list [role=status]").toHaveText("Not allowed.");
    expect(".o_csp_room").toHaveCount(1);
    expect(refresh).toBeEnabled();
});

test("without a calendar that lists rooms nothing is offered", async () => {
    await tab(false);
    expect(".o_csp_room").toHaveCount(1);
    expect(refresh).toHaveCount(0);
});
