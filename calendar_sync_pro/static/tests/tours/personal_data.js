import { registry } from "@web/core/registry";

const line = (name, count) => `[name=line_ids] .o_data_row:contains('${name}'):contains('${count}')`;
const press = (name) => ({ trigger: `.modal footer button[name=${name}]:visible`, run: "click" });

/** What was asked of one's calendar; what is kept of oneself, taken along and erased. */
registry.category("web_tour.tours").add("calendar_sync_pro_personal_data", {
    steps: () => [
        { trigger: ".o_list_view .o_data_row", content: "an hour with its requests" },
        { trigger: ".o_list_view:not(:contains('Salary'))", content: "never what it was about" },
        { trigger: "[data-menu-xmlid='calendar.calendar_menu_config']", run: "click" },
        {
            trigger: "[data-menu-xmlid='calendar_sync_pro.calendar_privacy_menu']",
            run: "click",
        },
        { trigger: `.modal ${line("Connected calendar accounts", 1)}:contains('taken back')` },
        { trigger: ".modal:contains('Nothing is deleted at the provider')" },
        { trigger: ".modal:not(:has([name=kind] input:visible))", content: "only about oneself" },
        press("action_download"),
        { trigger: ".modal [name=erase_events] input", run: "click" },

        // What will happen is said, and can be left.
        press("action_erase"),
        {
            trigger: ".modal:contains('calendars are disconnected'):contains('deleted for good')",
        },
        { trigger: ".modal:contains('Erase personal data') .btn-secondary", run: "click" },
        { trigger: `.modal ${line("Connected calendar accounts", 1)}` },
        press("action_erase"),
        { trigger: ".modal:contains('Erase personal data') footer .btn-primary", run: "click" },
        { trigger: ".modal .alert-success:contains('Erased.')" },
        { trigger: `.modal ${line("Connected calendar accounts", 0)}` },
        { trigger: ".modal:not(:has(button[name=action_erase]:visible))" },
        { trigger: ".modal footer button:contains('Close')", run: "click" },
        { trigger: "body:not(:has(.modal))" },
    ],
});
