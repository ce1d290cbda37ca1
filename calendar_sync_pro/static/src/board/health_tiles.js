import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { useService } from "@web/core/utils/hooks";
import { LOOKS } from "./health_field";

/** How many accounts are in which state, and what concerns all of them. A tile filters the list. */
export class HealthTiles extends Component {
    static template = "calendar_sync_pro.HealthTiles";
    static props = { list: { type: Object, optional: true } };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ tiles: [], warnings: [] });
        onWillStart(() => this.load());
        onWillUpdateProps(() => this.load());
    }

    async load() {
        Object.assign(this.state, await this.orm.call("calendar.sync.account", "health_tiles"));
    }

    look(tile) {
        return LOOKS[tile.name];
    }

    itemOf(tile) {
        return this.env.searchModel.getSearchItems((item) => item.name === tile.filter)[0];
    }

    isChosen(tile) {
        return Boolean(this.itemOf(tile)?.isActive);
    }

    /** Only what the tile counts; pressed again, everything. */
    choose(tile) {
        const wasChosen = this.isChosen(tile);
        const item = this.itemOf(tile);
        this.env.searchModel.clearQuery();
        if (!wasChosen && item) {
            this.env.searchModel.toggleSearchItem(item.id);
        }
    }

    open(warning) {
        return this.action.doAction(warning.action);
    }
}
