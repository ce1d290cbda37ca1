import { registry } from "@web/core/registry";

const dialog = ".modal:not(.o_inactive_modal)";
const strangers = ".o_field_widget[name=unknown_guest_ids]";

/** A rep says on the account's card which type imported meetings get. */
registry.category("web_tour.tours").add("calendar_sync_pro_meetings_import_type", {
    steps: () => [
        { trigger: ".o_csp_preferences summary", run: "click" },
        { trigger: ".o_csp_preferences select[data-name=import_type_id]", run: "selectByLabel Visit" },
        { trigger: ".o_csp_preferences select[data-name=import_type_id]:has(option:checked:contains('Visit'))" },
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
