import { Component } from "@odoo/owl";
import { ago } from "../connect/moments";

const ICONS = {
    waiting: "fa-circle-o-notch fa-spin",
    passed: "fa-check-circle text-success",
    failed: "fa-exclamation-triangle text-warning",
};

/** How the test appointment of an account stands, on its card. */
export class TrialStrip extends Component {
    static template = "calendar_sync_pro.TrialStrip";
    static props = { trial: Object };

    get icon() {
        return ICONS[this.props.trial.state];
    }

    get when() {
        return this.props.trial.at ? ago(this.props.trial.at) : "";
    }
}
