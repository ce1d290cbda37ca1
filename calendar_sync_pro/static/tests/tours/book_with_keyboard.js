import { registry } from "@web/core/registry";

const press = (key) => () => {
    const { activeElement } = document;
    activeElement.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
};

/** A rep picks a slot with the keyboard, sees why one isn't free, and books. */
registry.category("web_tour.tours").add("calendar_sync_pro_book_with_keyboard", {
    steps: () => [
        {
            content: "Book from the header",
            trigger: "button[name=action_book_appointment]",
            run: "click",
        },
        {
            content: "The next free time is chosen already",
            trigger: ".o_csp_slot[aria-pressed=true]:contains('9:00')",
            run: ({ anchor }) => anchor.focus(),
        },
        {
            content: "Down goes to the half hour that is taken",
            trigger: ".o_csp_slot:focus",
            run: press("ArrowDown"),
        },
        {
            content: "It says why, for each of the two",
            trigger: ".o_csp_picker_why li:contains('An appointment in Odoo')",
        },
        {
            content: "One more is free",
            trigger: ".o_csp_slot:focus[aria-disabled=true]",
            run: press("ArrowDown"),
        },
        {
            content: "Enter chooses it",
            trigger: ".o_csp_slot:focus[aria-disabled=false]:contains('10:00')",
            run: "click",
        },
        {
            content: "The focus waits on the button that books",
            trigger: "button[name=book]:focus",
        },
        {
            content: "With Ben only, the times are asked for anew",
            trigger: "select[name=person]",
            run: "selectByLabel ben.booked (base.group_user)",
        },
        {
            content: "Nothing is chosen while it asks",
            trigger: ".o_csp_picker:contains('Choose a time.')",
        },
        {
            content: "He is free then too",
            trigger: ".o_csp_slot[aria-disabled=false]:contains('10:00')",
            run: "click",
        },
        {
            content: "Write the agenda",
            trigger: "textarea[name=agenda]",
            run: "edit Prices and dates",
        },
        {
            content: "Book",
            trigger: "button[name=book]:enabled",
            run: "click",
        },
        {
            content: "It says where it is going",
            trigger: ".o_notification:contains('Booked')",
        },
        {
            content: "The strip shows it",
            trigger: ".o_calendar_sync_strip:contains('Consultation')",
        },
    ],
});
