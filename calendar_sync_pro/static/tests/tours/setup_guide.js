import { registry } from "@web/core/registry";

const dialog = ".modal:not(.o_inactive_modal)";
const line = (key, state) => `.o_csp_setup_line[data-line^='${key}'][data-state=${state}]`;
const enter = (name, text) => ({
    trigger: `${dialog} .o_field_widget[name=${name}]:visible input`,
    run: `edit ${text}`,
});
const save = { trigger: `${dialog} .o_form_button_save`, run: "click" };

/** From a worker that is off and no credentials to green lines; a wrong secret is said in place. */
registry.category("web_tour.tours").add("calendar_sync_pro_setup_guide", {
    steps: () => [
        { trigger: "[data-menu-xmlid='calendar.calendar_menu_config']", run: "click" },
        { trigger: "[data-menu-xmlid='calendar_sync_pro.setup_guide_menu']", run: "click" },
        { trigger: ".o_csp_setup .progress[role=progressbar][aria-valuetext*='done']" },
        { trigger: `${line("workers", "failing")} button:contains('Switch on')`, run: "click" },
        { trigger: line("workers", "ok") },
        {
            trigger: `.card[data-group=google] ${line("credentials", "open")} button:contains('Enter them')`,
            run: "click",
        },
        enter("client_id", "CLIENT_ID"),
        enter("client_secret", "mistyped"),
        save,
        {
            content: "It is tried by itself",
            trigger: `${line("credentials", "failing")}:contains('does not accept')`,
        },
        { trigger: `${line("credentials", "failing")} button:contains('Correct them')`, run: "click" },
        enter("client_secret", "CLIENT_SECRET"),
        save,
        { trigger: `.card[data-group=google] ${line("credentials", "ok")}` },
        { trigger: `.card[data-group=google] ${line("redirect", "ok")}:contains('/calendar_sync/oauth/callback')` },
        { trigger: ".card[data-group=google] details summary", run: "click" },
        { trigger: ".card[data-group=google] details[open] li:contains('Authorised redirect URIs')" },
        { trigger: ".o_csp_setup_check:enabled", run: "click" },
        { trigger: ".o_csp_setup_check:enabled:contains('Check again')" },
        { trigger: `${line("credentials", "ok")}` },
        { trigger: `${line("trial", "open")} button`, run: "click" },
        { trigger: ".o_csp_connections" },
    ],
});
