import { Component, useState } from "@odoo/owl";
import { useService } from "@web/core/utils/hooks";
import { lookOf } from "./diagnosis_words";

/** Which entries of one day of the calendar are in Odoo, and why the others are not. */
export class EntrySearch extends Component {
    static template = "calendar_sync_pro.EntrySearch";
    static props = { accountId: Number, press: Function };

    setup() {
        this.orm = useService("orm");
        this.lookOf = lookOf;
        const day = luxon.DateTime.now().toISODate();
        this.state = useState({ day, isBusy: false, found: null });
    }

    async search() {
        Object.assign(this.state, { isBusy: true, found: null });
        try {
            const args = [[this.props.accountId], this.state.day];
            this.state.found = await this.orm.call("calendar.sync.account", "diagnose_day", args);
        } finally {
            this.state.isBusy = false;
        }
    }

    /** "Try again" is about the entry's link, everything else about its appointment. */
    press(fix, row) {
        return this.props.press(fix, row.event_id, fix.code === "retry" ? row.link_id : fix.value);
    }
}
