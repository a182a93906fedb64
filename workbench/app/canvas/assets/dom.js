// Elements, made in one call; text is text, never markup.

export function element(name, attributes = {}, ...inside) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value === true) made.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(key, value);
  }
  made.append(...inside);
  return made;
}

export function button(label, act, attributes = {}) {
  return element("button", { type: "button", onclick: act, ...attributes }, label);
}

// A key that remembers something in this browser; nothing is kept where storage is off.
export function remembered(key, otherwise) {
  try {
    return localStorage.getItem(`workbench ${key}`) ?? otherwise;
  } catch {
    return otherwise;
  }
}

export function remember(key, value) {
  try {
    localStorage.setItem(`workbench ${key}`, value);
  } catch {
    return; // the browser keeps nothing: the page works all the same
  }
}
