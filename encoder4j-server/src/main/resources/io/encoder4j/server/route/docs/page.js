// SPDX-License-Identifier: Apache-2.0
// A form for each route, made from /openapi.json: a new route appears by itself. Texts are only ever text, never HTML.

const byId = (id) => document.getElementById(id);
const MOST_CHARACTERS = 200_000;
const JSON_TYPE = 'application/json';

let operations = new Map();
let models = [];
let current;

function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

const headers = () => (byId('key').value ? { Authorization: `Bearer ${byId('key').value}` } : {});

// What a field takes: the forms of its schema, without null.
function forms(schema) {
  const all = schema.anyOf ?? [schema];
  return all.flatMap((one) => [one.type ?? []].flat().map((type) => ({ ...one, type }))).filter((one) => one.type !== 'null');
}

function control(schema, required) {
  const types = forms(schema).map((form) => form.type);
  const example = schema.examples?.[0];
  if (schema.enum || types[0] === 'boolean') {
    const words = schema.enum?.filter((word) => word !== null) ?? ['true', 'false'];
    return element('select', {}, ...['', ...words].map((word) => element('option', { value: word, textContent: word || '(left out)' })));
  }
  if (types.includes('integer') || types.includes('number')) {
    return element('input', { type: 'number', step: 'any', placeholder: example ?? '', required });
  }
  if (types.length === 1 && types[0] === 'string') {
    return element('input', { type: 'text', placeholder: example ?? '', required });
  }
  return element('textarea', { placeholder: lines(example), required, rows: 3, spellcheck: false });
}

// How a value stands in a text area.
function lines(value) {
  if (value === undefined) {
    return '';
  }
  return Array.isArray(value) && value.every((one) => typeof one === 'string') ? value.join('\n')
      : typeof value === 'string' ? value : JSON.stringify(value);
}

function hint(schema) {
  const all = forms(schema);
  const list = all.some((form) => form.type === 'array');
  const texts = all.some((form) => form.type === 'string' || JSON.stringify(form.items)?.includes('"string"'));
  return schema.description + (!list ? '' : texts ? ' One on each line, or JSON.' : ' As JSON.');
}

// One field, or an object's. `read` gives its value, or undefined if it is left out.
function field(path, name, schema, required, value) {
  if (schema.properties) {
    const members = object(`${path}.`, schema, value ?? {});
    return {
      node: element('fieldset', {}, element('legend', { textContent: name }),
          element('span', { className: 'hint', textContent: schema.description }), ...members.nodes),
      read: () => {
        const read = members.read();
        return required || Object.keys(read).length ? read : undefined;
      },
    };
  }
  const input = control(schema, required && value !== '');
  input.id = `field-${path}`;
  input.name = path;
  if (value !== undefined) {
    input.value = lines(value);
  }
  if (name === 'model') {
    input.setAttribute('list', 'models');
  }
  const description = element('span', { className: 'hint', id: `hint-${path}`, textContent: hint(schema) });
  input.setAttribute('aria-describedby', description.id);
  const label = element('label', { htmlFor: input.id, textContent: name },
      ...(required ? [] : [element('small', { textContent: ' optional' })]));
  return { node: element('div', { className: 'field' }, label, description, input), read: () => read(input.value, schema, path) };
}

function read(text, schema, path) {
  if (text === '') {
    return undefined;
  }
  const types = forms(schema).map((form) => form.type);
  if (schema.enum || types.length === 1 && types[0] === 'string') {
    return text;
  }
  if (types.includes('boolean')) {
    return text === 'true';
  }
  if (types.includes('integer') || types.includes('number')) {
    return Number(text);
  }
  if (/^\s*[[{"]/.test(text)) {
    try {
      return JSON.parse(text);
    } catch (e) {
      // A text may begin so, too. Where there is no text, it is wrong.
      if (!types.includes('string')) {
        throw new Error(`${path}: ${e.message}`);
      }
    }
  }
  const all = text.split('\n').filter((line) => line !== '');
  return types.includes('string') && all.length < 2 ? text : all;
}

function object(path, schema, values) {
  const fields = Object.entries(schema.properties).map(([name, one]) => [name,
    field(path + name, name, one, schema.required?.includes(name) ?? false, values[name])]);
  return {
    nodes: fields.map(([, one]) => one.node),
    read: () => Object.fromEntries(fields.map(([name, one]) => [name, one.read()]).filter(([, value]) => value !== undefined)),
  };
}

// The parameters of the address as the body's fields would be.
function ofAddress(operation) {
  const query = (operation.parameters ?? []).filter((one) => one.in === 'query');
  return {
    schema: { properties: Object.fromEntries(query.map((one) => [one.name, { description: one.description, ...one.schema }])),
      required: query.filter((one) => one.required).map((one) => one.name) },
    example: Object.fromEntries(query.filter((one) => one.required).map((one) => [one.name, one.example ?? one.schema?.examples?.[0] ?? 'A text.'])),
  };
}

function show() {
  const chosen = decodeURIComponent(location.hash.slice(1));
  const key = operations.has(chosen) ? chosen : operations.keys().next().value;
  const operation = operations.get(key);
  const body = operation.requestBody?.content[JSON_TYPE];
  const { schema, example } = body ?? ofAddress(operation);
  const form = object('', schema, example ?? {});
  current = { ...operation, hasBody: Boolean(body), read: form.read };
  byId('name').textContent = `${operation.method.toUpperCase()} ${operation.path}`;
  byId('summary').textContent = operation.summary + (served(operation) ? '' : ' No model here does this.');
  byId('fields').replaceChildren(...form.nodes);
  byId('form').hidden = false;
  byId('result').hidden = true;
  byId('trouble').textContent = '';
  document.querySelectorAll('nav a').forEach((link) => (link.dataset.key === key ? link.setAttribute('aria-current', 'page')
      : link.removeAttribute('aria-current')));
  return chosen === key;
}

const served = (operation) => !models.length || !operation['x-task']
    || models.some((model) => model.tasks.includes(operation['x-task']));

// Lists of numbers on one line, since there may be thousands.
function pretty(text) {
  const shown = JSON.stringify(JSON.parse(text), null, 2).replace(/\[[\s\d.,eE+-]+\]/g, (list) => list.replace(/\s+/g, ' '));
  return shown.length > MOST_CHARACTERS ? `${shown.slice(0, MOST_CHARACTERS)}\n… ${shown.length - MOST_CHARACTERS} characters more` : shown;
}

const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

function curl(address, body) {
  return `curl ${address.includes('?') ? quoted(location.origin + address) : location.origin + address}` + (byId('key').value ? ' -H "Authorization: Bearer $KEY"' : '')
      + (body === undefined ? '' : ` -H 'Content-Type: ${JSON_TYPE}' -d ${quoted(body)}`);
}

async function send() {
  const operation = current;
  byId('trouble').textContent = '';
  let body;
  let address = operation.path;
  try {
    const values = operation.read();
    body = operation.hasBody ? JSON.stringify(values) : undefined;
    if (!operation.hasBody && Object.keys(values).length > 0) {
      address += `?${new URLSearchParams(values)}`;
    }
  } catch (e) {
    byId('trouble').textContent = e.message;
    return;
  }
  byId('send').disabled = true;
  byId('result').hidden = false;
  byId('curl').textContent = curl(address, body);
  byId('answer').textContent = '';
  byId('status').className = '';
  byId('status').textContent = '…';
  const begun = performance.now();
  try {
    const answer = await fetch(address, { method: operation.method.toUpperCase(), body,
      headers: { ...headers(), ...(body === undefined ? {} : { 'Content-Type': JSON_TYPE }) } });
    const text = await answer.text();
    const tokens = answer.headers.get('x-compute-tokens');
    const isJson = answer.headers.get('Content-Type')?.startsWith(JSON_TYPE);
    byId('answer').textContent = isJson ? pretty(text) : text || '(nothing)';
    byId('status').className = answer.ok ? '' : 'wrong';
    byId('status').textContent = `${answer.status} in ${Math.round(performance.now() - begun)} ms`
        + (tokens && answer.ok ? `, ${tokens} tokens` : '');
  } catch (e) {
    byId('status').className = 'wrong';
    byId('status').textContent = `no answer: ${e.message}`;
  } finally {
    byId('send').disabled = false;
  }
}

// The names of the models are only a help; without them everything works.
async function loadModels() {
  const answer = await fetch('/v1/models', { headers: headers() });
  models = answer.ok ? (await answer.json()).data : [];
  byId('models')?.remove();
  document.body.append(element('datalist', { id: 'models' }, ...models.map((model) => element('option', { value: model.id }))));
  document.querySelectorAll('nav a').forEach((link) => link.classList.toggle('idle', !served(operations.get(link.dataset.key))));
}

// Not the files of the explain page, which has a link of its own.
const isShown = (path, operation) => !operation['x-alias-of'] && !path.startsWith('/explain/')
    && Object.keys(operation.responses['200'].content ?? {}).every((type) => [JSON_TYPE, 'text/plain'].includes(type));

async function start() {
  const api = await (await fetch('/openapi.json')).json();
  byId('version').textContent = api.info.version;
  operations = new Map(Object.entries(api.paths).flatMap(([path, item]) => Object.entries(item)
      .filter(([, operation]) => isShown(path, operation))
      .map(([method, operation]) => [`${method} ${path}`, { ...operation, path, method }])));
  byId('routes').replaceChildren(...[...operations].map(([key, operation]) => {
    const link = element('a', { href: `#${encodeURIComponent(key)}`, textContent: operation.path, title: operation.summary });
    link.dataset.key = key;
    return element('li', {}, link);
  }));
  await loadModels();
  show();
  addEventListener('hashchange', () => show() && byId('name').focus());
  byId('key').addEventListener('change', loadModels);
  byId('form').addEventListener('submit', (event) => {
    event.preventDefault();
    send();
  });
  byId('form').addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && event.ctrlKey) {
      byId('form').requestSubmit();
    }
  });
}

start().catch((e) => {
  byId('trouble').textContent = `The routes cannot be shown: ${e.message}`;
});
