import { expect, test } from "@odoo/hoot";
import { advanceTime, animationFrame } from "@odoo/hoot-mock";
import { queryText } from "@odoo/hoot-dom";
import { contains, getService, mountWithCleanup, onRpc } from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { MainComponentsContainer } from "@web/core/main_components_container";
import { CleanupDialog } from "@calendar_sync_pro/cleanup/cleanup_dialog";
import { CleanupStrip } from "@calendar_sync_pro/cleanup/cleanup_strip";
import { TurnOffDialog } from "@calendar_sync_pro/cleanup/turn_off_dialog";

defineMailModels();

const PLAN = {
    blocked: "",
    label: "Memo",
    email: "ann@memo.example",
    is_loud: false,
    is_sync_on: true,
    calendars: [{ id: 1, name: "Ann", color: "", count: 37, series: 2, asks: 0 }],
    total: 37,
    quiet: 37,
    asks: 0,
    people: 0,
    asking: [],
    kept: 12,
    running_id: false,
};
const GUESTS = {
    quiet: 35,
    asks: 2,
    people: 5,
    asking: [{ id: 7, title: "Talk", start: "2026-06-01 08:00:00", people: 3, calendar: "Ann" }],
};
const RUN = {
    id: 5,
    state: "running",
    label: "Memo",
    counts: {},
    done: 12,
    total: 37,
    asks: 0,
    people: 0,
    told: 0,
    asking: [],
    trouble: [],
    waits: "",
    kept_count: 12,
    is_loud: false,
    may_put_back: false,
};

async function show(dialog, props) {
    await mountWithCleanup(MainComponentsContainer);
    getService("dialog").add(dialog, props);
    await animationFrame();
}

async function open(plan = {}, props = {}) {
    onRpc("calendar.sync.account", "cleanup_plan", () => ({ ...PLAN, ...plan }));
    await show(CleanupDialog, { accountId: 3, label: "Memo", ...props });
}

test.tags("csp");
test("S4-11: the dry run says numbers and that nobody is e-mailed", async () => {
    await open();
    expect(queryText(".o_csp_promise")).toBe("Removes 37 events from Memo. Nobody will be e-mailed.");
    expect(queryText(".o_csp_stays")).toInclude("never touched: 12 events.");
    expect(".o_csp_start").toHaveText("Remove 37 events");
    expect(".o_csp_guests").toHaveCount(0);
});

test.tags("csp");
test("S4-11: with nothing to remove there is no button for it", async () => {
    await open({ total: 0, quiet: 0, calendars: [] });
    expect(".o_csp_nothing").toHaveText(/Nothing to remove/);
    expect(".o_csp_start").toHaveCount(0);
});

test.tags("csp");
test("S4-11: an account that is not connected says so", async () => {
    await open({ blocked: "This account is not connected." });
    expect(".o_csp_blocked").toHaveText("This account is not connected.");
    expect(".o_csp_start").toHaveCount(0);
});

test.tags("csp");
test("S4-11: a tick takes those with guests along where the calendar is silent", async () => {
    onRpc("calendar.sync.account", "cleanup_start", ({ kwargs }) => {
        expect.step([kwargs.with_guests, kwargs.turn_off]);
        return 5;
    });
    onRpc("calendar.sync.cleanup", "progress", () => RUN);
    await open(GUESTS);
    expect(".o_csp_start").toHaveText("Remove 35 events");
    await contains("#csp_with_guests").click();
    expect(".o_csp_start").toHaveText("Remove 37 events");
    await contains(".o_csp_start").click();
    expect.verifySteps([[true, false]]);
    expect(".o_csp_done").toHaveText("12 of 37");
});

test.tags("csp");
test("S4-11: a calendar that tells guests leaves no such tick", async () => {
    await open({ ...GUESTS, is_loud: true });
    expect("#csp_with_guests").toHaveCount(0);
    expect(queryText(".o_csp_guests")).toInclude("Memo e-mails guests about every removal (5 people in all)");
});

test.tags("csp");
test("S4-11: the bar moves by itself until the end, then it can be undone", async () => {
    let now = RUN;
    onRpc("calendar.sync.cleanup", "progress", () => now);
    onRpc("calendar.sync.cleanup", "put_back", () => {
        expect.step("put_back");
        return true;
    });
    await open({}, { runId: 5 });
    expect(".progress-bar").toHaveStyle({ width: /px$/ });
    expect(".o_csp_put_back").toHaveCount(0);
    now = { ...RUN, state: "done", counts: { removed: 37 }, may_put_back: true };
    await advanceTime(2000);
    await animationFrame();
    expect(queryText(".o_csp_outcome")).toBe("Removed from Memo: 37 events. Nobody was e-mailed.");
    await contains(".o_csp_put_back").click();
    expect.verifySteps(["put_back"]);
});

test.tags("csp");
test("S4-11: telling people is a choice of its own, per event and for all", async () => {
    const asking = [7, 8].map((id) => ({ id, title: "Talk", start: "", people: 3, calendar: "Ann" }));
    const run = { ...RUN, state: "done", asks: 2, people: 3, asking, is_loud: true };
    onRpc("calendar.sync.cleanup", "progress", () => run);
    onRpc("calendar.sync.cleanup", "decide", ({ args }) => {
        expect.step(args.slice(1));
        return true;
    });
    await open({}, { runId: 5 });
    expect(".o_csp_quiet").toHaveCount(0);
    expect(".o_csp_tell:first").toHaveText("Remove and tell 3 people");
    await contains(".o_csp_tell:first").click();
    await contains(".o_csp_tell_all").click();
    expect.verifySteps([[[7], "tell"], [[], "tell"]]);
});

test.tags("csp");
test("S4-11: the card shows a run, and one that waits for a decision", async () => {
    const card = { provider_label: "Memo", cleanup: RUN };
    await mountWithCleanup(CleanupStrip, { props: { card, open: (id) => expect.step(id) } });
    expect(".o_csp_cleanup_strip").toHaveText(/Removing from Memo…[\s\S]*12 of 37/);
    await contains(".o_csp_cleanup_details").click();
    expect.verifySteps([5]);
});

test.tags("csp");
test("S4-10: switching off leaves everything, and offers the clean-up", async () => {
    await show(TurnOffDialog, {
        card: { provider_label: "Memo" },
        turnOff: () => expect.step("off"),
        cleanUp: () => expect.step("clean"),
    });
    expect(".modal-body").toHaveText(/Nothing is deleted/);
    await contains(".o_csp_turn_off_clean").click();
    await animationFrame();
    expect.verifySteps(["off", "clean"]);
    expect(".modal").toHaveCount(0);
});
