import type { DiagramNode } from '../../extension/protocol/model';
import { t } from '../l10n';
import type { Drawn } from './layout';
import { clip } from './text';

/** One cell, and what lies between two of them. */
const cell = { width: 64, height: 32 };
const apart = 48;
/** Room for what a cell reads and what it makes. */
const end = 30;
/** Room for which way a row reads. */
const caption = 24;
/** The first steps, then an ellipsis, then the last. */
const steps = ['₁', '₂', '₃', '', 'ₙ'] as const;

/** What is open while a recurrent box is drawn step by step: it may open into its nodes too. */
export const stepsKey = (box: string): string => `steps ${box}`;

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
  const both = node.direction === 'bidirectional';
  const rows = both ? [false, true] : [node.direction === 'reverse'];
  const width = steps.length * cell.width + (steps.length + 1) * apart;
  const row = cell.height + 2 * end + (both ? caption : 0);
  const draw = (x: number, y: number) => {
    const drawn = rows.map((backwards, i) => rowAt(node, backwards, x, y + i * row + (both ? caption : 0)));
    const captions = both ? rows.map((backwards, i) => captionAt(backwards, x, y + i * row)) : [];
    return {
      rects: drawn.flatMap(({ rects }) => rects),
      texts: [...captions, ...drawn.flatMap(({ texts }) => texts)],
      line: drawn.map(({ line }) => line).join(''),
      arrows: drawn.map(({ arrows }) => arrows).join(''),
    };
  };
  return { width, height: rows.length * row, draw };
}

const captionAt = (backwards: boolean, x: number, y: number) => {
  const text = backwards ? t('backwards') : t('forwards');
  return { x: x + apart + cell.width / 2, y: y + caption / 2, text, style: 'note' as const };
};

/** One direction: `y` is where the row begins. */
function rowAt(node: DiagramNode, backwards: boolean, x: number, y: number): Drawn {
  const rects: Drawn['rects'][number][] = [];
  const texts: Drawn['texts'][number][] = [];
  const lines: string[] = [];
  const arrows: string[] = [];
  const note = (at: number, line: number, text: string) => texts.push({ x: at, y: line, text, style: 'note' });
  const down = (at: number, line: number) => arrows.push(`M${at} ${line}l-3.5 -7h7z`);
  const pitch = cell.width + apart;
  const [top, bottom] = [y + end, y + end + cell.height];
  const line = (top + bottom) / 2;
  const states = statesOf(node);
  for (const [i, step] of steps.entries()) {
    const middle = x + apart + i * pitch + cell.width / 2;
    if (step === '') {
      texts.push({ x: middle, y: line, text: '⋯', style: 'title' });
      continue;
    }
    note(middle, y + 6, `x${step}`);
    note(middle, bottom + end - 6, `h${step}`);
    lines.push(`M${middle} ${y + 14}V${top}`, `M${middle} ${bottom}V${bottom + end - 14}`);
    down(middle, top);
    down(middle, bottom + end - 14);
    rects.push({ x: middle - cell.width / 2, y: top, width: cell.width, height: cell.height });
    note(middle, line, clip(node.op === '' ? node.title : node.op, 9));
  }
  for (let i = 0; i <= steps.length; i++) {
    const from = x + i * pitch;
    const [a, b] = [from + (i === 0 ? 20 : 2), from + apart - (i === steps.length ? 20 : 2)];
    lines.push(`M${a} ${line}H${b}`);
    arrows.push(backwards ? `M${a} ${line}l7 -3.5v7z` : `M${b} ${line}l-7 -3.5v7z`);
    if (i > 0 && i < steps.length) note(from + apart / 2, line - 8, states.join(', '));
  }
  const ends = [x + 8, x + steps.length * pitch + apart - 8] as const;
  note(ends[backwards ? 1 : 0], line, `${states[0]}₀`);
  note(ends[backwards ? 0 : 1], line, `${states[0]}ₙ`);
  return { rects, texts, line: lines.join(''), arrows: arrows.join('') };
}
