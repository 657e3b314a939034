import assert from 'node:assert/strict';
import { partsByChance } from '../../../../extension/data/items/parts';

const fractions = { validation: 0.2, test: 0.3 };

describe('the parts of texts', () => {
  const labels = Array.from({ length: 1000 }, (_, i) => `text ${i}`);
  const texts = labels.map((_, i) => i);
  const classes = labels.map((_, i) => (i % 10 === 0 ? 1 : 0));

  it('have of every class the fractions that are asked for, and every item once', () => {
    const parts = partsByChance(labels, texts, classes, fractions);
    for (const [own, total] of [
      [0, 900],
      [1, 100],
    ] as const) {
      const share = (items: Uint32Array) => [...items].filter((item) => classes[item] === own).length / total;
      assert.ok(Math.abs(share(parts.test) - 0.3) < 0.011, `${share(parts.test)}`);
      assert.ok(Math.abs(share(parts.validation) - 0.2) < 0.011);
    }
    const all = [...parts.train, ...parts.validation, ...parts.test].sort((a, b) => a - b);
    assert.deepEqual(all, texts);
  });

  it('never share a text, however often it is there', () => {
    const repeated = [...texts, ...texts.slice(0, 200), ...texts.slice(0, 50)];
    const parts = partsByChance(
      labels,
      repeated,
      repeated.map((text) => classes[text] ?? 0),
      fractions,
    );
    const of = (items: Uint32Array) => new Set([...items].map((item) => repeated[item]));
    const [train, validation, test] = [of(parts.train), of(parts.validation), of(parts.test)];
    for (const text of test) assert.ok(!train.has(text) && !validation.has(text));
    for (const text of validation) assert.ok(!train.has(text));
  });

  it('depend on the texts alone, not on their order', () => {
    const parts = partsByChance(labels, texts, classes, fractions);
    const turned = partsByChance(labels.toReversed(), texts, classes.toReversed(), fractions);
    const of = (items: Uint32Array, from: readonly string[]) => [...items].map((item) => from[item]).sort();
    assert.deepEqual(of(parts.test, labels), of(turned.test, labels.toReversed()));
  });

  it('leave out what has no text or no class, and give training at least one of each class', () => {
    const parts = partsByChance(['a', 'b', 'c'], [0, -1, 1, 2], [0, 0, -1, 1], { validation: 0.4, test: 0.5 });
    assert.deepEqual([...parts.train], [0, 3]);
    assert.deepEqual([parts.validation.length, parts.test.length], [0, 0]);
  });

  it('have their fractions of kinds too small for one item of each, such as speakers with three sounds', () => {
    const each = Array.from({ length: 120 }, (_, i) => i);
    const named = each.map((i) => `sound ${i}`);
    for (const size of [1, 2, 3]) {
      const kinds = each.map((i) => Math.floor(i / size));
      const classOf = each.map((i) => Math.floor(i / size) % 4);
      const parts = partsByChance(named, each, classOf, { validation: 0.15, test: 0.2 }, kinds);
      assert.deepEqual([parts.train.length, parts.validation.length, parts.test.length], [78, 18, 24], `${size}`);
      const turned = partsByChance(
        named.toReversed(),
        each,
        classOf.toReversed(),
        { validation: 0.15, test: 0.2 },
        kinds.toReversed(),
      );
      assert.deepEqual(
        [...turned.test].map((i) => 119 - i).sort((a, b) => a - b),
        [...parts.test],
      );
      assert.equal(new Set([...parts.train].map((i) => classOf[i])).size, 4);
    }
  });
});
