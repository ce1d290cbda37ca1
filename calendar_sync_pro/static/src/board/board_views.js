import { onWillUnmount } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { KanbanRenderer } from "@web/views/kanban/kanban_renderer";
import { listView } from "@web/views/list/list_view";
import { ListRenderer } from "@web/views/list/list_renderer";
import { HealthTiles } from "./health_tiles";

const REFRESH_MS = 60000;

/** Reads the records again each minute, unless somebody has chosen rows or looks elsewhere. */
function keepFresh(list) {
    const timer = browser.setInterval(() => {
        const current = list();
        if (!document.hidden && !current.selection?.length) {
            current.model.load();
        }
    }, REFRESH_MS);
    onWillUnmount(() => browser.clearInterval(timer));
}

export class HealthListRenderer extends ListRenderer {
    static template = "calendar_sync_pro.HealthListRenderer";
    static components = { ...ListRenderer.components, HealthTiles };

    setup() {
        super.setup();
        keepFresh(() => this.props.list);
    }
}

export class HealthKanbanRenderer extends KanbanRenderer {
    static template = "calendar_sync_pro.HealthKanbanRenderer";
    static components = { ...KanbanRenderer.components, HealthTiles };

    setup() {
        super.setup();
        keepFresh(() => this.props.list);
    }
}

registry
    .category("views")
    .add("calendar_sync_health_list", { ...listView, Renderer: HealthListRenderer })
    .add("calendar_sync_health_kanban", { ...kanbanView, Renderer: HealthKanbanRenderer });
