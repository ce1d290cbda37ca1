import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";

const SHOWN = 3;

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

    /** Names of services that a card stands for, when it stands for many. */
    get services() {
        const presets = this.props.provider.form?.presets || [];
        const names = presets.slice(0, SHOWN).map((preset) => preset.label);
        return presets.length > SHOWN ? _t("%s and many others", names.join(", ")) : "";
    }
}
