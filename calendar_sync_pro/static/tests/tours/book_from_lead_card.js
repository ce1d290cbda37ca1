import { registry } from "@web/core/registry";

/** A rep books from a lead's card: one click opens the dialog, one saves, the strip shows it. */
registry.category("web_tour.tours").add("calendar_sync_pro_book_from_lead_card", {
    steps: () => [
        {
            content: "Nothing is planned yet",
            trigger: ".o_calendar_sync_strip:contains('No appointment planned')",
        },
        {
            content: "Book from the header",
            trigger: "button[name=action_book_appointment]",
            run: "click",
        },
        {
            content: "The dialog is filled",
            trigger: ".modal .o_field_widget[name=partner_ids]:contains('Mia')",
        },
        {
            content: "It says that nobody is mailed",
            trigger: ".modal:contains('Without inviting, nobody is e-mailed')",
        },
        {
            content: "One click books",
            trigger: ".modal footer button:contains('Save without inviting')",
            run: "click",
        },
        {
            content: "It says where it is going",
            trigger: ".o_notification:contains('Booked')",
        },
        {
            content: "The strip shows it with its state",
            trigger: ".o_calendar_sync_strip:contains('with Mia') .o_calendar_sync_chip",
        },
        {
            content: "The button counts it",
            trigger: "button[name=action_view_appointments]:contains('1')",
            run: "click",
        },
        {
            content: "It is in the list",
            trigger: ".o_list_view .o_data_row:contains('Fleet planning')",
        },
    ],
});
