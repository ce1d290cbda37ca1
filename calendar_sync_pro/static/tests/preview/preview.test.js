import { expect, test } from "@odoo/hoot";
import { advanceTime, animationFrame } from "@odoo/hoot-mock";
import { press, queryText } from "@odoo/hoot-dom";
import { contains, getService, mountWithCleanup, onRpc } from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { MainComponentsContainer } from "@web/core/main_components_container";
import { PreviewDialog } from "@calendar_sync_pro/preview/preview_dialog";
import { PreviewStrip } from "@calendar_sync_pro/preview/preview_strip";

defineMailModels();

const ROW = {
    id: 1,
    side: "into_odoo",
    title: "Talk",
    start: "2026-06-01 08:00:00",
    is_all_day: false,
    is_series: false,
    reason: "Somebody from outside the company takes part.",
    result: "",
    problem: "",
};
const PAGE = {
    id: 5,
    state: "ready",
    undo: "",
    label: "Memo",
    email: "ann@memo.example",
    counts: { into_odoo: 42, into_calendar: 11, same: 8, kept_out: 120 },
    lists: {
        into_odoo: [ROW],
        into_calendar: [{ ...ROW, id: 2, title: "Mine", side: "into_calendar" }],
        same: [],
        kept_out: [{ ...ROW, id: 3, title: "", reason: "Private: only its time is blocked." }],
    },
    late: [],
    waits: "",
    seen: 181,
    done: 0,
    total: 61,
    is_own: true,
    is_sync_on: false,
    choices: {
        may_choose: true,
        import_policy: "external",
        import_options: [
            ["external", "Meetings with somebody outside"],
            ["everything", "Everything"],
        ],
        days_back: 30,
        days_ahead: 92,
    },
};

async function open(...pages) {
    onRpc("calendar.sync.preview", "page", () => ({ ...PAGE, ...(pages.length > 1 ? pages.shift() : pages[0]) }));
    await mountWithCleanup(MainComponentsContainer);
    getService("dialog").add(PreviewDialog, { previewId: 5, label: "Memo" });
    await animationFrame();
}

test.tags("csp");
test("B-02, B-01: numbers, lists with reasons, and that nobody is e-mailed", async () => {
    await open({});
    expect(queryText(".o_csp_preview_summary")).toBe(
        "42 to Odoo, 11 to Memo, 8 are the same already. Nobody will be e-mailed."
    );
    expect(queryText(".o_csp_preview_list")).toInclude("Somebody from outside");
    expect(queryText(".o_csp_preview_list")).toInclude("and 41 more");
    expect(".o_csp_preview_undo").toHaveCount(0);
});

test.tags("csp");
test("B-02, D-09: arrow keys move between the lists; what only blocks time has no title", async () => {
    await open({});
    await contains("[data-side=into_odoo]").focus();
    await press("ArrowLeft");
    await animationFrame();
    expect("[data-side=kept_out]").toHaveAttribute("aria-selected", "true");
    expect(queryText(".o_csp_preview_list")).toInclude("Only its time");
    await press("ArrowLeft");
    await animationFrame();
    expect(queryText(".o_csp_preview_list")).toBe("No event stands on both sides already.");
});

test.tags("csp");
test("B-02: other choices have to be looked at before the start", async () => {
    onRpc("calendar.sync.preview", "choose", ({ args }) => {
        expect.step(args.slice(1));
        return true;
    });
    await open({});
    await contains("#csp_preview_import").select("everything");
    expect(".o_csp_preview_start").not.toBeEnabled();
    await contains(".o_csp_preview_choose").click();
    expect.verifySteps([["everything", 30, 92]]);
});

test.tags("csp");
test("B-02: the bar moves by itself until the end, then what came out is told", async () => {
    await open(
        { state: "running", done: 12 },
        { state: "done", done: 61, undo: "may", late: [{ ...ROW, problem: "It came meanwhile." }] }
    );
    expect(".o_csp_done").toHaveText("12 of 61");
    await advanceTime(2500);
    await animationFrame();
    expect(queryText(".o_csp_preview_summary")).toInclude("Nobody was e-mailed.");
    expect(queryText(".o_csp_preview_late")).toInclude("It came meanwhile.");
    expect(".o_csp_preview_undo").toHaveCount(1);
});

test.tags("csp");
test("B-07: undoing asks first and says what stays", async () => {
    onRpc("calendar.sync.preview", "undo", () => expect.step("undo") || true);
    await open({ state: "done", undo: "may", done: 61 });
    await contains(".o_csp_preview_undo").click();
    expect(queryText(".modal:last .modal-body")).toInclude("What you have worked with since stays");
    expect.verifySteps([]);
    await contains(".modal:last .btn-danger").click();
    expect.verifySteps(["undo"]);
});

test.tags("csp");
test("B-02: a new preview opens by itself, once", async () => {
    const card = { preview: { ...PAGE, id: 91 }, provider_label: "Memo" };
    const props = { card, isOwn: true, open: (id) => expect.step(id) };
    await mountWithCleanup(PreviewStrip, { props });
    expect.verifySteps([91]);
    await mountWithCleanup(PreviewStrip, { props });
    expect.verifySteps([]);
    expect(".o_csp_preview_open:first").toHaveText("Look and start");
});
