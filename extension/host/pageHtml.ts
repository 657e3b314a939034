import type { PageSetup } from '../protocol/panels';

export interface PageParts {
  readonly setup: PageSetup;
  /** Addresses that the webview may load. */
  readonly script: string;
  readonly style: string;
  /** What the webview's own addresses match in a policy. */
  readonly cspSource: string;
  /** Random, new for every page. */
  readonly nonce: string;
}

/** The whole of a webview's page; its script builds the body. */
export function pageHtml({ setup, script, style, cspSource, nonce }: PageParts): string {
  const policy = [
    // Nothing that is not named below: no frames, no connections, no workers.
    `default-src 'none'`,
    // Our scripts alone; no inline handlers and no eval.
    `script-src 'nonce-${nonce}'`,
    // Our style sheets, and the one that the toolkit tries while it loads; those it constructs by script need no permission.
    `style-src ${cspSource} 'nonce-${nonce}'`,
    // The codicons beside our style sheets.
    `font-src ${cspSource}`,
    // Pictures that the page itself draws, for the export of charts.
    `img-src data: blob:`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${attribute(setup.language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${attribute(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Unroll</title>
<link rel="stylesheet" href="${attribute(style)}">
</head>
<body>
<script type="application/json" id="setup" nonce="${nonce}">${inlineJson(setup)}</script>
<script nonce="${nonce}" src="${attribute(script)}"></script>
</body>
</html>
`;
}

/** JSON that cannot end the script element that it stands in. */
export function inlineJson(value: unknown): string {
  return JSON.stringify(value)
    .replace(/</g, '\\u003c')
    .replace(/\u2028/g, '\\u2028')
    .replace(/\u2029/g, '\\u2029');
}

const attribute = (text: string): string => text.replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/</g, '&lt;');
