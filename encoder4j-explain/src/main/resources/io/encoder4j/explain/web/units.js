// SPDX-License-Identifier: Apache-2.0
// Which units of the feed-forward fire for the followed token: a small field of cells that light up, and the function itself as the
// token's values go through it.
import { css } from "./colour.js";
import { Grid, brief, digits } from "./data.js";
import { points } from "./chart.js";
import { h } from "./dom.js";
import { drawCells, picture, signed } from "./picture.js";
import { state, word } from "./state.js";
import { t } from "./text.js";

/** The field of units of the followed token: as many in a row as look good. */
function field(values, row, label) {
  const colours = signed(values);
  const count = values.cols;
  const across = (width) => [96, 64, 48, 32, 24, 16].find((one) => one * 9 <= width && one * 2 <= count) ?? Math.min(16, count);
  let columns = 64;
  return picture({
    label, colours,
    tell: (line, col) => (line * columns + col < count ? `${t("unit")} ${line * columns + col} = ${digits(values.value(row, line * columns + col))}` : ""),
    layout(width) {
      columns = across(width);
      const lines = Math.ceil(count / columns);
      const side = Math.min(width / columns, 15);
      return { height: side * lines, side, rows: lines, cols: columns, box: { x: 0, y: 0, width: side * columns, height: side * lines } };
    },
    draw(context, { rows, cols, box, side }) {
      drawCells(context, box, rows, cols, colours, (line, col) => (line * cols + col < count ? values.value(row, line * cols + col) : 0));
      context.strokeStyle = css("paper");
      context.lineWidth = Math.min(1.5, side / 6);
      context.beginPath();
      for (let col = 1; col < cols; col++) {
        context.moveTo(col * side, 0);
        context.lineTo(col * side, box.height);
      }
      for (let line = 1; line < rows; line++) {
        context.moveTo(0, line * side);
        context.lineTo(box.width, line * side);
      }
      context.stroke();
    },
  });
}

/** Everything about an activation step. */
export function activation(step, steps, strip) {
  const { function: name, firing, top = [] } = step.extra ?? {};
  const values = new Grid(step.values, state.doc.shown);
  const before = steps.find((one) => one.id === step.inputs?.[0]?.step);
  const was = before?.values && new Grid(before.values, state.doc.shown);
  const i = state.token;
  const mine = top.filter((one) => one.token === i);
  const said = [firing !== undefined && h("p", { class: "why" }, t("fire.share", { share: (100 * firing).toFixed(1), function: name }))];
  if (values.isExact(i)) {
    const row = values.row(i);
    said.push(h("p", { class: "why" }, t("fire.mine", { word: word(i), count: row.filter((one) => one > 0).length, units: values.cols })), field(values, i, t("fire.field", { word: word(i) })));
    if (was?.isExact(i)) {
      said.push(points({ xs: was.row(i), ys: row, label: t("fire.curve", { function: name }), xLabel: t("before"), yLabel: t("after") }));
    }
  }
  return [said, mine.length > 0 && h("p", { class: "keys" }, t("fire.top", { word: word(i) }), " ", mine.map((one) => `${t("unit")} ${one.unit} (${brief(one.value)})`).join(", ")), strip];
}
