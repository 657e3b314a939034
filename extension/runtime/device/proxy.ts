/**
 * The proxy for an address by the usual variables (`https_proxy`, `http_proxy`, `all_proxy`, `no_proxy`; small or capital
 * letters), or null for none.
 */
export function proxyFor(target: URL, env: NodeJS.ProcessEnv): URL | null {
  const read = (name: string) => env[name] ?? env[name.toUpperCase()] ?? '';
  if (spared(target, read('no_proxy'))) return null;
  const own = read(target.protocol === 'https:' ? 'https_proxy' : 'http_proxy');
  const written = own === '' ? read('all_proxy') : own;
  if (written === '') return null;
  const url = written.includes('://') ? written : `http://${written}`;
  // Proxies of other kinds, such as SOCKS, are left to the system.
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol) ? new URL(url) : null;
}

/** Whether `no_proxy` names the host, a domain above it, or everything. */
function spared({ hostname, port }: URL, list: string): boolean {
  return list
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => {
      if (entry === '*') return true;
      const [name = '', ofPort] = entry.replace(/^\*?\./, '').split(':');
      if (ofPort !== undefined && ofPort !== port) return false;
      return hostname === name || hostname.endsWith(`.${name}`);
    });
}
