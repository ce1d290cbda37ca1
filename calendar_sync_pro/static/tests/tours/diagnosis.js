import { registry } from "@web/core/registry";

const dialog = ".modal:not(.o_inactive_modal) .o_csp_diagnosis";
const main = (check) => `${dialog} .o_csp_main[data-check='${check}']`;
const press = (check, fix) => ({
    content: `${check}: ${fix}`,
    trigger: `${main(check)} [data-fix=${fix}]:enabled`,
    run: "click",
});
const isWell = { trigger: `${dialog} .o_csp_main.alert-success:contains('Everything is as it should be')` };
const done = (words) => ({ trigger: `${dialog} .o_csp_done:contains('${words}')` });
const undo = { trigger: `${dialog} .o_csp_undo:enabled`, run: "click" };
const close = { trigger: `.modal:not(.o_inactive_modal):has(.o_csp_diagnosis) .o_csp_close`, run: "click" };

/**
 * Three things are wrong at once with Ann's connection: each is found when its turn has come, mended
 * by the button beside it, and then the checks go on by themselves.
 */
const connection = [
    { trigger: ".o_csp_check", run: "click" },
    press("toggle", "switch_on"),
    done("Calendar sync is on"),
    press("calendar", "choose"),
    { trigger: ".o_csp_calendars .dropdown-item:contains('Second')", run: "click" },
    done("“Second”"),
    press("zones", "set_zone"),
    done("Europe/Vienna"),
    isWell,
    { trigger: `${dialog} [data-check=toggle][data-level=ok]` },
    undo,
    { trigger: main("zones") },
    { trigger: `.modal .o_csp_copy`, run: "click" },
    { trigger: `${dialog} #csp_copied_text:value(/Account \\d+ at memory, …@corp.example/)` },
];

/** What stands in the calendar on a day: nothing is told of it but when, and why it isn't in Odoo. */
const entries = [
    { trigger: `${dialog} .o_csp_entries summary`, run: "click" },
    { trigger: `${dialog} .o_csp_look`, run: "click" },
    { trigger: `${dialog} .o_csp_found:contains('no participants')` },
    { trigger: `${dialog} .o_csp_found:not(:contains('Dentist'))` },
    { trigger: `${dialog} .o_csp_found [data-fix=bring_everything]`, run: "click" },
    done("What comes from the calendar was changed"),
    undo,
    done("is as it was"),
    close,
];

registry.category("web_tour.tours").add("calendar_sync_pro_diagnosis_connection", {
    steps: () => [...connection, ...entries, { trigger: "body:not(:has(.modal))" }],
});

/** An appointment of a colleague's: Ann is not on it, and is taken in. */
registry.category("web_tour.tours").add("calendar_sync_pro_diagnosis_appointment", {
    steps: () => [
        { trigger: ".o_notebook a[name=calendar_sync]", run: "click" },
        { trigger: ".o_csp_why", run: "click" },
        press("participants", "add_me"),
        done("Nobody was e-mailed"),
        isWell,
        { trigger: `${dialog} [data-check=standing]:contains('on its way')` },
        undo,
        { trigger: main("participants") },
        press("participants", "add_me"),
        isWell,
        close,
        { trigger: ".o_form_view .o_field_widget[name=partner_ids] :contains('ann')" },
    ],
});
