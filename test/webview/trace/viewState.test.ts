import assert from 'node:assert/strict';
import { RankView } from '../../../webview/trace/rankView';
import { TimeView } from '../../../webview/trace/timeView';
import { mostPins, pinStyles, ViewState } from '../../../webview/trace/viewState';

const h = { of: 'layer', layer: 0, signal: 0 } as const;
const c = { of: 'layer', layer: 0, signal: 1 } as const;
const other = { of: 'layer', layer: 1, signal: 0 } as const;

describe('what the views of a trace share', () => {
  it('one chosen unit for the signals of a layer', () => {
    const state = new ViewState();
    state.chosen.set({ signal: c, unit: 4 });
    assert.deepEqual([state.chosenOf(h), state.chosenOf(c), state.chosenOf(other)], [4, 4, null]);
  });

  it('at most eight pins of a signal, each of another look, whose places are free again', () => {
    const state = new ViewState();
    for (let unit = 0; unit < mostPins; unit++) assert.equal(state.togglePin(h, unit), true);
    assert.equal(state.togglePin(h, 99), false);
    assert.equal(state.togglePin(c, 99), true, 'another signal has places of its own');
    const looks = state.pinsOf(h).map(({ style }) => JSON.stringify(pinStyles[style]));
    assert.equal(new Set(looks).size, mostPins);
    state.togglePin(h, 3);
    assert.equal(state.pinsOf(h).length, mostPins - 1);
    state.togglePin(h, 99);
    assert.equal(state.pinsOf(h).at(-1)?.style, 3);
  });

  it('nothing of units that another trace does not have', () => {
    const state = new ViewState();
    state.togglePin(h, 2);
    state.togglePin(h, 20);
    state.chosen.set({ signal: h, unit: 20 });
    state.keepWithin(() => 16);
    assert.deepEqual([state.pins.value.map(({ unit }) => unit), state.chosen.value], [[2], null]);
  });
});

describe('the stretch of time in view', () => {
  it('is within the axis, and at least two steps', () => {
    const time = new TimeView(() => undefined);
    time.begin(100);
    time.zoom(1e-9, 50);
    assert.equal(Math.round(time.view.to - time.view.from), 2);
    time.pan(1000);
    assert.equal(time.view.to, 100);
    time.zoom(1e9, 3);
    assert.deepEqual([time.view, time.zoomed], [{ from: 0, to: 100 }, false]);
    assert.equal(time.pan(0.5), false);
  });

  it('keeps the place under the pointer while it zooms, and turns the page for a step that left', () => {
    const time = new TimeView(() => undefined);
    time.begin(1000);
    time.zoom(0.1, 300);
    assert.equal((300 - time.view.from) / (time.view.to - time.view.from), 0.3);
    time.follow(320);
    assert.equal(time.view.from, 270);
    time.follow(370);
    assert.ok(time.view.from <= 370 && time.view.to >= 371 + 50);
    time.follow(100);
    assert.ok(time.view.from <= 100 - 50 && time.view.to >= 101);
  });

  it('stays where it is for another trace of the same length', () => {
    const time = new TimeView(() => undefined);
    time.begin(1000);
    time.zoom(0.1, 300);
    const before = time.view;
    time.begin(1000);
    assert.deepEqual(time.view, before);
    time.begin(500);
    assert.deepEqual(time.view, { from: 0, to: 500 });
  });
});

describe('the ranks of units in view', () => {
  it('zoom around a place, scroll to their ends, and include what is asked for', () => {
    const ranks = new RankView(1000);
    assert.equal(ranks.scroll(0.5), false, 'there is nothing beyond');
    ranks.zoom(0.1, 0.5);
    assert.deepEqual([ranks.first, ranks.end], [450, 550]);
    ranks.include(449);
    assert.equal(ranks.first, 449);
    ranks.include(549);
    assert.equal(ranks.end, 550);
    while (ranks.scroll(1));
    assert.equal(ranks.end, 1000);
    assert.equal(ranks.rankAt(0.999), 999);
    ranks.zoom(1e-9, 0);
    assert.equal(ranks.end - ranks.first, 4);
    ranks.zoom(1e9, 0);
    assert.equal(ranks.whole, true);
  });
});
