// SPDX-License-Identifier: Apache-2.0
// Attention as a matrix: a row for each token that looks, a column for each token that is looked at.
import { brief, digits } from "./data.js";
import { css, scale } from "./colour.js";
import { drawCells, fitting, picture, rowWords } from "./picture.js";
import { set, state, visible, word } from "./state.js";
import { t } from "./text.js";

const WITH_NUMBERS = 12;

/**
 * A square of values. `value(query, key)`; `sure(query, key)` whether it is exact.
 */
export function matrix({ label, kind, reach, value, sure, queries = visible(), keys = visible(), names = word, choose = true }) {
  const colours = scale(kind, reach);
  const tell = (row, col) => {
    const exact = sure(queries[row], keys[col]);
    const number = value(queries[row], keys[col]);
    return `${names(queries[row])} → ${names(keys[col], true)} ${exact ? "=" : "≈"} ${exact ? digits(number) : brief(number, 2)}`;
  };
  return picture({
    label, colours, tell, hint: choose ? t("hoverCell") : undefined,
    layout(width) {
      const gutter = Math.min(110, width * 0.22);
      const top = keys.length <= 64 ? 74 : 8;
      const side = Math.min(width - gutter, Math.max(keys.length, queries.length) * (keys.length <= WITH_NUMBERS ? 62 : 34), 760);
      const high = Math.min(34, side / keys.length);
      return { height: top + high * queries.length, top, gutter, rows: queries.length, cols: keys.length, box: { x: gutter, y: top, width: side, height: high * queries.length } };
    },
    draw(context, { box, gutter, top }) {
      drawCells(context, box, queries.length, keys.length, colours, (row, col) => value(queries[row], keys[col]));
      rowWords(context, queries.map((one) => names(one)), choose ? queries.indexOf(state.token) : -1, box, gutter);
      const wide = box.width / keys.length;
      const high = box.height / queries.length;
      if (top > 20) {
        columnWords(context, keys.map((one) => names(one, true)), wide, box, choose ? keys.indexOf(state.key) : -1);
      }
      if (keys.length <= WITH_NUMBERS && wide > 34) {
        context.font = "12px system-ui, sans-serif";
        context.textAlign = "center";
        queries.forEach((query, row) => keys.forEach((key, col) => {
          const number = value(query, key);
          context.fillStyle = colours.ink(number);
          context.fillText(number.toFixed(2).replace("-", "−"), box.x + (col + 0.5) * wide, box.y + (row + 0.5) * high);
        }));
      }
      const row = queries.indexOf(state.token);
      const col = keys.indexOf(state.key);
      if (choose && row >= 0) {
        context.strokeStyle = css("follow");
        context.lineWidth = 2;
        context.strokeRect(box.x + 1, box.y + row * high + 1, box.width - 2, high - 2);
      }
      if (choose && row >= 0 && col >= 0) {
        context.strokeStyle = css("ink");
        context.lineWidth = 2.5;
        context.strokeRect(box.x + col * wide + 1, box.y + row * high + 1, wide - 2, high - 2);
      }
    },
    choose: choose ? (row, col) => set({ token: queries[row], key: keys[col] }) : undefined,
  });
}

function columnWords(context, words, wide, box, marked) {
  words.forEach((one, col) => {
    if (wide < 11 && col !== marked) {
      return;
    }
    context.save();
    context.translate(box.x + (col + 0.5) * wide, box.y - 6);
    context.rotate(-Math.PI / 3.2);
    context.textAlign = "left";
    context.font = `${col === marked ? "600 " : ""}12px system-ui, sans-serif`;
    context.fillStyle = css(col === marked ? "follow" : "quiet");
    context.fillText(fitting(context, one, 76), 0, 0);
    context.restore();
  });
}
