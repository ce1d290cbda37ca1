import { registry } from "@web/core/registry";
import { only } from "./list_steps";

const openMenu = { trigger: ".o_searchview_dropdown_toggler", run: "click" };
const choose = (label) => ({
    content: label,
    trigger: `.o_filter_menu .o_menu_item:contains(/^${label}$/)`,
    run: "click",
});

/** From the lead to the contact and its company: each tells of the meeting or leads to it. */
registry.category("web_tour.tours").add("calendar_sync_pro_meetings_found", {
    steps: () => [
        { trigger: ".o-mail-Chatter .o-mail-Message:contains('Booked: Ahead')" },
        {
            trigger: ".o_field_widget[name=partner_id] .o_external_button:not(:visible)",
            run: "click",
        },
        { trigger: ".o_breadcrumb .active:contains('Carla')" },
        { trigger: ".o-mail-Chatter .o-mail-Message:contains('Booked: Ahead')" },
        {
            trigger: ".o_field_widget[name=parent_id] .o_external_button:not(:visible)",
            run: "click",
        },
        { trigger: ".o_breadcrumb .active:contains('Customer Ltd')" },
        { trigger: ".oe_stat_button[name=action_view_appointments]", run: "click" },
        only(["Ahead", "Right now", "Untold", "Of Ben"], []),
    ],
});

/** The list begins with what is mine and comes next; then filter by filter. */
registry.category("web_tour.tours").add("calendar_sync_pro_meetings_filters", {
    steps: () => [
        only(["Ahead", "Right now"], ["Untold", "Of Ben"]),
        openMenu,
        choose("Today"),
        only(["Right now"], ["Ahead", "Untold", "Of Ben"]),
        choose("Today"),
        choose("My Team"),
        only(["Ahead", "Right now", "Of Ben"], ["Untold"]),
        choose("Needs you"),
        only(["Ahead"], ["Right now", "Untold", "Of Ben"]),
        choose("Needs you"),
        choose("Upcoming"),
        choose("Planned"),
        choose("Without outcome"),
        only(["Untold"], ["Ahead", "Right now", "Of Ben"]),
    ],
});

/** The manager's board: a column for each salesperson, and the figures. */
registry.category("web_tour.tours").add("calendar_sync_pro_meetings_board", {
    steps: () => [
        { trigger: ".o_kanban_group:contains('ann') .o_kanban_record:contains('Ahead')" },
        { trigger: ".o_kanban_group:contains('ben.rep') .o_kanban_record:contains('Of Ben')" },
        { trigger: ".o_kanban_group:contains('ben.rep'):not(:contains('Ahead'))" },
        { trigger: "[data-menu-xmlid='crm.crm_menu_report']", run: "click" },
        {
            trigger: "[data-menu-xmlid='calendar_sync_pro.menu_appointment_report']",
            run: "click",
        },
        { trigger: ".o_breadcrumb:contains('Appointment Analysis')" },
        { trigger: ".o_switch_view.o_pivot", run: "click" },
        { trigger: ".o_pivot th:contains('No-show')" },
        { trigger: ".o_pivot tbody tr:contains('ann')" },
        { trigger: ".o_pivot tbody tr:contains('ben.rep')" },
    ],
});
