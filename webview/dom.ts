type Child = Node | string | null;
export type Attributes = Readonly<Record<string, string | number | boolean | null>>;

function apply(target: Element, attributes: Attributes, children: readonly Child[]): void {
  for (const [name, value] of Object.entries(attributes)) setAttribute(target, name, value);
  target.append(...children.filter((child) => child !== null));
}

/** Sets an attribute; `false` and `null` take it away. */
export function setAttribute(target: Element, name: string, value: string | number | boolean | null): void {
  if (value === false || value === null) target.removeAttribute(name);
  else target.setAttribute(name, value === true ? '' : String(value));
}

/** Makes an HTML element. Text goes in as text nodes, so nothing that a file or a model is called can become markup. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  apply(made, attributes, children);
  return made;
}

/** Makes an SVG element. */
export function svg<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): SVGElementTagNameMap[K] {
  const made = document.createElementNS('http://www.w3.org/2000/svg', tag);
  apply(made, attributes, children);
  return made;
}

/** Writes text only when it changed, so that screen readers and the layout are left in peace. */
export function setText(target: Element, text: string): void {
  if (target.textContent !== text) target.textContent = text;
}

/** Runs `work` once in the next frame however often it is asked before that. */
export function perFrame(work: () => void): () => void {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      work();
    });
  };
}

/**
 * Like {@link perFrame}, but after work that kept the page busy it rests for three times as long, so that what arrives on its own
 * never takes the page from its reader.
 */
export function unhurried(work: () => void): () => void {
  let asked = false;
  let rest = 0;
  const frame = () => {
    asked = false;
    const began = performance.now();
    work();
    // The next frame comes only when this one has been painted, which for a long chart takes longer than preparing it.
    requestAnimationFrame(() => {
      rest = Math.min(3000, Math.max(0, performance.now() - began - 20) * 3);
    });
  };
  return () => {
    if (asked) return;
    asked = true;
    setTimeout(() => requestAnimationFrame(frame), rest);
  };
}
