// SPDX-License-Identifier: Apache-2.0
// Formulas as mathematics is set, in MathML: fractions, roots, indices, powers. Shapes with the real sizes.
import { h } from "./dom.js";
import { t } from "./text.js";

const PIECES = /\s+|\d+(?:\.\d+)?|[\p{L}′]+|./gsu;
const TIMES = new Set(["·", "⊙", "×", "∘"]);
const CLOSING = { "(": ")", "[": "]", "{": "}", "|": "|" };

function m(name, ...children) {
  const element = document.createElementNS("http://www.w3.org/1998/Math/MathML", name);
  element.append(...children.flat());
  return element;
}

const row = (parts) => (parts.length === 1 ? parts[0] : m("mrow", parts));

/** Small digits as the indices and powers that they are. */
function lowered(text) {
  return text.replace(/[₀-₉]+/gu, (digits) => `_${[...digits].map((one) => one.codePointAt(0) - 0x2080).join("")}`).replaceAll("²", "^2");
}

/** Reads a formula from left to right: `a · b / c` is a fraction, `√x` a root, `x_i` an index, `x^(i)` a power. */
class Reader {
  constructor(text, small = false) {
    this.pieces = small ? text.match(PIECES) ?? [] : lowered(text).match(PIECES) ?? [];
    this.small = small;
    this.at = 0;
  }

  get next() {
    return this.pieces[this.at];
  }

  spaces() {
    while (this.next !== undefined && this.next.trim() === "") {
      this.at++;
    }
  }

  /** Everything up to a closing bracket or the end. */
  all(end) {
    const parts = [];
    this.spaces();
    while (this.next !== undefined && this.next !== end) {
      if (this.factorBegins()) {
        parts.push(...this.product(end));
      } else {
        parts.push(m("mo", this.pieces[this.at++]));
      }
      this.spaces();
    }
    this.at++;
    return parts;
  }

  factorBegins() {
    return /^[\p{L}\p{N}′√Σ([|∞ε]/u.test(this.next);
  }

  product(end) {
    let parts = [];
    for (this.spaces(); this.next !== undefined && this.next !== end; this.spaces()) {
      if (TIMES.has(this.next) && parts.length > 0) {
        parts.push(m("mo", this.pieces[this.at++]));
      } else if (this.next === "/" && !this.small && parts.length > 0) {
        this.at++;
        this.spaces();
        parts = [m("mfrac", row(bare(parts)), row(bare([this.factor()])))];
      } else if (this.factorBegins()) {
        parts.push(this.factor());
      } else {
        break;
      }
    }
    return parts;
  }

  factor() {
    const piece = this.pieces[this.at++];
    if (piece === "√") {
      return m("msqrt", bare([this.factor()]));
    }
    if (piece === "Σ") {
      this.spaces();
      return m("mrow", m("mo", "∑"), this.next === undefined ? [] : this.factor());
    }
    if (piece in CLOSING) {
      return this.raised(group(piece, this.all(CLOSING[piece])));
    }
    if (/^\d/u.test(piece)) {
      return this.raised(m("mn", piece));
    }
    const turned = piece.length > 1 && piece.endsWith("ᵀ");
    const name = this.raised(m("mi", turned ? piece.slice(0, -1) : piece), turned);
    return this.next === "(" || this.next === "[" ? m("mrow", name, this.raised(group(this.next, this.all(CLOSING[this.pieces[this.at++]])))) : name;
  }

  /** What stands below and above the thing just read. */
  raised(base, turned) {
    const below = this.next === "_" ? this.part() : undefined;
    let above = turned || below?.turned ? m("mo", "⊤") : undefined;
    if (this.next === "^") {
      above = this.part().element;
    }
    return below && above ? m("msubsup", base, below.element, above) : below ? m("msub", base, below.element) : above ? m("msup", base, above) : base;
  }

  part() {
    this.at++;
    const piece = this.pieces[this.at++] ?? "";
    if (piece in CLOSING) {
      let text = "";
      for (let depth = 1; this.next !== undefined; text += this.pieces[this.at++]) {
        depth += this.next === piece ? 1 : this.next === CLOSING[piece] ? -1 : 0;
        if (depth === 0) {
          this.at++;
          break;
        }
      }
      return { element: m("mrow", new Reader(text, true).all()), turned: false };
    }
    const turned = (piece.length > 1 && piece.endsWith("ᵀ")) || this.next === "ᵀ";
    this.at += this.next === "ᵀ" ? 1 : 0;
    const name = piece.replace(/(?<=.)ᵀ$/u, "");
    return { element: m(/^\d/u.test(name) ? "mn" : "mi", name), turned };
  }
}

function group(open, inside) {
  const made = m("mrow", m("mo", open), inside, m("mo", CLOSING[open]));
  made.inside = open === "(" ? inside : undefined;
  return made;
}

/** Parts without the brackets that a fraction or a root makes needless. */
function bare(parts) {
  return parts.length === 1 && parts[0].inside ? parts[0].inside : parts;
}

/** A formula's parts as elements. */
export function formula(text) {
  const element = m("math", new Reader(text).all());
  element.setAttribute("displaystyle", "true");
  return [element];
}
function dims(shape) {
  const parts = [];
  shape.dims.forEach((dim, at) => {
    if (at > 0) {
      parts.push(h("span", { class: "times" }, "×"));
    }
    parts.push(h("span", { class: "dim" }, h("b", {}, String(dim.size)), h("small", {}, t(`dim.${dim.name}`))));
  });
  return h("span", { class: "dims" }, h("i", {}, formula(shape.symbol)), parts);
}

/** Shapes with the real sizes; the last is the result. */
export function shapes(list) {
  const parts = [];
  list.forEach((shape, at) => {
    if (at > 0) {
      parts.push(h("span", { class: "arrow", "aria-hidden": "true" }, at === list.length - 1 ? "→" : ","));
    }
    parts.push(dims(shape));
  });
  return h("div", { class: "shapes", role: "group", "aria-label": t("shapes") }, parts);
}
