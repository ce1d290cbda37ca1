import { registry } from "@web/core/registry";
import { only, row } from "./list_steps";

const dialog = ".modal:not(.o_inactive_modal)";
const strangers = ".o_field_widget[name=unknown_guest_ids]";

const goTo = (path) => ({
    content: path,
    trigger: ".o_main_navbar",
    run: () => (window.location = path),
    expectUnloadPage: true,
});

/**
 * On the account's card it is said which type imported meetings get, in the preferences under
 * which further addresses one is invited, in the settings which domains are the company's.
 */
registry.category("web_tour.tours").add("calendar_sync_pro_meetings_settings", {
    steps: () => [
        { trigger: ".o_csp_preferences summary", run: "click" },
        { trigger: ".o_csp_preferences select[data-name=import_type_id]", run: "selectByLabel Visit" },
        { trigger: ".o_csp_preferences select[data-name=import_type_id]:has(option:checked:contains('Visit'))" },
        { trigger: ".o_user_menu button", run: "click" },
        { trigger: ".o-dropdown--menu [data-menu=preferences]", run: "click" },
        { trigger: `${dialog} a[name=calendar_connections]`, run: "click" },
        {
            trigger: `${dialog} .o_field_widget[name=sync_addresses] input`,
            run: "edit karl@exempel.example, karl@sthlm.exempel.example",
        },
        {
            trigger: `${dialog} button[name=preference_save]`,
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: ".o_csp_preferences summary" },
        goTo("/odoo/calendar-sync-settings"),
        {
            trigger: "#sync_own_domains .o_field_widget[name=sync_own_domains] input",
            run: "edit partner.example",
        },
        { trigger: ".o_form_button_save", run: "click", expectUnloadPage: true },
        { trigger: "#sync_own_domains input:value(partner.example)" },
    ],
});

/** Those with somebody from outside have come; no colleague without a user is listed. */
registry.category("web_tour.tours").add("calendar_sync_pro_meetings_which_came", {
    steps: () => [
        only(["Carla and Johanna", "Johanna in Gothenburg"], ["Colleague's domain", "Our partner"]),
        { trigger: `${row("Carla and Johanna")} .o_tag:contains('Carla')` },
        { trigger: `${row("Carla and Johanna")}:not(:has(.o_tag:contains('Johanna')))` },
        { trigger: `${row("Johanna in Gothenburg")} .o_tag:contains('Johanna of Gothenburg')` },
    ],
});

/**
 * An invitation fits two leads: the rep sees that one was guessed, and takes the other. Of its
 * guests whom nobody knows, one becomes a contact and one a lead.
 */
registry.category("web_tour.tours").add("calendar_sync_pro_meetings_incoming", {
    steps: () => [
        { trigger: ".o_field_widget[name=opportunity_id] input:value(Harbour)" },
        { trigger: ".o_form_view:contains('Found by the guest\\'s address.')" },
        { trigger: "button[name=action_confirm_lead]" },
        { trigger: "button[name=action_choose_lead]", run: "click" },
        { trigger: `${dialog} .o_data_row:contains('Harbour')` },
        {
            trigger: `${dialog} .o_data_row:contains('Fleet') button[name=action_use_for_appointment]`,
            run: "click",
        },
        { trigger: ".o_field_widget[name=opportunity_id] input:value(Fleet)" },
        {
            content: "It is no guess any more",
            trigger: ".o_form_view:not(:has(button[name=action_confirm_lead]))",
        },
        { trigger: `${strangers} .o_data_row:contains('tim@unheard.example')` },
        {
            content: "The known customer isn't among them",
            trigger: `${strangers}:not(:contains('carla@customer.example'))`,
        },
        {
            trigger: `${strangers} .o_data_row:contains('sue@stranger.example') button[name=action_create_contact]`,
            run: "click",
        },
        { trigger: ".o_field_widget[name=partner_ids] .o_tag:contains('Sue')" },
        { trigger: `${strangers}:not(:contains('sue@stranger.example'))` },
        {
            trigger: `${strangers} .o_data_row:contains('tim@unheard.example') button[name=action_create_lead]`,
            run: "click",
        },
        { trigger: ".o_form_view .o_field_widget[name=partner_id] input:value(Tim)" },
    ],
});
