// SPDX-License-Identifier: Apache-2.0
// Heat strips: a row for each token, a column for each feature.
import { digits } from "./data.js";
import { drawImage, picture, rowWords, signed } from "./picture.js";
import { css } from "./colour.js";
import { h } from "./dom.js";
import { set, state, word } from "./state.js";
import { t } from "./text.js";

/** How many tokens' rows a strip shows at most; of more, those around the followed one. */
const MOST_ROWS = 128;

function heightOf(rows) {
  return rows === 1 ? 26 : Math.max(rows * 3, Math.min(rows * 20, 360));
}

/** A row's numbers, exact, written out when they are asked for. */
function numbers(grid, row, name) {
  const list = h("ol", { class: "numbers", start: "0" });
  const details = h("details", {}, h("summary", {}, t("numbersOf", { name, count: grid.cols })), list);
  details.addEventListener("toggle", () => {
    if (details.open && list.children.length === 0) {
      for (let col = 0; col < grid.cols; col++) {
        list.append(h("li", { "data-index": col }, h("span", {}, String(col)), digits(grid.value(row, col))));
      }
    }
  });
  return details;
}

/**
 * A strip of a matrix `[tokens, features]`, or of a vector. `columns` marks some of them: a head's part.
 */
export function strip(grid, { label, columns, feature = t("feature"), rowName = word, colours = signed(grid) }) {
  const rows = grid.order.slice(0, MOST_ROWS);
  if (!rows.includes(state.token) && grid.place.has(state.token) && grid.rows > 1) {
    rows[rows.length - 1] = state.token;
  }
  const single = grid.rows === 1;
  const followed = single ? -1 : rows.indexOf(state.token);
  const tell = (row, col) => {
    const sure = grid.isExact(rows[row]);
    const value = grid.value(rows[row], col);
    const place = single ? `${feature} ${col}` : `${rowName(rows[row])} · ${feature} ${col}`;
    return `${place} ${sure ? "=" : "≈"} ${sure ? digits(value) : Number(value.toPrecision(2))}`;
  };
  const made = picture({
    label, colours, tell,
    layout(width) {
      const gutter = single ? 0 : Math.min(110, width * 0.22);
      const height = heightOf(rows.length);
      return { height, gutter, rows: rows.length, cols: grid.cols, box: { x: gutter, y: 0, width: width - gutter, height } };
    },
    draw(context, { box, gutter }) {
      drawImage(context, box, grid.image(rows, colours));
      if (!single) {
        rowWords(context, rows.map(rowName), followed, box, gutter);
      }
      context.lineWidth = 2;
      if (followed >= 0) {
        context.strokeStyle = css("follow");
        const high = box.height / rows.length;
        context.strokeRect(box.x + 1, box.y + followed * high + 0.5, box.width - 2, Math.max(2, high - 1));
      }
      if (columns) {
        context.strokeStyle = css("ink");
        const wide = box.width / grid.cols;
        context.strokeRect(box.x + columns[0] * wide, box.y + 1, (columns[1] - columns[0]) * wide, box.height - 2);
      }
    },
    choose: single ? undefined : (row) => set({ token: rows[row] }),
  });
  const row = single ? 0 : state.token;
  if (grid.isExact(row)) {
    made.append(numbers(grid, row, single ? label : rowName(row)));
  }
  return made;
}
