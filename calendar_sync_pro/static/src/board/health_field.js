import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

export const LOOKS = {
    good: { icon: "fa-check-circle", badge: "text-bg-success", tile: "success" },
    attention: { icon: "fa-exclamation-triangle", badge: "text-bg-warning", tile: "warning" },
    broken: { icon: "fa-times-circle", badge: "text-bg-danger", tile: "danger" },
    paused: { icon: "fa-pause-circle", badge: "text-bg-info", tile: "info" },
    off: { icon: "fa-power-off", badge: "text-bg-secondary", tile: "secondary" },
    aside: { icon: "fa-inbox", badge: "", tile: "warning" },
};

/** How an account stands: icon, word and colour. */
export class HealthField extends Component {
    static template = "calendar_sync_pro.HealthField";
    static props = { ...standardFieldProps };

    get value() {
        return this.props.record.data[this.props.name];
    }

    get look() {
        return LOOKS[this.value];
    }

    get word() {
        const options = this.props.record.fields[this.props.name].selection;
        return options.find(([value]) => value === this.value)?.[1];
    }
}
registry.category("fields").add("calendar_sync_health", {
    component: HealthField,
    supportedTypes: ["selection"],
});
