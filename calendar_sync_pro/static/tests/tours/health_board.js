import { registry } from "@web/core/registry";

const row = (name) => `.o_data_row:contains('${name}')`;
const tile = (name, count) => `.o_csp_tile[data-tile=${name}][data-count='${count}']`;
const select = (name) => ({
    content: `choose ${name}`,
    trigger: `${row(name)} .o_list_record_selector input`,
    run: "click",
});
const press = (name) => ({ trigger: `.o_control_panel button[name=${name}]`, run: "click" });
const confirm = { trigger: ".modal footer .btn-primary", run: "click" };
const only = (shown, hidden) => ({
    content: `only ${shown}`,
    trigger: `.o_list_view:has(${row(shown)})` + hidden.map((name) => `:not(:has(${row(name)}))`).join(""),
});

/** From the number to the account, from the account to the event; and what is done with many. */
registry.category("web_tour.tours").add("calendar_sync_pro_health_board", {
    steps: () => [
        { trigger: tile("good", 2) },
        { trigger: tile("broken", 1) },
        { trigger: `${row("Lost Lou")}:first-child`, content: "trouble stands first" },
        { trigger: `${row("Lost Lou")}:contains('password') .badge:contains('Not working')` },
        { trigger: `${row("ann")} .o_csp_hours[aria-label*='1 went well']` },

        // A tile filters, and pressed again shows all.
        { trigger: tile("broken", 1), run: "click" },
        only("Lost Lou", ["ann"]),
        { trigger: ".o_csp_tile[data-tile=broken][aria-pressed=true]", run: "click" },
        { trigger: `.o_list_view:has(${row("ann")})` },

        // The owner is asked once.
        select("Lost Lou"),
        press("action_ask_reconnect"),
        confirm,
        { trigger: ".o_notification:contains('1 person asked')" },
        { trigger: ".o_notification_close", run: "click" },
        { trigger: `${row("Lost Lou")} button[name=action_ask_reconnect]`, run: "click" },
        confirm,
        { trigger: ".o_notification:contains('0 people asked'):contains('asked within a day')" },
        { trigger: ".o_notification_close", run: "click" },

        // Everybody is paused by mistake, and the undo resumes exactly those.
        { trigger: "thead .o_list_record_selector input", run: "click" },
        press("action_pause"),
        { trigger: ".o_notification:contains('3 accounts paused'):contains('1 account left alone')" },
        { trigger: tile("paused", 3) },
        { trigger: ".o_notification button:contains('Undo')", run: "click" },
        { trigger: ".o_notification:contains('3 accounts resumed')" },
        { trigger: tile("paused", 0) },

        // To what was set aside, with its reason, and back.
        { trigger: tile("aside", 1), run: "click" },
        only("Odd Oda", ["ann", "Lost Lou"]),
        { trigger: `${row("Odd Oda")} button[name=action_open_troubles]`, run: "click" },
        { trigger: ".o_breadcrumb .active:contains('Events Set Aside')" },
        { trigger: `${row("Odd Oda")}:contains('repetition'):not(:contains('Secret'))` },
        { trigger: `${row("Odd Oda")} button[name=action_try_again]`, run: "click" },
        { trigger: ".o_breadcrumb .o_back_button, .breadcrumb-item a:contains('Calendar Health')", run: "click" },

        // The same as cards, and the figures behind it.
        { trigger: ".o_switch_view.o_kanban", run: "click" },
        { trigger: ".o_kanban_record:contains('Odd Oda'):contains('set aside')", run: "click" },
        { trigger: ".o_form_view button[name=action_open_figures]", run: "click" },
        { trigger: ".o_graph_renderer canvas" },
    ],
});
