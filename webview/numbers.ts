import { t } from './l10n';

let language = 'en';
const formats = new Map<string, Intl.NumberFormat>();

/** Sets the language that numbers and dates are written in; a tag that the browser does not know leaves English. */
export function useLanguage(tag: string): void {
  formats.clear();
  try {
    language = Intl.getCanonicalLocales(tag)[0] ?? 'en';
  } catch {
    language = 'en';
  }
}

function write(value: number, options: Intl.NumberFormatOptions): string {
  const key = JSON.stringify(options);
  let format = formats.get(key);
  if (format === undefined) {
    // `min2` groups from 10,000 on, so that a year stays a year.
    format = new Intl.NumberFormat(language, { useGrouping: 'min2', ...options });
    formats.set(key, format);
  }
  // A real minus sign is as wide as a digit, which keeps columns of figures aligned.
  return format.format(value).replace('-', '\u2212');
}

const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** Such as `2.4 × 10⁻⁷`. */
function scientific(value: number, digits: number): string {
  const [mantissa = '', exponent = '0'] = value.toExponential(digits - 1).split('e');
  const power = String(Math.abs(Number(exponent))).replace(/\d/g, (digit) => superscripts[Number(digit)] ?? digit);
  return `${write(Number(mantissa), {})} × 10${Number(exponent) < 0 ? '⁻' : ''}${power}`;
}

/** Numbers from here on, and below the inverse of `tiny`, are written with a power of ten. */
const huge = 1e12;
const tiny = 1e-4;

/** A number in four significant digits, or fewer where asked; integers are written whole. */
export function number(value: number, digits = 4): string {
  if (!Number.isFinite(value)) return '\u2013';
  const size = Math.abs(value);
  if (size >= huge || (size < tiny && size !== 0)) return scientific(value, Math.min(digits, 3));
  if (Number.isInteger(value) || size >= 10 ** (digits - 1)) return write(value, { maximumFractionDigits: 0 });
  return write(value, { minimumSignificantDigits: digits, maximumSignificantDigits: digits });
}

/** A number within a sentence: as {@link number} writes it, without zeros at its end. */
export function brief(value: number): string {
  const size = Math.abs(value);
  if (!Number.isFinite(value) || size >= 1000 || size < tiny) return number(value);
  return write(value, { maximumSignificantDigits: 4 });
}

/** A round number, such as an axis has, without zeros at its end. */
export function tidy(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e9 || (size < tiny && size !== 0)) return scientific(value, 1);
  return write(value, { maximumSignificantDigits: 6 });
}

/** A number with a fixed count of decimals, for figures that stand under each other. */
export function fixed(value: number, decimals: number): string {
  if (!Number.isFinite(value)) return '\u2013';
  if (Math.abs(value) >= huge) return scientific(value, 3);
  return write(value, { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}

/** How many decimals give the largest of `values` about four significant digits; none where all are whole. */
export function decimalsFor(values: Iterable<number>, digits = 4): number {
  let largest = 0;
  let whole = true;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    largest = Math.max(largest, Math.abs(value));
    whole &&= Number.isInteger(value);
  }
  if (largest === 0 || whole) return 0;
  return Math.min(8, Math.max(0, digits - 1 - Math.floor(Math.log10(largest))));
}

/** A duration such as `4.2 s`, `1 min 05 s` or `2 h 05 min`. */
export function duration(seconds: number): string {
  if (seconds < 9.95) return t('{0} s', fixed(seconds, 1));
  const whole = Math.round(seconds);
  if (whole < 60) return t('{0} s', String(whole));
  const two = (value: number) => String(value).padStart(2, '0');
  if (whole < 3600) return t('{0} min {1} s', String(Math.floor(whole / 60)), two(whole % 60));
  return t('{0} h {1} min', number(Math.floor(whole / 3600)), two(Math.floor((whole % 3600) / 60)));
}

const day = 86_400_000;

/** How finely times must be written so that neighbours `gap` ms apart differ. */
function optionsFor(gap: number): Intl.DateTimeFormatOptions {
  if (gap >= 360 * day) return { year: 'numeric' };
  if (gap >= 27 * day) return { year: 'numeric', month: 'short' };
  if (gap >= day) return { year: 'numeric', month: 'short', day: 'numeric' };
  if (gap >= 60_000) return { year: 'numeric', month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit' };
  return { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit' };
}

/** Writes times that lie `gap` ms apart. Data carries no zone, so it is read and shown as UTC. */
export function timeWriter(gap: number): (ms: number) => string {
  const format = new Intl.DateTimeFormat(language, { ...optionsFor(gap), timeZone: 'UTC', hourCycle: 'h23' });
  return (ms) => (Number.isFinite(ms) ? format.format(ms) : '');
}

/** The usual distance between neighbours of ascending `times`: the median of the first few hundred. */
export function usualGap(times: readonly number[]): number {
  const gaps: number[] = [];
  for (let i = 1; i < Math.min(times.length, 400); i++) gaps.push((times[i] ?? 0) - (times[i - 1] ?? 0));
  gaps.sort((a, b) => a - b);
  return gaps[Math.floor(gaps.length / 2)] ?? day;
}
