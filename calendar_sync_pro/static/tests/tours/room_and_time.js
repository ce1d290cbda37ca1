import { registry } from "@web/core/registry";

/** A rep looks when people are free, takes a time that suits all, and books a room for it. */
registry.category("web_tour.tours").add("calendar_sync_pro_room_and_time", {
    steps: () => [
        {
            content: "A participant's name opens that person's day",
            trigger: ".o_field_widget[name=partner_ids] .o_tag:contains('Mia') .o_tag_badge_text",
            run: "click",
        },
        {
            content: "It is the one that was asked for",
            trigger: ".o_csp_availability h6.text-primary:contains('Mia')",
        },
        {
            content: "It says that the day can't be read, and why",
            trigger: ".o_csp_availability:contains('Connect a calendar of yours')",
        },
        {
            content: "Working hours are known of colleagues",
            trigger: ".o_csp_availability_day:not(.o_csp_availability_unknown)",
        },
        {
            content: "The next working day",
            trigger: ".o_csp_availability button[aria-label='Next day']",
            run: "click",
        },
        {
            content: "A time that suits all",
            trigger: ".o_csp_availability_slot:enabled:last",
            run: "click",
        },
        {
            content: "The panel is gone and the time is set",
            trigger: "body:not(:has(.o_csp_availability)) .o_form_status_indicator_buttons:not(.invisible)",
        },
        {
            content: "Rooms",
            trigger: "a[name=rooms]",
            run: "click",
        },
        {
            content: "The free one",
            trigger: ".o_csp_room[data-room=Attic][data-state=free] button",
            run: "click",
        },
        {
            content: "It is booked, and the place is set",
            trigger: ".o_csp_room_booked[data-room=Attic]:contains('Booked')",
        },
        {
            content: "The place",
            trigger: ".o_field_widget[name=location] input:value(Attic)",
        },
        {
            content: "Given back",
            trigger: ".o_csp_room_booked[data-room=Attic] button",
            run: "click",
        },
        {
            content: "It is free again",
            trigger: ".o_csp_room[data-room=Attic][data-state=free]",
        },
    ],
});

/** In Odoo's calendar a name beside it does the same, and a time begins an appointment. */
registry.category("web_tour.tours").add("calendar_sync_pro_availability_in_calendar", {
    steps: () => [
        {
            content: "The name of a person",
            trigger: ".o_calendar_filter_item .o_cw_filter_title:contains('anna')",
            run: "click",
        },
        {
            content: "The panel",
            trigger: ".o_csp_availability h6.text-primary",
        },
        {
            content: "The next day",
            trigger: ".o_csp_availability button[aria-label='Next day']",
            run: "click",
        },
        {
            content: "Close by the keyboard",
            trigger: ".o_csp_availability button[aria-label='Next day']",
            run: "press Escape",
        },
        {
            content: "It is gone",
            trigger: "body:not(:has(.o_csp_availability)) .o_calendar_container",
        },
    ],
});
