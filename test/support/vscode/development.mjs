// Loads an extension under development, and optionally a test suite, into a workbench that a VS Code server serves.

/**
 * To be called before the page is opened. A built workbench takes this neither from its address nor from the command line, but reads
 * it from a <meta> element of its page, so the element is completed while the page is being parsed, before the workbench's own script
 * runs. (The page must not be rewritten on its way: Chromium then cuts the page's connection to the local server.)
 * @param {import('playwright-core').Page} page
 * @param {string} address the server's
 * @param {{ extension: string, tests: string }} paths absolute, of the extension's folder and of the suite's entry
 */
export async function loadDevelopmentExtension(page, address, { extension, tests }) {
  const { origin, host } = new URL(address);
  await page.addInitScript(
    (/** @type {{ origin: string, host: string, extension: string, tests: string }} */ given) => {
      // The workbench's own page, not the frames inside it. Written against the DOM, which this file's types do not know.
      const scope = /** @type {any} */ (globalThis);
      if (scope.window !== scope.window.top || scope.location.origin !== given.origin) return;
      const uriOf = (/** @type {string} */ path) => ({ $mid: 1, scheme: 'vscode-remote', authority: given.host, path });
      const observer = new scope.MutationObserver(() => {
        const element = scope.document.getElementById('vscode-workbench-web-configuration');
        if (!element) return;
        observer.disconnect();
        const configuration = JSON.parse(element.getAttribute('data-settings'));
        configuration.developmentOptions = {
          ...configuration.developmentOptions,
          extensions: [uriOf(given.extension)],
          extensionTestsPath: uriOf(given.tests),
        };
        element.setAttribute('data-settings', JSON.stringify(configuration));
      });
      observer.observe(scope.document, { childList: true, subtree: true });
    },
    { origin, host, extension, tests },
  );
}
