import type { Prediction } from '../protocol/engine';

/** A prediction as CSV: the expected time, or the step where the data has no time, and the forecast value. */
export function predictionTable({ target, time, forecast }: Prediction): string {
  const rows = forecast.map((value, index) => {
    const at = time?.[index];
    return [at === undefined ? String(index + 1) : timeText(at), String(value)];
  });
  return `${[[time === null ? 'step' : 'time', target], ...rows].map((row) => row.map(quoted).join(',')).join('\n')}\n`;
}

/** A day where the time is midnight, as daily and monthly data have it; else the time to the second. */
function timeText(ms: number): string {
  const text = new Date(ms).toISOString();
  return text.endsWith('T00:00:00.000Z') ? text.slice(0, 10) : text.slice(0, 19).replace('T', ' ');
}

const quoted = (text: string): string => (/[",\n\r]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text);
