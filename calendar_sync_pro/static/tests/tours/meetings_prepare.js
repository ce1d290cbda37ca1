import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";
import { patch } from "@web/core/utils/patch";

/** Instead of other windows: the page remembers which calls would be opened. */
function rememberCalls() {
    const { dataset } = document.body;
    dataset.calls = "";
    patch(browser, {
        open(url) {
            dataset.calls += url.startsWith("https://meet.example/") ? "meet " : "";
            dataset.calls += url.includes("/calendar/join_videocall/") ? "odoo " : "";
            return window;
        },
    });
}

const card = (name) => `.o_kanban_record:contains("${name}")`;
const join = "a[name=action_join_video_call]:contains('Join')";

/**
 * The call is joined from the reminder, from the cards and from the form: the calendar's own, and
 * Odoo's where there is no calendar. Agenda and notes are written side by side.
 */
registry.category("web_tour.tours").add("calendar_sync_pro_meetings_prepare", {
    steps: () => [
        { trigger: `${card("Prepared")} ${join}`, run: rememberCalls },
        {
            trigger: ".o_notification:contains('Prepared') button:contains('Join')",
            run: "click",
        },
        { trigger: "body[data-calls='meet ']:not(:has(.o_notification:contains('Prepared')))" },
        { trigger: `${card("Alone")}:not(:has(a[name=action_join_video_call]))` },
        { trigger: `${card("At Ben's")} ${join}`, run: "click" },
        { trigger: "body[data-calls='meet odoo ']" },
        { trigger: `${card("Prepared")} ${join}`, run: "click" },
        {
            content: "It opened the call, and not the form",
            trigger: `body[data-calls='meet odoo meet '] ${card("Prepared")}`,
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
        { trigger: ".o_form_statusbar button:contains('Save without inviting')", run: "click" },
        { trigger: ".o_form_saved" },
        {
            trigger: ".o_form_view button[name=action_join_video_call]:contains('Join')",
            run: "click",
        },
        { trigger: "body[data-calls='meet odoo meet meet '] .o_form_view" },
    ],
});
