import { expect, test } from "@odoo/hoot";
import { advanceTime, animationFrame, mockDate, mockUserAgent } from "@odoo/hoot-mock";
import { queryAllTexts, queryText } from "@odoo/hoot-dom";
import { contains, makeMockEnv, mountWithCleanup, onRpc, patchWithCleanup } from "@web/../tests/web_test_helpers";
import { browser } from "@web/core/browser/browser";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { MainComponentsContainer } from "@web/core/main_components_container";
import { browserKind } from "@calendar_sync_pro/connect/browser_kind";
import { Connections } from "@calendar_sync_pro/connect/connections";
import { syncLine } from "@calendar_sync_pro/connect/moments";

defineMailModels();

const PROVIDER = {
    name: "memo",
    label: "Memo Calendar",
    logo: "",
    is_ready: true,
    client_id: "id-1",
    permissions: [
        { name: "Read busy/free status", what_it_does: "See when you're available", scopes: [] },
    ],
    busy_permissions: [],
    facts: [["Source Type", "Calendar Sync Provider"]],
};

function calendar(id, name, more = {}) {
    return { id, name, color: "#123456", can_choose: true, reason: "", blocks: false, mode: "busy_only", ...more };
}

function account(id, email, more = {}) {
    return {
        id,
        email,
        provider: "memo",
        provider_label: "Memo Calendar",
        logo: "",
        status: "active",
        status_label: "Active",
        purpose: "sync",
        is_sync_on: true,
        toggle_reason: "",
        other_id: false,
        calendars: [
            calendar(11, "Ann", { is_primary: true, is_events: true }),
            calendar(12, "Holidays", { can_choose: false, reason: "Read-only: its owner doesn't let you add events." }),
            calendar(13, "Team"),
        ],
        events_calendar_id: 11,
        last_sync: "2026-06-01T12:03:00Z",
        next_run: "2026-06-01T12:08:00Z",
        is_first_sync: false,
        synced_count: 0,
        problem: false,
        preferences: [],
        may_override: true,
        ...more,
    };
}

function page(accounts, more = {}) {
    return {
        is_own: true,
        is_admin: false,
        user_name: "Ann",
        now: "2026-06-01T12:05:00Z",
        current_id: accounts.find((a) => a.is_sync_on)?.id || false,
        accounts,
        providers: [PROVIDER],
        result: false,
        may_add: true,
        ...more,
    };
}

let shown;
async function show(...args) {
    shown = page(...args);
    onRpc("calendar.sync.account", "connections_page", () => shown);
    await mountWithCleanup(MainComponentsContainer);
    await mountWithCleanup(Connections);
}

/** A window that the test looks into instead of a browser's. */
function mockWindow() {
    const opened = { closed: false, location: "", close: () => expect.step("closed") };
    patchWithCleanup(browser, {
        open: () => {
            expect.step("opened");
            return opened;
        },
    });
    return opened;
}

test.tags("csp");
test("S2-01 S2-08: without an account there is a card with permissions and a button", async () => {
    await show([]);
    expect(".o_csp_empty .badge").toHaveText("Not Connected");
    expect(".o_csp_empty h2").toHaveText("Connect Your Calendar");
    expect(queryText(".o_csp_empty")).toInclude("Set up calendar sync in 60 seconds.");
    expect(queryAllTexts(".o_csp_permissions th")).toEqual(["Permission", "What it does"]);
    expect(".o_csp_permissions tbody tr").toHaveCount(1);
    expect(".o_csp_connect").toHaveText("Connect to Memo Calendar");
});

test.tags("csp");
test("S3-05: until the company activates it, “Connect to …” is grey and says why", async () => {
    const off = "Your company lets nobody connect Memo Calendar.";
    await show([], { providers: [{ ...PROVIDER, off }] });
    expect(".o_csp_connect").toHaveText("Connect to Memo Calendar");
    expect(".o_csp_connect").toHaveProperty("disabled", true);
    expect(".o_csp_off").toHaveText(off);
    expect(".o_csp_busy_only").toHaveCount(0);
});

test.tags("csp");
test("S1-33: the steps of a switch end with a test appointment, told on the card", async () => {
    const trial = { state: "", text: "", at: "", may_book: true };
    onRpc("calendar.sync.account", "book_trial", () => {
        expect.step("booked");
        Object.assign(trial, { state: "waiting", text: "A test appointment is being booked." });
        return true;
    });
    await show([account(1, "ann@memo.example", { trial })]);
    await contains(".o_csp_switching summary").click();
    const steps = ["Press Disconnect", "Press Connect another account", "Sign in there", "Press Book a test appointment"];
    expect(queryAllTexts(".o_csp_switching li").map((text, place) => text.startsWith(steps[place]))).toEqual([true, true, true, true]);
    expect(".o_csp_trial").toHaveCount(0);
    await contains(".o_csp_book_trial").click();
    expect.verifySteps(["booked"]);
    expect(".o_csp_trial").toHaveAttribute("data-state", "waiting");
    expect(".o_csp_book_trial").toHaveProperty("disabled", true);
    Object.assign(trial, { state: "passed", text: "The test appointment arrived." });
    await advanceTime(2000);
    await animationFrame();
    expect(queryText(".o_csp_trial")).toInclude("The test appointment arrived.");
});

test.tags("csp");
test("S3-22 S3-23: a card says why an invitation may be missing, where that happens", async () => {
    const missing_invitations = "Press “I know the sender”.";
    await show([account(1, "ann@memo.example", { missing_invitations })]);
    await contains(".o_csp_invitations summary").click();
    expect(".o_csp_invitations p").toHaveText(missing_invitations);
});

test.tags("csp");
test("S0-08: the card has a section Calendar with the toggle Calendar sync", async () => {
    await show([account(1, "ann@memo.example")]);
    expect(".o_csp_calendar h4").toHaveText("Calendar");
    expect(".o_csp_calendar .o_csp_toggle + label").toHaveText("Calendar sync");
});

test.tags("csp");
test("C4: where the company allows one account, no second one is offered and the page says why", async () => {
    await show([account(1, "ann@memo.example")], { may_add: false });
    expect(".o_csp_add").toHaveCount(0);
    expect(".o_csp_one_only").toHaveText("Your company allows one connected account per person.");
});

test.tags("csp");
test("S4-02: details name the facts and lead back to the integrations", async () => {
    await show([]);
    await contains(".o_csp_details").click();
    expect(".o_csp_facts dd").toHaveText("Calendar Sync Provider");
    expect(".o_csp_back").toHaveText("Back to Integrations");
    await contains(".o_csp_back").click();
    expect(".o_csp_permissions").toHaveCount(1);
});

test.tags("csp");
test("S1-18: the window opens in the click, before the server is asked", async () => {
    const opened = mockWindow();
    onRpc("/calendar_sync/oauth/start", async (request) => {
        const { params } = await request.json();
        expect.step(`start ${params.provider} ${params.purpose}`);
        return { id: 5, url: "https://provider.example/consent" };
    });
    await show([]);
    await contains(".o_csp_connect").click();
    await animationFrame();
    expect.verifySteps(["opened", "start memo sync"]);
    expect(opened.location).toBe("https://provider.example/consent");
    expect(".o_csp_waiting").toHaveCount(1);
});

test.tags("csp");
test("S1-16: the result arrives from the window and the page turns Active", async () => {
    mockWindow();
    onRpc("/calendar_sync/oauth/start", () => ({ id: 5, url: "https://provider.example/" }));
    onRpc("calendar.sync.consent", "result_of", () => ({
        code: "ok", is_ok: true, title: "Connected", text: "ann@memo.example is connected.",
    }));
    await show([]);
    await contains(".o_csp_connect").click();
    await animationFrame();
    shown = page([account(1, "ann@memo.example")]);
    const event = new MessageEvent("message", {
        data: { kind: "calendar_sync_result", id: 5, code: "ok" },
        origin: browser.location.origin,
    });
    window.dispatchEvent(event);
    await animationFrame();
    await animationFrame();
    expect(".o_csp_waiting").toHaveCount(0);
    expect(".o_csp_notice strong").toHaveText("Connected");
    expect(".o_csp_status").toHaveText("Active");
    expect.verifySteps(["opened"]);
});

test.tags("csp");
test("S0-10: a choice of providers that was opened meanwhile stays open when the result arrives", async () => {
    mockWindow();
    onRpc("/calendar_sync/oauth/start", () => ({ id: 5, url: "https://provider.example/" }));
    onRpc("calendar.sync.consent", "result_of", () => ({
        code: "ok", is_ok: true, title: "Connected", text: "ann@memo.example is connected.",
    }));
    const problem = { level: "danger", sentence: "Lost.", next_step: "", button: "reconnect", waiting: 0, until: "" };
    await show([account(1, "ann@memo.example", { status: "reconnect_required", problem })]);
    await contains(".o_csp_problem button").click();
    await animationFrame();
    await contains(".o_csp_add").click();
    window.dispatchEvent(
        new MessageEvent("message", {
            data: { kind: "calendar_sync_result", id: 5, code: "ok" },
            origin: browser.location.origin,
        })
    );
    await animationFrame();
    await animationFrame();
    expect(".o_csp_notice strong").toHaveText("Connected");
    expect(".o_csp_connect").toHaveCount(1);
    expect.verifySteps(["opened"]);
});

test.tags("csp");
test("S1-19 S1-20: a blocked window leads to steps for three browsers and two ways on", async () => {
    mockUserAgent("Mozilla/5.0 (X11; Linux) Gecko/20100101 Firefox/140.0");
    patchWithCleanup(browser, { open: () => null });
    await show([]);
    await contains(".o_csp_connect").click();
    await animationFrame();
    expect(".modal [role=tab].active").toHaveText("Firefox");
    for (const kind of ["chrome", "safari", "firefox"]) {
        await contains(`.modal [data-browser=${kind}]`).click();
        expect(".modal ol li").toHaveCount(3);
    }
    expect(".modal .o_csp_here").toHaveText("Continue in this tab");
    const opened = mockWindow();
    onRpc("/calendar_sync/oauth/start", () => ({ id: 6, url: "https://provider.example/2" }));
    await contains(".modal .o_csp_try_again").click();
    await animationFrame();
    expect.verifySteps(["opened"]);
    expect(opened.location).toBe("https://provider.example/2");
});

test.tags("csp");
test("S0-27: the second account's toggle is greyed out, names the other one and offers to switch", async () => {
    onRpc("calendar.sync.account", "switch_here", ({ args }) => {
        expect.step(`switch ${args[0]}`);
        return true;
    });
    await show([
        account(1, "ann@memo.example"),
        account(2, "ann@home.example", {
            is_sync_on: false,
            toggle_reason: "Sync is on for ann@memo.example. Turn it off there first, or switch.",
            other_id: 1,
        }),
    ]);
    const second = ".o_csp_account[data-email='ann@home.example']";
    expect(`${second} .o_csp_toggle`).not.toBeEnabled();
    expect(`${second} .o_csp_reason`).toHaveText(/ann@memo.example/);
    expect(`${second} .o_csp_events`).toHaveCount(0);
    await contains(`${second} .o_csp_switch`).click();
    expect.verifySteps(["switch 2"]);
});

test.tags("csp");
test("S0-19: Sync now turns until the account is no longer due, also within the second of the last sync", async () => {
    onRpc("calendar.sync.account", "sync_now", () => {
        shown = page([account(1, "ann@memo.example", { next_run: "2026-06-01T12:05:00Z" })]);
        return true;
    });
    await show([account(1, "ann@memo.example")]);
    await contains(".o_csp_sync_now").click();
    await animationFrame();
    expect(".o_csp_sync_now").toHaveText("Syncing…");
    shown = page([account(1, "ann@memo.example", { next_run: "2026-06-01T12:10:00Z" })]);
    await advanceTime(1000);
    await animationFrame();
    expect(".o_csp_sync_now").toHaveText("Sync now");
});

test.tags("csp");
test("S0-34: a read-only calendar is in the list, can't be chosen and says why", async () => {
    onRpc("calendar.sync.account", "choose_calendar", ({ args }) => {
        expect.step(`choose ${args[1]}`);
        return true;
    });
    await show([account(1, "ann@memo.example")]);
    await contains(".o_csp_events").click();
    expect(".o_csp_refused").toHaveText(/Holidays[\s\S]*Read-only/);
    await contains(".o_csp_calendars .o-dropdown-item:contains(Team)").click();
    expect.verifySteps(["choose 13"]);
});

test.tags("csp");
test("S0-18: refresh says what is new", async () => {
    onRpc("calendar.sync.account", "refresh_calendars", () => ({
        new: ["A", "B"], renamed: [], missing: [],
    }));
    await show([account(1, "ann@memo.example")]);
    await contains(".o_csp_refresh").click();
    expect(".o_csp_said").toHaveText("2 new calendars");
});

test.tags("csp");
test("S1-15: the strip has a cause, what waits, and one button by state", async () => {
    await show([
        account(1, "ann@memo.example", {
            status: "reconnect_required",
            status_label: "Reconnect Required",
            problem: {
                level: "danger", sentence: "The password was changed.", next_step: "Press Reconnect.",
                button: "reconnect", waiting: 3, until: "",
            },
        }),
    ]);
    expect(".o_csp_problem").toHaveText(/password was changed[\s\S]*3 waiting changes are safe/);
    expect(".o_csp_problem button").toHaveText("Reconnect");
});

test.tags("csp");
test("S0-33: an administrator can't sign in for somebody else", async () => {
    const problem = {
        level: "danger", sentence: "Lost.", next_step: "", button: "reconnect", waiting: 0, until: "",
    };
    await show([account(1, "ann@memo.example", { problem })], { is_own: false, is_admin: true });
    expect(".o_csp_reconnect").toHaveCount(0);
    expect(".o_csp_connect").toHaveCount(0);
    expect(".o_csp_toggle").toBeEnabled();
});

test.tags("csp");
test("S2-63: disconnecting says what happens before it happens", async () => {
    onRpc("calendar.sync.account", "disconnect", () => {
        expect.step("disconnect");
        return true;
    });
    await show([account(1, "ann@memo.example")]);
    await contains(".o_csp_disconnect").click();
    expect(".modal-body").toHaveText(/Every appointment stays[\s\S]*nobody is e-mailed/);
    expect.verifySteps([]);
    await contains(".modal .btn-danger").click();
    expect.verifySteps(["disconnect"]);
});

test.tags("csp");
test("S4-10: where no app may give access back, disconnecting says where a person does", async () => {
    onRpc("calendar.sync.account", "disconnect", () => true);
    await show([account(1, "ann@memo.example", { grants_url: "https://memo.example/apps" })]);
    await contains(".o_csp_disconnect").click();
    expect(queryText(".modal-body")).toInclude("until you take it back");
    await contains(".modal .btn-danger").click();
    await animationFrame();
    expect(".o_csp_notice a").toHaveAttribute("href", "https://memo.example/apps");
});

test.tags("csp");
test("S0-19: last sync and the next one, relative and absolute", async () => {
    await makeMockEnv();
    mockDate("2026-06-01 12:05:00", 0);
    const { DateTime } = luxon;
    const at = (minute) => DateTime.fromObject({ hour: 12, minute }).toLocaleString(DateTime.TIME_SIMPLE);
    expect(syncLine(account(1, "a"))).toBe(`2 minutes ago (${at(3)}) · next about ${at(8)}`);
    expect(syncLine(account(1, "a", { is_first_sync: true }))).toBe("the first one is running");
    expect(syncLine(account(1, "a", { last_sync: "", next_run: "" }))).toBe("not yet");
});

test.tags("csp");
test("S1-20: the browser in use is recognised", () => {
    const safari = "Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 Version/18.0 Safari/605.1.15";
    const chrome = "Mozilla/5.0 (X11) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36";
    expect(browserKind(safari)).toBe("safari");
    expect(browserKind(chrome)).toBe("chrome");
    expect(browserKind("Mozilla/5.0 Gecko Firefox/140.0")).toBe("firefox");
    expect(browserKind("Lynx/2.9")).toBe("other");
});

test.tags("csp");
test("S1-06: the card says how many events need the owner, and nothing when none does", async () => {
    const attention = { decide: 2, other: 1, people: 3 };
    await show([account(1, "ann@memo.example", { attention })]);
    expect(queryAllTexts(".o_csp_attention .o_csp_words > div")).toEqual([
        "2 changes wait for your decision. Memo Calendar would tell 3 people.",
        "1 event could not be synced.",
    ]);
    expect(".o_csp_show_attention").toHaveCount(1);
    onRpc("calendar.sync.account", "sync_now", () => true);
    shown.accounts[0] = account(1, "ann@memo.example", { attention: { decide: 0, other: 0, people: 0 } });
    await contains(".o_csp_sync_now").click();
    expect(".o_csp_attention").toHaveCount(0);
});
