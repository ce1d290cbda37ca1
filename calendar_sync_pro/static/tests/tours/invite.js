import { registry } from "@web/core/registry";

const dialog = ".modal:not(.o_inactive_modal)";

/** A rep books from a lead's card and invites at once. */
registry.category("web_tour.tours").add("calendar_sync_pro_book_and_invite", {
    steps: () => [
        { trigger: "button[name=action_book_appointment]", run: "click" },
        { trigger: `${dialog}:contains('Not invited yet: Mia')` },
        { trigger: `${dialog} footer button:contains('Save without inviting')` },
        {
            trigger: `${dialog} footer button:contains('Save and invite participants')`,
            run: "click",
        },
        { trigger: ".o_calendar_sync_strip:contains('with')" },
    ],
});

/** Saved quietly on the form, invited later with one button; a second click isn't offered. */
registry.category("web_tour.tours").add("calendar_sync_pro_save_then_invite", {
    steps: () => [
        { trigger: ".o_form_view:contains('Not invited yet: Mia')" },
        {
            content: "Nothing was edited: only the invitation is left",
            trigger: ".o_form_view button:contains('Invite participants'):visible",
        },
        { trigger: ".o_field_widget[name=location] input", run: "edit Pier 7" },
        { trigger: ".o_form_statusbar button:contains('Save and invite participants'):visible" },
        {
            trigger: ".o_form_statusbar button:contains('Save without inviting')",
            run: "click",
        },
        { trigger: ".o_calendar_sync_clean .o_field_widget[name=invite_hint]:contains('Not invited yet')" },
        {
            trigger: ".o_calendar_sync_clean .o_form_statusbar button.o_calendar_sync_if_clean",
            run: "click",
        },
        { trigger: ".o_field_widget[name=invite_hint]:contains('Invited: Mia')" },
        {
            content: "Nobody waits any more",
            trigger: ".o_form_statusbar:not(:has(button.o_calendar_sync_if_clean))",
        },
    ],
});
