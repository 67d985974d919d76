// SPDX-License-Identifier: Apache-2.0
// Rows of numbers above each other, as one adds by hand: a sign and a name before each, the result below a line.
import { css, scale } from "./colour.js";
import { digits } from "./data.js";
import { drawCells, fitting, picture } from "./picture.js";
import { t } from "./text.js";

const ROW = 30;
const GAP = 5;

/** The value below which 95 of 100 absolute values of each row lie. */
function reachOf(rows) {
  return Math.max(...rows.map((row) => {
    const sorted = Array.from(row.values, Math.abs).filter(Number.isFinite).sort((a, b) => a - b);
    return sorted[Math.floor(0.95 * (sorted.length - 1))] ?? 0;
  })) || 1;
}

/**
 * The picture of `[{sign, name, values, share, result}]`, all of one length. `share` (0 to 1) is drawn as a bar behind the name.
 * `gaps` cuts each row into blocks of that many columns; `chosen` frames one of them.
 */
export function stack({ label, rows, feature = t("feature"), gaps, chosen, choose, hint }) {
  const colours = scale("signed", reachOf(rows));
  const cols = rows[0].values.length;
  return picture({
    label, colours, hint,
    tell: (row, col) => `${rows[row].name} · ${feature} ${col} ${rows[row].sure === false ? "≈" : "="} ${digits(rows[row].values[col])}`,
    layout(width) {
      const gutter = Math.min(190, width * 0.34);
      return { height: rows.length * ROW, gutter, rows: rows.length, cols, box: { x: gutter, y: 0, width: width - gutter, height: rows.length * ROW } };
    },
    draw(context, { box, gutter }) {
      rows.forEach((row, at) => {
        const y = at * ROW + GAP / 2;
        drawCells(context, { ...box, y, height: ROW - GAP }, 1, cols, colours, (_, col) => row.values[col]);
        name(context, row, y, gutter);
        if (row.result && at > 0) {
          context.fillStyle = css("ink");
          context.fillRect(0, at * ROW - 0.75, box.x + box.width, 1.5);
        }
      });
      blocks(context, box, cols, gaps, chosen);
    },
    choose,
  });
}

function name(context, { sign, name: text, share, result, strong }, y, gutter) {
  if (share !== undefined) {
    context.fillStyle = css("violet");
    context.globalAlpha = 0.22;
    context.fillRect(0, y, Math.max(1, (gutter - 10) * share), ROW - GAP);
    context.globalAlpha = 1;
  }
  context.fillStyle = css(strong ? "follow" : result ? "ink" : "quiet");
  context.font = `${strong || result ? "600 " : ""}13px system-ui, sans-serif`;
  context.textAlign = "left";
  context.fillText(sign ?? "", 2, y + (ROW - GAP) / 2);
  context.fillText(fitting(context, text, gutter - 28), 18, y + (ROW - GAP) / 2);
}

function blocks(context, box, cols, size, chosen) {
  if (size === undefined) {
    return;
  }
  const wide = (box.width / cols) * size;
  const gap = Math.min(5, wide / 5);
  for (let at = 1; at < cols / size; at++) {
    context.clearRect(box.x + at * wide - gap / 2, box.y, gap, box.height);
  }
  if (chosen !== undefined) {
    context.strokeStyle = css("follow");
    context.lineWidth = 2.5;
    context.strokeRect(box.x + chosen * wide + gap / 2, box.y + 1.5, wide - gap, box.height - 3);
  }
}
