import type { SpanRule } from '../../protocol/results';

const outside = 'O';
const isTag = (name: string) => name === outside || /^[BI]-./.test(name);

/** Labels that are all `O`, `B-…` or `I-…` are those of spans; of any others a span is a run. */
export const spanRuleOf = (names: readonly string[]): SpanRule =>
  names.every(isTag) && names.some((name) => name !== outside) ? 'iob' : 'runs';

/**
 * F1 of the spans in sequences of labels: one counts as found where its kind, its first and its last step are right (Tjong Kim Sang &
 * De Meulder 2003). As in their evaluation a span also begins with an `I-` after `O` or after another kind. Of runs, `O` is none.
 */
export class Spans {
  readonly rule: SpanRule;
  private found = 0;
  private truths = 0;
  private answers = 0;

  constructor(private readonly names: readonly string[]) {
    this.rule = spanRuleOf(names);
  }

  /** Takes the labels of one sequence by their numbers. A step that is not the one after the step before it begins anew. */
  add(steps: readonly number[], truths: readonly number[], answers: readonly number[]): void {
    const right = this.spansOf(steps, truths);
    const told = this.spansOf(steps, answers);
    this.truths += right.size;
    this.answers += told.size;
    for (const span of told) if (right.has(span)) this.found++;
  }

  /** Null where there are no spans and none was answered. */
  f1(): number | null {
    const both = this.truths + this.answers;
    return both === 0 ? null : (2 * this.found) / both;
  }

  private spansOf(steps: readonly number[], labels: readonly number[]): Set<string> {
    const spans = new Set<string>();
    let open: { readonly kind: string; readonly first: number; last: number } | null = null;
    const close = () => {
      if (open !== null) spans.add(`${open.first}-${open.last} ${open.kind}`);
      open = null;
    };
    for (const [i, step] of steps.entries()) {
      const label = this.names[labels[i] ?? -1] ?? '';
      if (label === outside) {
        close();
        continue;
      }
      const kind = this.rule === 'iob' ? label.slice(2) : label;
      const goesOn = open !== null && open.kind === kind && open.last === step - 1;
      if (open !== null && goesOn && !(this.rule === 'iob' && label.startsWith('B'))) open.last = step;
      else {
        close();
        open = { kind, first: step, last: step };
      }
    }
    close();
    return spans;
  }
}
