// Nodes that stay: what should be shown is described anew at every piece of news, and only what differs is changed on the page.
// A button that is rebuilt between press and release loses the click, and one with the focus loses it.

// h("p", {class: "x", key: "x"}, "text", child…): a description; handlers (onclick…) are always those of the last one.
// A name that begins with -- is a property for the style sheet.
export function h(tag, attributes = {}, ...children) {
  const { key = null, ...rest } = attributes;
  return { tag, key, attributes: rest, children: children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false && child !== "") };
}

const isText = (child) => typeof child !== "object";
const nameOf = (child) => (isText(child) ? "#text" : `${child.tag}|${child.key === null ? "" : child.key}`);

// Make the children of a node as described.
export function patch(parent, described) {
  const kept = new Map();
  for (const node of parent.childNodes) {
    const name = node.nodeType === Node.TEXT_NODE ? "#text" : node.described || "";
    if (!kept.has(name)) kept.set(name, []);
    kept.get(name).push(node);
  }
  const nodes = described.map((child) => {
    const known = kept.get(nameOf(child));
    return known && known.length ? known.shift() : null;
  });
  for (const left of kept.values()) for (const node of left) node.remove();
  let place = parent.firstChild;
  described.forEach((child, n) => {
    const node = nodes[n] || made(child);
    if (node === place) place = place.nextSibling;
    else parent.insertBefore(node, place); // new, or in another order than before
    update(node, child);
  });
}

function made(child) {
  if (isText(child)) return document.createTextNode(String(child));
  const node = document.createElement(child.tag);
  node.described = nameOf(child);
  node.handlers = {};
  return node;
}

function update(node, child) {
  if (isText(child)) {
    if (node.data !== String(child)) node.data = String(child);
    return;
  }
  const wanted = {};
  for (const [name, value] of Object.entries(child.attributes)) {
    if (name.startsWith("on")) listen(node, name.slice(2), value);
    else if (name.startsWith("--")) node.style.setProperty(name, value);
    else if (value === true) wanted[name] = "";
    else if (value !== false && value !== null && value !== undefined) wanted[name] = String(value);
  }
  for (const { name } of [...node.attributes]) if (!(name in wanted) && name !== "style") node.removeAttribute(name);
  for (const [name, value] of Object.entries(wanted)) if (node.getAttribute(name) !== value) node.setAttribute(name, value);
  patch(node, child.children);
}

function listen(node, kind, handler) {
  if (!node.handlers[kind]) node.addEventListener(kind, (event) => node.handlers[kind](event));
  node.handlers[kind] = handler;
}
