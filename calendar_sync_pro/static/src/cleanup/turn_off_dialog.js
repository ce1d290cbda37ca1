import { Component } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";

/** Before sync is switched off: what stays, and the way to remove it. */
export class TurnOffDialog extends Component {
    static template = "calendar_sync_pro.TurnOffDialog";
    static components = { Dialog };
    static props = { card: Object, turnOff: Function, cleanUp: Function, close: Function };

    async choose(act) {
        await this.props.turnOff();
        this.props.close();
        act?.();
    }
}
