import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { useFreshRecord } from "../badge/fresh_record";
import { DiagnosisDialog } from "./diagnosis_dialog";

/** The action of buttons on the server: `params` names the `model` and the `id` to look at. */
registry.category("actions").add("calendar_sync_pro.diagnosis", (env, { params }) => {
    env.services.dialog.add(DiagnosisDialog, { model: params.model, id: params.id });
});

/** The button on an appointment. */
export class WhyButton extends Component {
    static template = "calendar_sync_pro.WhyButton";
    static props = { ...standardWidgetProps };

    setup() {
        this.dialog = useService("dialog");
        this.takeOver = useFreshRecord();
    }

    /** What is typed is saved first: the checks look at what everybody sees. */
    async open() {
        const { record } = this.props;
        if (!(await record.save())) {
            return;
        }
        this.dialog.add(DiagnosisDialog, {
            model: record.resModel,
            id: record.resId,
            changed: () => this.takeOver(),
        });
    }
}
registry.category("view_widgets").add("calendar_sync_why", { component: WhyButton });
