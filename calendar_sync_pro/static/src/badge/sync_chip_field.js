import { Component, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { _t } from "@web/core/l10n/translation";
import { useBus, useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { SyncChip } from "./chip";
import { useFreshRecord } from "./fresh_record";

/** The chip on an appointment. It follows the sync while the record is open. */
export class SyncChipField extends Component {
    static template = "calendar_sync_pro.SyncChipField";
    static components = { SyncChip };
    static props = {
        ...standardFieldProps,
        textField: { type: String, optional: true },
        urlField: { type: String, optional: true },
        urlLabelField: { type: String, optional: true },
    };

    setup() {
        this.status = useService("calendar_sync_status");
        this.live = useState({ of: null, row: null });
        this.takeOver = useFreshRecord();
        useBus(this.status.bus, "changed", ({ detail }) => this.onChanged(detail.ids));
    }

    async onChanged(ids) {
        const { resId } = this.props.record;
        if (ids.has(resId)) {
            const row = await this.status.read(resId);
            Object.assign(this.live, { row, of: resId });
            await this.takeOver();
        }
    }

    value(fieldName) {
        const { record } = this.props;
        const row = this.live.of === record.resId && this.live.row;
        return (row ? row[fieldName] : record.data[fieldName]) || false;
    }

    get badge() {
        return this.value(this.props.name);
    }

    get text() {
        return this.props.textField ? this.value(this.props.textField) : false;
    }

    get url() {
        return this.props.urlField ? this.value(this.props.urlField) : false;
    }

    get urlLabel() {
        return this.value(this.props.urlLabelField);
    }
}

registry.category("fields").add("calendar_sync_chip", {
    component: SyncChipField,
    displayName: _t("Calendar sync state"),
    supportedTypes: ["selection"],
    extractProps: ({ options }) => ({
        textField: options.text_field,
        urlField: options.url_field,
        urlLabelField: options.url_label_field,
    }),
});
