import { UnrollError } from '../../extension/protocol/errors';
import { svg } from '../dom';
import { t } from '../l10n';
import type { Layout } from './layout';
import { lookOf, paintBox, paintLine } from './paint';

/** The largest side of a picture that browsers draw, in pixels, and the most pixels that are worth a file. */
const longestSide = 16_000;
const mostPixels = 80e6;
/** Smaller than this nobody can read it. */
const leastScale = 0.3;

/** The whole of a diagram as an SVG file, in the colours of the theme. */
export function asSvg(layout: Layout): string {
  const look = lookOf();
  const { width, height, boxes, lines, across } = layout;
  const root = svg(
    'svg',
    { xmlns: 'http://www.w3.org/2000/svg', viewBox: `0 0 ${width} ${height}`, width, height },
    svg('rect', { width, height, fill: look.background }),
    ...boxes
      .filter(({ frame, unrolled }) => frame || unrolled !== null)
      .map((box) => svg('rect', { x: box.x, y: box.y, width: box.width, height: box.height, fill: look.ground })),
    ...lines.map((line) => paintLine(line, look)),
    ...boxes.map((box) => svg('g', {}, ...paintBox(box, look, across))),
  );
  return new XMLSerializer().serializeToString(root);
}

/** The whole of a diagram as a PNG file, twice as fine as on the screen where that is not too much. */
export async function asPng(layout: Layout): Promise<Uint8Array> {
  const { width, height } = layout;
  const scale = Math.min(2, longestSide / Math.max(width, height), Math.sqrt(mostPixels / (width * height)));
  if (scale < leastScale)
    throw new UnrollError('usage', 'The diagram is too large for a picture of pixels; save it as SVG.');
  const url = URL.createObjectURL(new Blob([asSvg(layout)], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const sheet = document.createElement('canvas');
    sheet.width = Math.ceil(width * scale);
    sheet.height = Math.ceil(height * scale);
    sheet.getContext('2d')?.drawImage(image, 0, 0, sheet.width, sheet.height);
    const blob = await new Promise<Blob | null>((resolve) => sheet.toBlob(resolve, 'image/png'));
    if (blob === null) throw new Error(t('The browser could not write the picture.'));
    return new Uint8Array(await blob.arrayBuffer());
  } finally {
    URL.revokeObjectURL(url);
  }
}
