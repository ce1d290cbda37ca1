import { registry } from "@web/core/registry";
import { GraphRenderer } from "@web/views/graph/graph_renderer";
import { graphView } from "@web/views/graph/graph_view";

const GOOD = "#28a745";
const BAD = ["#dc3545", "#fd7e14", "#ffc107", "#d63384", "#6f42c1", "#795548"];

/** {label: colour} for bars with these labels, where they are outcomes: what went well is green,
 * each trouble has a warm colour of its own. The palette would give red to either of them. */
export function outcomeColours(labels, outcomes) {
    const values = Object.fromEntries(outcomes.map(([value, label]) => [label, value]));
    const known = labels.filter((label) => label in values);
    const troubles = known.filter((label) => values[label] !== "ok");
    const colour = (label) => BAD[troubles.indexOf(label) % BAD.length];
    return Object.fromEntries(
        known.map((label) => [label, values[label] === "ok" ? GOOD : colour(label)])
    );
}

export class FiguresGraphRenderer extends GraphRenderer {
    getBarChartData() {
        const data = super.getBarChartData();
        const labels = data.datasets.map((dataset) => dataset.label);
        const colours = outcomeColours(labels, this.model.metaData.fields.reason.selection);
        for (const dataset of data.datasets) {
            dataset.backgroundColor = colours[dataset.label] || dataset.backgroundColor;
        }
        return data;
    }
}

registry
    .category("views")
    .add("calendar_sync_figures_graph", { ...graphView, Renderer: FiguresGraphRenderer });
