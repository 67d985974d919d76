// SPDX-License-Identifier: Apache-2.0
// Asks the server that the page came from. Nothing else is ever asked.
import { t } from "./text.js";

let key = "";

export function useKey(value) {
  key = value;
}

/** A GET of JSON; throws an Error with one sentence to show. `needsKey` tells that the server wants an API key. */
export async function get(path, parameters = {}) {
  const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value !== undefined && value !== null && value !== ""));
  let answer;
  try {
    answer = await fetch(query.size ? `${path}?${query}` : path, { headers: key ? { Authorization: `Bearer ${key}` } : {} });
  } catch {
    throw new Error(t("error.network"));
  }
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) {
    const told = body.error?.message ?? body.error ?? body.message ?? `${answer.status}`;
    throw Object.assign(new Error(t("error.server", { message: told })), { needsKey: answer.status === 401 });
  }
  return body;
}
