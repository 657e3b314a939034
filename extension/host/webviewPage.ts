import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { Port } from '../protocol/channel';
import type { PageSetup } from '../protocol/panels';
import { translations } from './l10n';
import { pageHtml } from './pageHtml';

/** Where the pages' scripts and styles are; webviews may load from nowhere else. */
const pagesFolder = (extension: vscode.Uri) => vscode.Uri.joinPath(extension, 'dist', 'webview');

export function webviewOptions(extension: vscode.Uri): vscode.WebviewOptions {
  return { enableScripts: true, localResourceRoots: [pagesFolder(extension)] };
}

/** Puts a page into a webview. Listen to the webview first: the page asks as soon as its script runs. */
export function showPage(webview: vscode.Webview, extension: vscode.Uri, view: PageSetup['view']): void {
  const file = (name: string) => String(webview.asWebviewUri(vscode.Uri.joinPath(pagesFolder(extension), name)));
  webview.options = webviewOptions(extension);
  webview.html = pageHtml({
    setup: { view, language: vscode.env.language, translations: translations() },
    script: file(`${view}.js`),
    style: file(`${view}.css`),
    cspSource: webview.cspSource,
    nonce: randomBytes(16).toString('base64'),
  });
}

/** A webview as a port; it closes with the view that holds it. */
export function webviewPort(
  view: { readonly webview: vscode.Webview; readonly onDidDispose: vscode.Event<void> },
  register: (disposable: vscode.Disposable) => void,
): Port {
  return {
    post: (data) => {
      // A page that is hidden or gone takes no messages; it asks anew when it is shown.
      view.webview.postMessage(data).then(undefined, () => undefined);
    },
    onMessage: (listener) => register(view.webview.onDidReceiveMessage(listener)),
    onClose: (listener) => register(view.onDidDispose(() => listener('the view was closed'))),
  };
}
