import { expect, test } from "@odoo/hoot";
import { animationFrame } from "@odoo/hoot-mock";
import { queryAllTexts, queryText } from "@odoo/hoot-dom";
import { contains, mountWithCleanup, onRpc } from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { MainComponentsContainer } from "@web/core/main_components_container";
import { Connections } from "@calendar_sync_pro/connect/connections";

defineMailModels();

function preset(name, label, more = {}) {
    return {
        name, label, address: "", example: "", help_url: "", password_url: "",
        needs_app_password: false, ...more,
    };
}

const FASTER = preset("faster", "Faster Mail", {
    address: "https://dav.faster.example/",
    password_url: "https://faster.example/passwords",
    help_url: "https://faster.example/help",
    needs_app_password: true,
});
const OWN = preset("own", "Own Cloud", { example: "https://cloud.example.com" });

const MEMO = {
    name: "memo", label: "Memo Calendar", logo: "", is_ready: true, client_id: "",
    permissions: [], busy_permissions: [], facts: [],
    form: { needs_address: true, presets: [FASTER, OWN] },
};

function account(more = {}) {
    return {
        id: 7, email: "ann@memo.example", provider: "memo", provider_label: "Memo Calendar", logo: "",
        status: "reconnect_required", status_label: "Reconnect Required", purpose: "sync",
        is_sync_on: true, toggle_reason: "", other_id: false, calendars: [], events_calendar_id: false,
        last_sync: "", next_run: "", is_first_sync: false, synced_count: 0, preferences: [],
        may_override: true,
        login: { username: "ann", address: "https://dav.memo.example/ann/", preset: "", password_url: "https://memo.example/pw" },
        problem: { level: "danger", sentence: "Changed.", next_step: "", button: "reconnect", waiting: 0, until: "" },
        ...more,
    };
}

const sent = [];

let shown;
async function show(accounts = [], providers = [MEMO]) {
    shown = {
        is_own: true, is_admin: false, user_name: "Ann", now: "2026-06-01T12:05:00Z",
        current_id: accounts[0]?.id || false, accounts, providers, result: false, may_add: true,
    };
    onRpc("calendar.sync.account", "connections_page", () => shown);
    await mountWithCleanup(MainComponentsContainer);
    await mountWithCleanup(Connections);
}

function answers(...results) {
    onRpc("/calendar_sync/password/connect", async (request) => {
        const { params } = await request.json();
        sent.push(params);
        expect.step(params.password);
        return results.shift();
    });
}

const OK = { code: "ok", is_ok: true, title: "Connected", text: "ann is connected.", next_step: "", field: "" };

test.tags("csp");
test("S2-07: a form instead of a window; what was typed is sent once", async () => {
    answers(OK);
    await show();
    await contains(".o_csp_connect").click();
    expect(".modal-title").toHaveText("Connect to Memo Calendar");
    expect("#csp_login_preset").toBeFocused();
    expect("#csp_login_password").toHaveAttribute("type", "password");
    await contains("#csp_login_address").edit("https://dav.memo.example", { confirm: false });
    await contains("#csp_login_username").edit("ann", { confirm: false });
    await contains("#csp_login_password").edit("secret", { confirm: false });
    await contains(".o_csp_submit").click();
    expect.verifySteps(["secret"]);
    expect(sent.pop()).toEqual({
        provider: "memo", purpose: "sync", address: "https://dav.memo.example",
        username: "ann", password: "secret", account_id: false,
    });
    await animationFrame();
    expect(".modal").toHaveCount(0);
    expect(".o_csp_notice strong").toHaveText("Connected");
});

test.tags("csp");
test("S2-07: a refusal is said in place, tied to its field, and the form stays as it was", async () => {
    answers(
        {
            code: "wrong_password", is_ok: false, title: "Nothing was connected",
            text: "Wrong.", next_step: "Again.", field: "password",
        },
        OK
    );
    await show();
    await contains(".o_csp_connect").click();
    await contains("#csp_login_username").edit("ann", { confirm: false });
    await contains("#csp_login_password").edit("wrong", { confirm: false });
    await contains(".o_csp_submit").click();
    await animationFrame();
    expect(queryText(".o_csp_problem")).toInclude("Wrong.");
    expect(".o_csp_problem").toHaveAttribute("role", "alert");
    expect("#csp_login_password").toHaveAttribute("aria-invalid", "true");
    expect("#csp_login_password").toBeFocused();
    expect("#csp_login_username").toHaveValue("ann");
    expect("#csp_login_address").not.toHaveAttribute("aria-invalid");
    await contains(".o_csp_submit").click();
    await animationFrame();
    expect(".modal").toHaveCount(0);
    expect.verifySteps(["wrong", "wrong"]);
});

test.tags("csp");
test("S2-04: a known service brings its address and the way to an app password", async () => {
    await show();
    await contains(".o_csp_connect").click();
    expect(".o_csp_app_password").toHaveCount(0);
    await contains("#csp_login_preset").select("faster");
    expect("#csp_login_address").toHaveValue("https://dav.faster.example/");
    expect(".o_csp_app_password li").toHaveCount(3);
    expect(".o_csp_app_password a:first").toHaveAttribute("href", "https://faster.example/passwords");
    await contains("#csp_login_preset").select("own");
    expect("#csp_login_address").toHaveValue("");
    expect("#csp_login_address").toHaveAttribute("placeholder", "https://cloud.example.com");
    await contains("#csp_login_address").edit("https://own.example", { confirm: false });
    await contains("#csp_login_preset").select("");
    expect("#csp_login_address").toHaveValue("https://own.example");
});

test.tags("csp");
test("S2-04: where the address is known nobody is asked for it", async () => {
    await show([], [{ ...MEMO, form: { needs_address: false, presets: [FASTER] } }]);
    await contains(".o_csp_connect").click();
    expect("#csp_login_address").toHaveCount(0);
    expect("#csp_login_preset").toHaveCount(0);
    expect("#csp_login_username").toBeFocused();
    expect(queryAllTexts(".o_csp_login label")).toEqual(["E-mail or user name", "App password"]);
});

test.tags("csp");
test("S0-22: reconnecting asks for the password only", async () => {
    answers(OK);
    await show([account()]);
    await contains(".o_csp_reconnect").click();
    expect(".modal-title").toHaveText("Connect ann@memo.example again");
    expect("#csp_login_address").toHaveValue("https://dav.memo.example/ann/");
    expect("#csp_login_username").toHaveValue("ann");
    expect("#csp_login_password").toBeFocused();
    await contains("#csp_login_password").edit("new", { confirm: false });
    await contains(".o_csp_submit").click();
    await animationFrame();
    expect.verifySteps(["new"]);
});

test.tags("csp");
test("S0-21: disconnecting says that the password is forgotten here and where to delete it", async () => {
    onRpc("calendar.sync.account", "disconnect", () => true);
    await show([account({ status: "active", problem: false })]);
    await contains(".o_csp_disconnect").click();
    expect(queryText(".modal-body")).toInclude("forgets the password");
    await contains(".modal .btn-danger").click();
    await animationFrame();
    expect(".o_csp_notice a").toHaveAttribute("href", "https://memo.example/pw");
});
