import { type Message, message } from '../protocol/messages';

/** Four significant digits, never in exponents for numbers that people write out. */
export function significant(value: number): string {
  return new Intl.NumberFormat('en', { maximumSignificantDigits: 4, useGrouping: false }).format(value);
}

/** A duration as people say it, such as `1 min 05 s`. */
export function duration(seconds: number): Message {
  const whole = Math.max(0, Math.round(seconds));
  const two = (value: number) => String(value).padStart(2, '0');
  if (whole < 60) return message('{0} s', whole);
  if (whole < 3600) return message('{0} min {1} s', Math.floor(whole / 60), two(whole % 60));
  return message('{0} h {1} min', Math.floor(whole / 3600), two(Math.floor((whole % 3600) / 60)));
}
