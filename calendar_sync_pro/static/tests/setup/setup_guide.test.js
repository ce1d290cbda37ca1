import { describe, expect, test } from "@odoo/hoot";
import { manuallyDispatchProgrammaticEvent, queryAllTexts } from "@odoo/hoot-dom";
import { Deferred, advanceTime, animationFrame } from "@odoo/hoot-mock";
import { contains, defineModels, models, mountWithCleanup, onRpc } from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { SetupGuide } from "@calendar_sync_pro/setup/setup_guide";

describe.current.tags("csp");

class Setup extends models.Model {
    _name = "calendar.sync.setup";
}
defineMailModels();
defineModels([Setup]);

const LINE = { title: "Client ID and secret", shows: [], text: "", fix: false };
const LABELS = { ok: "Done", open: "To do", failing: "Not working" };

function page(...lines) {
    const shown = lines.map((line, number) => ({
        ...LINE,
        key: `line:${number}`,
        code: "",
        state_label: LABELS[line.state],
        ...line,
    }));
    return {
        done: lines.filter((line) => line.state === "ok").length,
        needed: lines.length,
        groups: [{ key: "acme", label: "Acme", logo: "", lines: shown, steps: [], add: false }],
        is_untested: lines.some((line) => line.code === "app_untested"),
    };
}

const open = () => mountWithCleanup(SetupGuide);

const summary = ".o_csp_setup_summary";

test("what was entered and not tried is tried once, by itself", async () => {
    onRpc("calendar.sync.setup", "guide", () => page({ state: "open", code: "app_untested" }));
    const answer = new Deferred();
    onRpc("calendar.sync.setup", "check", () => {
        expect.step("asked");
        return answer;
    });
    await open();
    await animationFrame();
    expect(".o_csp_setup").toHaveAttribute("aria-busy", "true");
    expect(".o_csp_setup_check").toHaveText("Checking…");
    expect(".o_csp_setup_check").not.toBeEnabled();
    answer.resolve(page({ state: "open", code: "app_untested" }));
    await animationFrame();
    expect(".o_csp_setup_check").toBeEnabled();
    expect("[role=status]").toHaveText("0 of 1 done");
    await advanceTime(60000);
    expect.verifySteps(["asked"]);
});

test("a line turns green by itself, and when its reader comes back", async () => {
    let now = page({ state: "failing" }, { state: "open" });
    onRpc("calendar.sync.setup", "guide", () => now);
    await open();
    expect(queryAllTexts("li .small")).toEqual(["Not working", "To do"]);
    expect("[role=progressbar]").toHaveAttribute("aria-valuetext", "0 of 2 done");
    now = page({ state: "ok" }, { state: "open" });
    await advanceTime(15000);
    await animationFrame();
    expect(summary).toHaveText("1 of 2 done");
    now = page({ state: "ok" }, { state: "ok" });
    await manuallyDispatchProgrammaticEvent(window, "focus");
    await animationFrame();
    expect(summary).toHaveText("Everything is set up.");
});

test("a lost connection leaves the page as it was, and it looks again", async () => {
    let isDown = false;
    onRpc("calendar.sync.setup", "guide", () => {
        if (isDown) {
            throw new Error("down");
        }
        return page({ state: "ok" });
    });
    await open();
    isDown = true;
    await advanceTime(15000);
    await animationFrame();
    expect(summary).toHaveText("Everything is set up.");
    isDown = false;
    expect(".o_error_dialog").toHaveCount(0);
});

test("a button does what it says, and the page is read anew", async () => {
    let state = "failing";
    const fix = { label: "Switch on", call: ["switch_workers_on"], action: false };
    onRpc("calendar.sync.setup", "guide", () => page({ state, fix: state === "ok" ? false : fix }));
    onRpc("calendar.sync.setup", "switch_workers_on", () => {
        expect.step("switched on");
        state = "ok";
        return true;
    });
    await open();
    expect("li button").toHaveAttribute("aria-label", "Switch on: Client ID and secret");
    await contains("li button").click();
    await animationFrame();
    expect.verifySteps(["switched on"]);
    expect("li button").toHaveCount(0);
    expect("[role=status]").toHaveText("Everything is set up.");
});
