import type { DiagramNode } from '../../extension/protocol/model';
import type { Drawn } from './layout';

/** One cell, and what lies between two of them. */
const cell = { width: 64, height: 32 };
const apart = 48;
/** Room for what a cell reads and what it makes. */
const end = 30;
/** The first steps, then an ellipsis, then the last. */
const steps = ['₁', '₂', '₃', '', 'ₙ'] as const;

/** Names of the states that a recurrent box hands from step to step. */
export function statesOf({ equations }: DiagramNode): readonly string[] {
  const states = equations.flatMap((equation) => /^\s*(\p{L}+)['′]\s*=/u.exec(equation)?.[1] ?? []);
  return states.length > 0 ? [...new Set(states)].sort().reverse() : ['h'];
}

export interface Unrolled {
  readonly width: number;
  readonly height: number;
  readonly draw: (x: number, y: number) => Drawn;
}

/** A recurrent layer as copies of its cell, one a step: what each reads, what it makes, and the states between them. */
export function unroll(node: DiagramNode): Unrolled {
  const states = statesOf(node).join(' ');
  const rows = node.direction === 'bidirectional' ? [false, true] : [node.direction === 'reverse'];
  const rowHeight = cell.height + 16;
  const width = steps.length * cell.width + (steps.length + 1) * apart;
  const height = end * 2 + rows.length * rowHeight - 16;
  return { width, height, draw: (x, y) => drawAt(node, states, rows, x, y) };
}

function drawAt(node: DiagramNode, states: string, rows: readonly boolean[], x: number, y: number): Drawn {
  const rects: Drawn['rects'][number][] = [];
  const texts: Drawn['texts'][number][] = [];
  const lines: string[] = [];
  const arrows: string[] = [];
  const right = (at: number, line: number) => arrows.push(`M${at} ${line}l-7 -3.5v7z`);
  const left = (at: number, line: number) => arrows.push(`M${at} ${line}l7 -3.5v7z`);
  const down = (at: number, line: number) => arrows.push(`M${at} ${line}l-3.5 -7h7z`);
  const pitch = cell.width + apart;
  const rowHeight = cell.height + 16;
  const bottom = y + end + rows.length * rowHeight - 16;
  steps.forEach((step, i) => {
    const middle = x + apart + i * pitch + cell.width / 2;
    if (step === '') {
      rows.forEach((_, row) => {
        const line = y + end + row * rowHeight + cell.height / 2;
        texts.push({ x: middle, y: line, text: '⋯', style: 'title' });
      });
      return;
    }
    texts.push({ x: middle, y: y + 6, text: `x${step}`, style: 'note' });
    texts.push({ x: middle, y: bottom + end - 6, text: `h${step}`, style: 'note' });
    lines.push(`M${middle} ${y + 14}V${y + end}`, `M${middle} ${bottom}V${bottom + end - 14}`);
    down(middle, y + end);
    down(middle, bottom + end - 14);
    rows.forEach((_, row) => {
      const top = y + end + row * rowHeight;
      rects.push({ x: middle - cell.width / 2, y: top, width: cell.width, height: cell.height });
      texts.push({ x: middle, y: top + cell.height / 2, text: node.op === '' ? node.title : node.op, style: 'note' });
      // The second direction reads the same steps and writes its own part of the result.
      if (row > 0) lines.push(`M${middle + 20} ${top - 16}V${top}`);
    });
  });
  rows.forEach((backwards, row) => {
    const line = y + end + row * rowHeight + cell.height / 2;
    for (let i = 0; i <= steps.length; i++) {
      const from = x + i * pitch;
      const [a, b] = [from + (i === 0 ? 18 : 2), from + apart - (i === steps.length ? 18 : 2)];
      lines.push(`M${a} ${line}H${b}`);
      if (backwards) left(a, line);
      else right(b, line);
      if (i > 0 && i < steps.length) texts.push({ x: from + apart / 2, y: line - 8, text: states, style: 'note' });
    }
    const ends = [x + 8, x + steps.length * pitch + apart - 8] as const;
    texts.push({ x: ends[backwards ? 1 : 0], y: line, text: `${states.split(' ')[0]}₀`, style: 'note' });
    texts.push({ x: ends[backwards ? 0 : 1], y: line, text: `${states.split(' ')[0]}ₙ`, style: 'note' });
  });
  return { rects, texts, line: lines.join(''), arrows: arrows.join('') };
}
