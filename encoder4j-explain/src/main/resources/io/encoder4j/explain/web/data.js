// SPDX-License-Identifier: Apache-2.0
// Arrays of the explanation: base64 of little-endian numbers becomes typed arrays, and a value knows whether it is exact.

function bytes(text) {
  const binary = atob(text);
  const all = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) {
    all[i] = binary.charCodeAt(i);
  }
  return all;
}

function floats(text) {
  const raw = bytes(text);
  if (new Uint8Array(new Uint16Array([1]).buffer)[0] === 1) {
    return new Float32Array(raw.buffer);
  }
  const view = new DataView(raw.buffer);
  return Float32Array.from({ length: raw.length / 4 }, (_, i) => view.getFloat32(4 * i, true));
}

/** All values of an exact array, row by row. */
export function exact(array) {
  array.values ??= floats(array.f32 ?? "");
  return array.values;
}

/** The shortest decimal number that is this float32 and no other. */
export function digits(value) {
  if (!Number.isFinite(value)) {
    return String(value);
  }
  for (let precision = 1; precision < 9; precision++) {
    const text = value.toPrecision(precision);
    if (Math.fround(Number(text)) === Math.fround(value)) {
      return String(Number(text)).replace("-", "−");
    }
  }
  return String(Number(value.toPrecision(9))).replace("-", "−");
}

/** A few digits, for labels. */
export function brief(value, count = 3) {
  return String(Number(value.toPrecision(count))).replace("-", "−");
}

/** A matrix of the explanation: rows are tokens (or one), columns are features. */
export class Grid {
  constructor(array, shown) {
    const shape = array.shape;
    this.cols = shape[shape.length - 1];
    this.rows = shape.length < 2 ? 1 : shape[shape.length - 2];
    const all = !array.rows && array.f32 !== undefined;
    this.f32 = array.f32 === undefined ? new Float32Array(0) : exact(array);
    this.u8 = array.u8 === undefined ? undefined : (array.coarse ??= bytes(array.u8));
    this.min = array.min ?? 0;
    this.step = array.step ?? 0;
    this.exactRows = new Map((array.rows ?? []).map((row, at) => [row, at]));
    this.all = all;
    const coarse = this.u8 ? this.u8.length / this.cols : 0;
    this.order = all || coarse === this.rows ? Array.from({ length: this.rows }, (_, i) => i)
      : this.u8 ? shown.slice(0, coarse) : [...this.exactRows.keys()];
    this.place = new Map(this.order.map((row, at) => [row, at]));
  }

  /** Whether all numbers of a row are the model's own. */
  isExact(row) {
    return this.all || this.exactRows.has(row);
  }

  value(row, col) {
    if (this.all) {
      return this.f32[row * this.cols + col];
    }
    const at = this.exactRows.get(row);
    if (at !== undefined) {
      return this.f32[at * this.cols + col];
    }
    const place = this.place.get(row);
    return place === undefined || !this.u8 ? NaN : this.min + this.step * this.u8[place * this.cols + col];
  }

  /** The rows as an image: coarse rows by a table of 256 colours. */
  image(rows, colours) {
    const image = new ImageData(this.cols, rows.length);
    const pixels = new Uint32Array(image.data.buffer);
    const table = this.u8 && colours.packed(Array.from({ length: 256 }, (_, i) => this.min + this.step * i));
    rows.forEach((row, line) => {
      const at = this.all ? row : this.exactRows.get(row);
      const place = this.place.get(row);
      if (at === undefined && place !== undefined && table) {
        for (let col = 0; col < this.cols; col++) {
          pixels[line * this.cols + col] = table[this.u8[place * this.cols + col]];
        }
      } else if (at !== undefined) {
        for (let col = 0; col < this.cols; col++) {
          colours.paint(image.data, 4 * (line * this.cols + col), this.f32[at * this.cols + col]);
        }
      }
    });
    return image;
  }

  /** A row's numbers. */
  row(row) {
    return Float32Array.from({ length: this.cols }, (_, col) => this.value(row, col));
  }

  /** For colours: below this lie 98 of 100 absolute values. */
  get reach() {
    if (this.cached === undefined) {
      const sample = [];
      const jump = Math.max(1, Math.floor((this.order.length * this.cols) / 4000));
      for (let i = 0; i < this.order.length * this.cols; i += jump) {
        sample.push(Math.abs(this.value(this.order[Math.floor(i / this.cols)], i % this.cols)));
      }
      sample.sort((a, b) => a - b);
      this.cached = sample[Math.floor(0.98 * (sample.length - 1))] || sample[sample.length - 1] || 1;
    }
    return this.cached;
  }
}

/** Attention of several layers or heads: `of(index)` gives a square of weights. */
export class Squares {
  constructor(array) {
    const shape = array.shape;
    this.size = shape[shape.length - 1];
    this.count = shape.slice(0, -2).reduce((a, b) => a * b, 1);
    this.tile = array.tile ?? 1;
    this.side = Math.ceil(this.size / this.tile);
    this.exact = array.f32 !== undefined;
    this.values = this.exact ? exact(array) : (array.coarse ??= bytes(array.u8));
    this.min = array.min ?? 0;
    this.step = array.step ?? 1;
  }

  value(index, query, key) {
    const at = (index * this.side + Math.floor(query / this.tile)) * this.side + Math.floor(key / this.tile);
    return this.exact ? this.values[at] : this.min + this.step * this.values[at];
  }
}
