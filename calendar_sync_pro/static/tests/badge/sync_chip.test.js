import { destroy, expect, test } from "@odoo/hoot";
import { Deferred, animationFrame, tick } from "@odoo/hoot-mock";
import {
    MockServer,
    contains,
    defineModels,
    fields,
    getService,
    models,
    mountView,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import { useServiceProtectMethodHandling } from "@web/core/utils/hooks";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";

class Appointment extends models.Model {
    _name = "calendar.event";

    name = fields.Char();
    sync_badge = fields.Selection({
        selection: [
            ["none", "Not synced"],
            ["synced", "Synced"],
            ["waiting", "Waiting"],
            ["problem", "Needs you"],
            ["former", "Former"],
        ],
    });
    sync_badge_text = fields.Char();
    sync_web_url = fields.Char();
    sync_web_label = fields.Char();

    _records = [
        {
            id: 1,
            name: "Call",
            sync_badge: "waiting",
            sync_badge_text: "On its way to Calendar…",
            sync_web_url: "https://calendar.example/1",
            sync_web_label: "Open in Calendar",
        },
        { id: 2, name: "Alone", sync_badge: "none" },
    ];
}

defineMailModels();
defineModels([Appointment]);

const ARCH = `<form>
    <field name="name"/>
    <field name="sync_badge_text" invisible="1"/>
    <field name="sync_web_url" invisible="1"/>
    <field name="sync_web_label" invisible="1"/>
    <field name="sync_badge" widget="calendar_sync_chip"
        options="{'text_field': 'sync_badge_text', 'url_field': 'sync_web_url', 'url_label_field': 'sync_web_label'}"/>
</form>`;

function open(resId) {
    return mountView({ type: "form", resModel: "calendar.event", resId, arch: ARCH });
}

async function hearOf(...ids) {
    getService("calendar_sync_status").bus.trigger("changed", { ids: new Set(ids) });
    await tick();
    await animationFrame();
    await animationFrame();
}

test.tags("calendar_sync_pro");
test("S1-06: the chip is a word, an icon and a colour, and opens the calendar", async () => {
    await open(1);
    expect(".o_calendar_sync_chip").toHaveText("Waiting");
    expect(".o_calendar_sync_chip .fa-clock-o").toHaveCount(1);
    expect(".o_calendar_sync_chip").toHaveClass("text-bg-info");
    expect("a[target=_blank]").toHaveAttribute("href", "https://calendar.example/1");
    expect("a[target=_blank]").toHaveAttribute("aria-label", "Open in Calendar");
});

test.tags("calendar_sync_pro");
test("S1-06: an appointment in no calendar claims nothing", async () => {
    await open(2);
    expect(".o_calendar_sync_chip").toHaveCount(0);
});

test.tags("calendar_sync_pro");
test("S1-06: waiting becomes synced without a reload", async () => {
    await open(1);
    MockServer.env["calendar.event"].write([1], { sync_badge: "synced", name: "Moved call" });
    await hearOf(7);
    expect(".o_calendar_sync_chip").toHaveText("Waiting");
    await hearOf(1);
    expect(".o_calendar_sync_chip").toHaveText("Synced");
    expect(".o_field_widget[name=name] input").toHaveValue("Moved call");
});

test.tags("calendar_sync_pro");
test("S1-06: what is being typed is never lost", async () => {
    await open(1);
    await contains(".o_field_widget[name=name] input").edit("My own title", { confirm: false });
    MockServer.env["calendar.event"].write([1], { sync_badge: "problem" });
    await hearOf(1);
    expect(".o_calendar_sync_chip").toHaveText("Needs you");
    expect(".o_field_widget[name=name] input").toHaveValue("My own title");
});

test.tags("calendar_sync_pro");
test("S1-06: many that ask at once share one request", async () => {
    let requests = 0;
    onRpc("calendar.event", "search_read", () => {
        requests++;
    });
    await open(2);
    const status = getService("calendar_sync_status");
    const rows = await Promise.all([status.read(1), status.read(2), status.read(1), status.read(99)]);
    expect(requests).toBe(1);
    expect(rows.map((row) => row && row.id)).toEqual([1, 2, 1, false]);
});

test.tags("calendar_sync_pro");
test("S1-06: news that arrive while the page is left harm nothing", async () => {
    patchWithCleanup(useServiceProtectMethodHandling, {
        fn() {
            return this.original();
        },
    });
    const answer = new Deferred();
    onRpc("calendar.event", "search_read", () => answer);
    onRpc("calendar.event", "web_read", () => expect.step("read"));
    const form = await open(1);
    expect.verifySteps(["read"]);
    getService("calendar_sync_status").bus.trigger("changed", { ids: new Set([1]) });
    await tick();
    destroy(form);
    answer.resolve([{ id: 1, sync_badge: "synced" }]);
    await tick();
    await animationFrame();
    expect.verifySteps([]);
});
