import { expect, test } from "@odoo/hoot";
import { bars } from "@calendar_sync_pro/board/hour_bars";

test.tags("csp");
test("an hour without syncs has no bar, the fullest one is the highest", () => {
    expect(bars([[0, 0], [5, 0], [10, 0]])).toEqual([
        { kind: "good", x: 4, y: 10, height: 10 },
        { kind: "good", x: 8, y: 0, height: 20 },
    ]);
});

test.tags("csp");
test("failed syncs stand on the good ones, and one among many still shows", () => {
    expect(bars([[999, 1]])).toEqual([
        { kind: "good", x: 0, y: 2, height: 18 },
        { kind: "failed", x: 0, y: 0, height: 2 },
    ]);
    expect(bars([[0, 3]])).toEqual([{ kind: "failed", x: 0, y: 0, height: 20 }]);
});
