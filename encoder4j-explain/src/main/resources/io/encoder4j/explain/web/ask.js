// SPDX-License-Identifier: Apache-2.0
// Asks the server that the page came from. Nothing else is ever asked.
let key = "";

export function useKey(value) {
  key = value;
}

/** A GET of JSON; throws an Error with the `key` and `values` of one sentence to show: the language may come later. `needsKey` tells that the server wants an API key. */
export async function get(path, parameters = {}) {
  const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value !== undefined && value !== null && value !== ""));
  let answer;
  try {
    answer = await fetch(query.size ? `${path}?${query}` : path, { headers: key ? { Authorization: `Bearer ${key}` } : {} });
  } catch {
    throw Object.assign(new Error("error.network"), { key: "error.network" });
  }
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) {
    const told = body.error?.message ?? body.error ?? body.message ?? `${answer.status}`;
    throw Object.assign(new Error(told), { key: "error.server", values: { message: told }, needsKey: answer.status === 401 });
  }
  return body;
}
