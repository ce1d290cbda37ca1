import { Component, onWillStart, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const APP = "calendar.sync.oauth.app";

/** The providers in the settings: their apps, the address to register, and a test. */
export class SettingsApps extends Component {
    static template = "calendar_sync_pro.SettingsApps";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.state = useState({ providers: [], testing: false });
        onWillStart(() => this.load());
    }

    async load() {
        this.state.providers = await this.orm.call(APP, "settings_cards", []);
    }

    edit(provider, app) {
        return this.action.doAction(
            {
                type: "ir.actions.act_window",
                name: _t("%s: credentials", provider.label),
                res_model: APP,
                res_id: app?.id || false,
                views: [[false, "form"]],
                target: "new",
                context: { default_provider: provider.name },
            },
            { onClose: () => this.load() }
        );
    }

    async test(app) {
        this.state.testing = app.id;
        try {
            const { params } = await this.orm.call(APP, "action_test", [[app.id]]);
            this.notification.add(params.message, { title: params.title, type: params.type });
        } finally {
            this.state.testing = false;
            await this.load();
        }
    }

    async copy(text) {
        await browser.navigator.clipboard.writeText(text);
        this.notification.add(_t("Copied"), { type: "success" });
    }
}
registry.category("view_widgets").add("calendar_sync_apps", { component: SettingsApps });
