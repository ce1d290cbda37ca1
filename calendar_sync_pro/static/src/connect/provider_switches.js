import { Component, onWillStart, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const APP = "calendar.sync.oauth.app";

/** Which calendars the company's people may connect: a switch for each provider, at once. */
export class ProviderSwitches extends Component {
    static template = "calendar_sync_pro.ProviderSwitches";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ providers: [], isSaving: false });
        onWillStart(async () => {
            this.state.providers = await this.orm.call(APP, "provider_switches", []);
        });
    }

    async set(provider, isOn) {
        this.state.isSaving = true;
        try {
            this.state.providers = await this.orm.call(APP, "switch_provider", [provider.name, isOn]);
        } finally {
            this.state.isSaving = false;
        }
    }
}
registry.category("view_widgets").add("calendar_sync_provider_switches", { component: ProviderSwitches });
