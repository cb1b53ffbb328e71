const introspection = `query Schema { __schema {
  queryType { name } mutationType { name } subscriptionType { name }
  types { kind name description
    fields { name description args { name description defaultValue type { ...Ref } } type { ...Ref } }
    inputFields { name description defaultValue type { ...Ref } }
    enumValues { name description } interfaces { name } possibleTypes { name } } } }
fragment Ref on __Type { kind name ofType { kind name ofType { kind name ofType { kind name } } } }`;

/** The schema as pages of types. `onUse` gets a document, and its variables, for a field of a root type. */
export function createDocs(container, { client, onUse }) {
  let schema = null;
  let trail = [];

  const body = element('div', { className: 'body' });
  const crumbs = element('div', { className: 'trail' });
  const search = element('input', {
    type: 'search',
    placeholder: 'Find a type or a field',
    ariaLabel: 'Find in the schema',
  });
  search.addEventListener('input', show);
  container.replaceChildren(element('div', { className: 'search' }, [search]), crumbs, body);
  body.append(element('p', { textContent: 'The schema is shown once a token is given.' }));

  const open = (name) => {
    trail = [...trail.slice(0, trail.indexOf(name) < 0 ? undefined : trail.indexOf(name)), name];
    search.value = '';
    show();
    body.scrollTop = 0;
  };

  function show() {
    if (!schema) return;
    crumbs.replaceChildren(
      link('Schema', () => {
        trail = [];
        search.value = '';
        show();
      }),
      ...trail.flatMap((name) => [element('span', { textContent: '›' }), link(name, () => open(name))]),
    );
    const wanted = search.value.trim().toLowerCase();
    const page = wanted ? found(wanted) : trail.length > 0 ? typePage(schema.types.get(trail.at(-1))) : rootPage();
    body.replaceChildren(...page);
  }

  function rootPage() {
    const named = [...schema.types.values()].filter(({ name }) => !name.startsWith('__') && !schema.roots.has(name));
    return [
      element('h3', { textContent: 'Entrances' }),
      list(
        [...schema.roots.keys()].map((name) => [typeLink({ name })]),
        'plain',
      ),
      ...['OBJECT', 'INTERFACE', 'INPUT_OBJECT', 'ENUM', 'SCALAR'].flatMap((kind) => {
        const types = named.filter((type) => type.kind === kind).sort((a, b) => a.name.localeCompare(b.name));
        return [
          element('h3', { textContent: titles[kind] }),
          list(
            types.map((type) => [typeLink(type)]),
            'plain',
          ),
        ];
      }),
    ];
  }

  function typePage(type) {
    if (!type) return [];
    const parts = [element('h2', { textContent: type.name }), text(type.description)];
    const section = (title, items) => {
      if (items.length > 0) parts.push(element('h3', { textContent: title }), list(items));
    };
    section(
      'Is one of',
      (type.interfaces ?? []).map((one) => [typeLink(one)]),
    );
    section(
      'Fields',
      [...(type.fields ?? []), ...(type.inputFields ?? [])].map((field) => fieldOf(type, field)),
    );
    section(
      'Values',
      (type.enumValues ?? []).map((value) => [code(value.name, 'name'), text(value.description)]),
    );
    if (type.kind === 'INTERFACE')
      section(
        'May be',
        (type.possibleTypes ?? []).map((one) => [typeLink(one)]),
      );
    return parts;
  }

  function found(wanted) {
    const matches = (name) => name.toLowerCase().includes(wanted);
    const items = [];
    for (const type of schema.types.values()) {
      if (type.name.startsWith('__')) continue;
      if (matches(type.name)) items.push([typeLink(type), text(type.description)]);
      for (const field of type.fields ?? []) {
        if (matches(field.name)) items.push([typeLink(type), code('.'), ...fieldOf(type, field)]);
      }
      if (items.length > MAX_FOUND) break;
    }
    if (items.length === 0)
      return [element('p', { textContent: `Nothing in the schema is called “${search.value}”.` })];
    return [element('h3', { textContent: 'Found' }), list(items.slice(0, MAX_FOUND))];
  }

  function fieldOf(type, field) {
    const signature = element('code', {}, [element('span', { className: 'name', textContent: field.name })]);
    const args = field.args ?? [];
    args.forEach((arg, index) => {
      signature.append(index === 0 ? '(' : ', ', `${arg.name}: `, typeReference(arg.type));
      if (arg.defaultValue) signature.append(` = ${arg.defaultValue}`);
    });
    signature.append(args.length > 0 ? '): ' : ': ', typeReference(field.type));
    const parts = [signature, text(field.description)];
    const keyword = schema.roots.get(type.name);
    if (!keyword) return parts;
    const use = element('button', { type: 'button', className: 'use', textContent: 'use' });
    use.addEventListener('click', () => onUse(documentFor(keyword, field)));
    return [use, ...parts];
  }

  function typeReference(type) {
    if (type.kind === 'NON_NULL') return element('span', {}, [typeReference(type.ofType), '!']);
    if (type.kind === 'LIST') return element('span', {}, ['[', typeReference(type.ofType), ']']);
    return typeLink(type);
  }

  function typeLink({ name }) {
    const button = link(name, () => open(name));
    button.className = 'type';
    return button;
  }

  /** Asks for what is plain in the field, and gives its required arguments as variables. */
  function documentFor(keyword, field) {
    const needed = field.args.filter(({ type, defaultValue }) => type.kind === 'NON_NULL' && !defaultValue);
    const declared = needed.map(({ name, type }) => `$${name}: ${written(type)}`).join(', ');
    const passed = needed.map(({ name }) => `${name}: $${name}`).join(', ');
    const title = field.name.charAt(0).toUpperCase() + field.name.slice(1);
    const head = `${keyword} ${title}${declared && `(${declared})`} {\n  ${field.name}${passed && `(${passed})`}`;
    const selection = selectionOf(schema.types.get(named(field.type).name), '  ', 2);
    const variables = Object.fromEntries(needed.map(({ name, type }) => [name, exampleOf(named(type).kind)]));
    return { query: `${head}${selection}\n}\n`, variables };
  }

  function selectionOf(type, indent, depth) {
    if (!type?.fields) return '';
    const inner = `${indent}  `;
    const lines = type.fields.flatMap((field) => {
      if (field.args.some((arg) => arg.type.kind === 'NON_NULL' && !arg.defaultValue)) return [];
      const target = schema.types.get(named(field.type).name);
      if (!target?.fields) return [`${inner}${field.name}`];
      const isBelow = depth > 1 && ['nodes', 'edits', 'status', 'resource', 'leases', 'revisions'].includes(field.name);
      return isBelow ? [`${inner}${field.name}${selectionOf(target, inner, depth - 1)}`] : [];
    });
    return ` {\n${(lines.length > 0 ? lines : [`${inner}__typename`]).join('\n')}\n${indent}}`;
  }

  return {
    /** Reads the schema, again if need be. Resolves to the errors of the answer, or null. */
    async load() {
      const { answer } = await client.run({ query: introspection });
      if (!answer.data) return answer.errors ?? [{ message: 'no schema' }];
      const { types, queryType, mutationType, subscriptionType } = answer.data.__schema;
      const roots = new Map([[queryType.name, 'query']]);
      if (mutationType) roots.set(mutationType.name, 'mutation');
      if (subscriptionType) roots.set(subscriptionType.name, 'subscription');
      schema = { types: new Map(types.map((type) => [type.name, type])), roots };
      show();
      return null;
    },
  };
}

const MAX_FOUND = 60;

const titles = { OBJECT: 'Types', INTERFACE: 'Interfaces', INPUT_OBJECT: 'Inputs', ENUM: 'Enums', SCALAR: 'Scalars' };

const named = (type) => (type.ofType ? named(type.ofType) : type);

function written(type) {
  if (type.kind === 'NON_NULL') return `${written(type.ofType)}!`;
  return type.kind === 'LIST' ? `[${written(type.ofType)}]` : type.name;
}

const exampleOf = (kind) => (kind === 'INPUT_OBJECT' ? {} : '');

function element(tag, properties, children = []) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

const list = (items, className = '') =>
  element(
    'ul',
    { className },
    items.map((parts) => element('li', {}, parts)),
  );

const text = (content) => (content ? element('p', { textContent: content }) : '');

const code = (content, className = '') => element('code', { textContent: content, className });

function link(name, onClick) {
  const button = element('button', { type: 'button', textContent: name });
  button.addEventListener('click', onClick);
  return button;
}
