import { registry } from "@web/core/registry";

const dialog = ".modal:not(.o_inactive_modal)";
const remove = (name) => [
    { trigger: `.o_data_row:contains('${name}') .o_list_record_selector input`, run: "click" },
    { trigger: ".o_cp_action_menus button:contains('Actions')", run: "click" },
    { trigger: ".o-dropdown--menu .o_menu_item:contains('Delete')", run: "click" },
    { trigger: `${dialog}:contains('“${name}” is deleted in Odoo for good.')` },
    { trigger: `${dialog}:contains('Removed from In memory.')` },
    { trigger: `${dialog}:contains('Invited (2): Mia, Tom.')` },
];

/** One goes quietly, the other with a word to the guests. */
registry.category("web_tour.tours").add("calendar_sync_pro_meetings_remove_from_list", {
    steps: () => [
        ...remove("Quiet one"),
        { trigger: `${dialog} footer button:contains('Delete, tell nobody')`, run: "click" },
        { trigger: "body:not(:has(.modal)) .o_list_view:not(:contains('Quiet one'))" },
        ...remove("Told one"),
        { trigger: `${dialog} footer button:contains('Delete and tell them')`, run: "click" },
        { trigger: "body:not(:has(.modal)) .o_list_view:not(:contains('Told one'))" },
    ],
});

/** Next week's meeting is removed where it stands; the dialog says that the calendar keeps it. */
registry.category("web_tour.tours").add("calendar_sync_pro_meetings_remove_from_calendar", {
    steps: () => [
        { trigger: ".o_calendar_button_next", run: "click" },
        { trigger: ".fc-event:contains('Left there')", run: "click" },
        { trigger: ".o_cw_popover .o_cw_popover_delete", run: "click" },
        { trigger: `${dialog}:contains('Stays in In memory by setting')` },
        { trigger: `${dialog}:contains('Nobody is e-mailed.')` },
        {
            content: "There is nobody to tell, so nothing to choose",
            trigger: `${dialog} footer:not(:contains('tell'))`,
        },
        { trigger: `${dialog} footer button:contains('Delete')`, run: "click" },
        { trigger: "body:not(:has(.modal)) .o_calendar_view:not(:contains('Left there'))" },
    ],
});
