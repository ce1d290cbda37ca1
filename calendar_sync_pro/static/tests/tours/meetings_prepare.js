import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";
import { patch } from "@web/core/utils/patch";

/** Instead of another window: the page counts the calls that would be opened. */
function countCalls() {
    const { dataset } = document.body;
    patch(browser, {
        open(url) {
            if (url === "https://meet.example/x") {
                dataset.joined = Number(dataset.joined || 0) + 1;
            }
            return window;
        },
    });
}

/** The call is joined from the card and from the form; agenda and notes are written apart. */
registry.category("web_tour.tours").add("calendar_sync_pro_meetings_prepare", {
    steps: () => [
        {
            content: "No other window is opened in a test",
            trigger: ".o_kanban_record:contains('Prepared') a[name=action_join_video_call]",
            run(helpers) {
                countCalls();
                return helpers.click();
            },
        },
        {
            content: "It opened the call, and not the form",
            trigger: "body[data-joined='1'] .o_kanban_record:contains('Prepared')",
            run: "click",
        },
        { trigger: "a[name=agenda]", run: "click" },
        { trigger: ".tab-pane.active:contains('Participants read it')" },
        {
            trigger: ".o_field_widget[name=description] .odoo-editor-editable > :first-child",
            run: "editor Budget of the fleet",
        },
        { trigger: ".o_form_status_indicator_buttons:not(.invisible)" },
        { trigger: "a[name=internal_notes]", run: "click" },
        { trigger: ".tab-pane.active:contains('never leave Odoo')" },
        {
            trigger: ".o_field_widget[name=internal_notes] .odoo-editor-editable > :first-child",
            run: "editor Wants a discount",
        },
        { trigger: ".o_form_button_save", run: "click" },
        { trigger: ".o_form_saved" },
        {
            trigger: ".o_form_view button[name=action_join_video_call]:contains('Join')",
            run: "click",
        },
        { trigger: "body[data-joined='2'] .o_form_view" },
    ],
});
