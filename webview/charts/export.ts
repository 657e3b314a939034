import { theme } from '../theme';

/** Stacks canvases under a title on the editor's background. @returns the PNG's bytes. */
export async function asPng(title: string, canvases: readonly (HTMLCanvasElement | null)[]): Promise<Uint8Array> {
  const parts = canvases.filter((canvas) => canvas !== null);
  const look = theme();
  const ratio = devicePixelRatio;
  const head = 32 * ratio;
  const sheet = document.createElement('canvas');
  sheet.width = Math.max(...parts.map(({ width }) => width)) + 16 * ratio;
  sheet.height = parts.reduce((sum, { height }) => sum + height, head + 8 * ratio);
  const ctx = sheet.getContext('2d');
  if (ctx === null) throw new Error('The browser gave no canvas to draw on.');
  ctx.fillStyle = look.background;
  ctx.fillRect(0, 0, sheet.width, sheet.height);
  ctx.fillStyle = look.ink;
  ctx.font = `600 ${13 * ratio}px ${look.family}`;
  ctx.textBaseline = 'middle';
  ctx.fillText(title, 16 * ratio, head / 2);
  let y = head;
  for (const part of parts) {
    ctx.drawImage(part, 8 * ratio, y);
    y += part.height;
  }
  const blob = await new Promise<Blob | null>((resolve) => sheet.toBlob(resolve, 'image/png'));
  if (blob === null) throw new Error('The browser could not write the picture.');
  return new Uint8Array(await blob.arrayBuffer());
}

/** A table as CSV (RFC 4180); an absent value is an empty field. */
export function asCsv(header: readonly string[], rows: readonly (readonly (string | number | null)[])[]): Uint8Array {
  const field = (value: string | number | null) => {
    const text = value === null ? '' : String(value);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return new TextEncoder().encode([header, ...rows].map((row) => `${row.map(field).join(',')}\r\n`).join(''));
}
