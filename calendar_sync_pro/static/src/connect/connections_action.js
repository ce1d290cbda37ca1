import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { Connections } from "./connections";

/** The page "Calendar Connections". */
export class ConnectionsAction extends Component {
    static template = "calendar_sync_pro.ConnectionsAction";
    static components = { Connections, Layout };
    static props = { ...standardActionServiceProps };
}
registry.category("actions").add("calendar_sync_pro.connections", ConnectionsAction);

/** The same inside a user's or an account's form; `user_field` names the field with the user. */
export class ConnectionsWidget extends Component {
    static template = "calendar_sync_pro.ConnectionsWidget";
    static components = { Connections };
    static props = { ...standardWidgetProps, userField: { type: String, optional: true } };

    get userId() {
        const { record, userField } = this.props;
        return userField ? record.data[userField]?.id : record.resId;
    }
}
registry.category("view_widgets").add("calendar_sync_connections", {
    component: ConnectionsWidget,
    extractProps: ({ options }) => ({ userField: options.user_field }),
});
