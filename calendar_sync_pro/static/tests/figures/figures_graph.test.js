import { expect, test } from "@odoo/hoot";
import { outcomeColours } from "@calendar_sync_pro/figures/figures_graph";

const OUTCOMES = [["ok", "All well"], ["busy", "Busy"], ["lost", "Lost"]];

test.tags("csp");
test("what went well is green wherever it stands, troubles have colours of their own", () => {
    const colours = outcomeColours(["Lost", "All well", "Busy", "Sum"], OUTCOMES);
    expect(colours["All well"]).toBe("#28a745");
    expect(new Set(Object.values(colours)).size).toBe(3);
    expect("Sum" in colours).toBe(false);
});

test.tags("csp");
test("bars of anything else keep the colours of the palette", () => {
    expect(outcomeColours(["Anna", "Ben"], OUTCOMES)).toEqual({});
});
