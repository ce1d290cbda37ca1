import { Component, useState } from "@odoo/owl";

/** One provider of the catalogue: what connecting it means, what it may access, and the button. */
export class ProviderCard extends Component {
    static template = "calendar_sync_pro.ProviderCard";
    static props = {
        provider: Object,
        isAdmin: Boolean,
        isBusy: Boolean,
        connect: Function,
        openSettings: Function,
    };

    setup() {
        this.state = useState({ isDetail: false });
    }
}
