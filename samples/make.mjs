// Writes the samples that are made up: gestures.csv, harbour-log.txt and harbour-words.csv. `node samples/make.mjs` gives the same files every time.
import { writeFileSync } from 'node:fs';
import path from 'node:path';

/** Numbers in [0, 1) that depend on the seed alone (mulberry32, Tommy Ettinger 2017). */
function generator(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Where a hand is when it has done `part` of a gesture. */
const gestures = {
  circle: (part) => [Math.cos(2 * Math.PI * part), Math.sin(2 * Math.PI * part)],
  eight: (part) => [Math.sin(2 * Math.PI * part), Math.sin(4 * Math.PI * part)],
  zigzag: (part) => [2 * part - 1, 1 - 4 * Math.abs(((2.5 * part) % 1) - 0.5)],
};

function gestureTable(random) {
  const names = Object.keys(gestures);
  const noise = () => 0.35 * (random() + random() - 1);
  const lines = ['recording,x,y,gesture'];
  for (let recording = 1; recording <= 120; recording += 1) {
    const name = names[Math.floor(random() * names.length)];
    const steps = 24 + Math.floor(random() * 17);
    const size = 0.5 + random();
    // A hand may begin anywhere and go either way, so no single place tells one gesture from another.
    const begin = random();
    const turn = random() < 0.5 ? 1 : -1;
    for (let step = 0; step < steps; step += 1) {
      const part = (((begin + (turn * step) / steps) % 1) + 1) % 1;
      const [x, y] = gestures[name](part).map((value) => (size * value + noise()).toFixed(3));
      lines.push(`${recording},${x},${y},${name}`);
    }
  }
  return lines;
}

function harbourLog(random) {
  const one = (words) => words[Math.floor(random() * words.length)];
  const lines = [];
  for (let day = 1; day <= 600; day += 1) {
    const wind = one(['north', 'south', 'east', 'west']);
    const force = one(['light', 'steady', 'strong']);
    const weather = { north: 'cold and clear', south: 'warm and grey', east: 'dry', west: 'wet' }[wind];
    const ships = Math.floor(random() * 4);
    const came =
      ships === 0
        ? 'No ship came in'
        : ships === 1
          ? 'One ship came in'
          : `${['Two', 'Three'][ships - 2]} ships came in`;
    const end = force === 'strong' ? 'the ferry stayed in port' : `the ferry left at ${one(['six', 'seven', 'eight'])}`;
    lines.push(`A ${force} wind from the ${wind}; it was ${weather}. ${came}, and ${end}.`);
  }
  return lines;
}

/** Messages to a harbour, word by word. Most names are those of ships and of ports; what stands before one tells which is meant. */
function harbourWords(random) {
  const one = (words) => words[Math.floor(random() * words.length)];
  const ports = ['Cork', 'Dover', 'Ostend', 'Saint Malo', 'Victoria', 'Hope', 'Fair Isle', 'New Ross'];
  const ships = ['Victoria', 'Hope', 'Fair Isle', 'New Ross', 'Cork', 'Marigold', 'Grey Heron', 'Ostend'];
  const tagged = (name, kind) => name.split(' ').map((word, i) => [word, `${i === 0 ? 'B' : 'I'}-${kind}`]);
  const plain = (words) => words.split(' ').map((word) => [word, 'O']);
  const ship = () => tagged(one(ships), 'SHIP');
  const port = () => tagged(one(ports), 'PORT');
  const time = () =>
    tagged(`${one(['half past ', 'quarter to ', ''])}${one(['six', 'seven', 'eight', 'nine'])}`, 'TIME');
  const messages = [
    () => [...ship(), ...plain(one(['left', 'has left'])), ...port(), ...plain('at'), ...time(), ...plain('.')],
    () => [...plain('the'), ...ship(), ...plain('is due in'), ...port(), ...plain('by'), ...time(), ...plain('.')],
    () => [
      ...plain('from'),
      ...port(),
      ...plain(':'),
      ...ship(),
      ...plain(one(['is late', 'took on coal'])),
      ...plain('.'),
    ],
    () => [...plain('no news of the'), ...ship(), ...plain('since'), ...port(), ...plain('.')],
    () => [...port(), ...plain('is closed to the'), ...ship(), ...plain('until'), ...time(), ...plain('.')],
    () => [...ship(), ...plain('met the'), ...ship(), ...plain('off'), ...port(), ...plain('.')],
  ];
  const lines = ['message,word,tag'];
  for (let message = 1; message <= 500; message += 1) {
    for (const [word, tag] of one(messages)()) lines.push(`${message},${word},${tag}`);
  }
  return lines;
}

const write = (name, lines) => writeFileSync(path.join(import.meta.dirname, name), `${lines.join('\n')}\n`);
write('gestures.csv', gestureTable(generator(7)));
write('harbour-log.txt', harbourLog(generator(11)));
write('harbour-words.csv', harbourWords(generator(13)));
