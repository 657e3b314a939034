import type { Calibration } from '../../protocol/results';

const bins = 10;

/** Gathers how sure answers were and whether they were right. */
export class Confidences {
  private readonly counts = new Float64Array(bins);
  private readonly confidences = new Float64Array(bins);
  private readonly right = new Float64Array(bins);

  /** @param confidence probability of the answer, 0 to 1; what is no number counts nowhere */
  add(confidence: number, isRight: boolean): void {
    if (Number.isNaN(confidence)) return;
    const bin = Math.min(bins - 1, Math.max(0, Math.ceil(confidence * bins) - 1));
    this.counts[bin] = (this.counts[bin] ?? 0) + 1;
    this.confidences[bin] = (this.confidences[bin] ?? 0) + confidence;
    if (isRight) this.right[bin] = (this.right[bin] ?? 0) + 1;
  }

  /** Null before anything was added. */
  read(): Calibration | null {
    const total = this.counts.reduce((a, b) => a + b, 0);
    if (total === 0) return null;
    const gap = (bin: number) => Math.abs((this.right[bin] ?? 0) - (this.confidences[bin] ?? 0));
    return {
      bins: Array.from(this.counts, (count, bin) => ({
        confidence: count === 0 ? null : (this.confidences[bin] ?? 0) / count,
        accuracy: count === 0 ? null : (this.right[bin] ?? 0) / count,
        count,
      })),
      error: this.counts.reduce((sum, _, bin) => sum + gap(bin), 0) / total,
    };
  }
}
