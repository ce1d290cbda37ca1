import { registry } from "@web/core/registry";

const dialog = ".modal:not(.o_inactive_modal)";

/** It did not take place: the rep says so and books the next try, with everything on it. */
registry.category("web_tour.tours").add("calendar_sync_pro_meetings_follow_up", {
    steps: () => [
        { trigger: ".o_form_view:contains('The time of a past appointment stays.')" },
        {
            content: "No time can be typed",
            trigger: ".o_form_view .o_field_widget[name=start]:not(:has(input))",
        },
        { trigger: ".o_form_view:not(:has(button[name=action_follow_up]))" },
        { trigger: ".o_form_statusbar button[name=action_not_completed]", run: "click" },
        { trigger: ".o_form_view .ribbon:contains('Not completed')" },
        { trigger: ".o_form_statusbar button[name=action_follow_up].btn-primary", run: "click" },
        { trigger: `${dialog} .o_field_widget[name=partner_ids] .o_tag:contains('Carla')` },
        { trigger: `${dialog} .o_field_widget[name=description]:contains('Budget')` },
        { trigger: `${dialog} .o_field_widget[name=opportunity_id]:contains('Fleet')` },
        { trigger: `${dialog} .o_field_widget[name=location] input:value(Pier 7)` },
        {
            trigger: `${dialog} footer button:contains('Save without inviting')`,
            run: "click",
        },
        { trigger: "body:not(:has(.modal)) .oe_stat_button:contains('Follow-ups'):contains('1')" },
    ],
});
