import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { Dialog } from "@web/core/dialog/dialog";

/** Before sync is switched off: what stays, and the way to remove it. */
export class TurnOffDialog extends Component {
    static template = "calendar_sync_pro.TurnOffDialog";
    static components = { Dialog };
    static props = { card: Object, turnOff: Function, cleanUp: Function, close: Function };

    get promise() {
        return _t(
            "Nothing is deleted: every appointment stays in Odoo, and what Odoo put into %s stays there. Changes no longer travel until sync is on again.",
            this.props.card.provider_label
        );
    }

    async choose(act) {
        await this.props.turnOff();
        this.props.close();
        act?.();
    }
}
