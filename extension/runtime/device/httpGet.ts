import http, { type IncomingMessage, type RequestOptions } from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import process from 'node:process';
import tls from 'node:tls';
import { UnrollError } from '../../protocol/errors';
import { proxyFor } from './proxy';

/** How a request is made. */
export interface GetOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds without a byte after which the server is given up. */
  readonly patienceMs?: number;
  readonly env?: NodeJS.ProcessEnv;
}

const redirects = 5;
const defaultPatienceMs = 30_000;

/**
 * Gets a URL, through the proxy that the environment names and over redirects. The body is the caller's to read or to destroy,
 * whatever the status is.
 * @throws UnrollError `network` where no answer comes, `cancelled` where the signal says so.
 */
export async function httpGet(url: string, options: GetOptions = {}): Promise<IncomingMessage> {
  let target = parsed(url);
  for (let hop = 0; hop <= redirects; hop++) {
    const answer = await once(target, options);
    const { location } = answer.headers;
    if (answer.statusCode === undefined || Math.floor(answer.statusCode / 100) !== 3 || location === undefined)
      return answer;
    answer.destroy();
    const next = parsed(new URL(location, target).href);
    if (target.protocol === 'https:' && next.protocol !== 'https:') {
      throw new UnrollError(
        'network',
        '{0} leads from HTTPS to {1}, which is not safe; use another mirror.',
        url,
        next.href,
      );
    }
    target = next;
  }
  throw new UnrollError('network', '{0} leads from one address to the next without an end; use another mirror.', url);
}

/** The body of an answer as JSON. @throws UnrollError `network` where the status is not 200 or the body is something else. */
export async function getJson(url: string, options: GetOptions = {}): Promise<unknown> {
  const answer = await httpGet(url, options);
  if (answer.statusCode !== 200) {
    answer.destroy();
    throw refused(url, answer.statusCode ?? 0);
  }
  try {
    let text = '';
    answer.setEncoding('utf8');
    for await (const part of answer) text += part;
    return JSON.parse(text);
  } catch (error) {
    throw error instanceof SyntaxError
      ? new UnrollError('network', '{0} answers with something that is no package feed; check the mirror.', url)
      : networkError(url, error, options.signal);
  }
}

/** The sentence about a status that is no success. */
export function refused(url: string, status: number): UnrollError {
  return status === 404 || status === 410
    ? new UnrollError(
        'network',
        '{0} does not exist there (status {1}); check the mirror, or try without it.',
        url,
        status,
      )
    : new UnrollError('network', '{0} cannot be fetched (status {1}); try again later or use a mirror.', url, status);
}

/** What broke a transfer, in a sentence; what is one already is left as it is. */
export function networkError(url: string, error: unknown, signal?: AbortSignal): unknown {
  if (signal?.aborted) return new UnrollError('cancelled', 'Cancelled.');
  if (error instanceof UnrollError) return error;
  const reason =
    error instanceof Error
      ? 'code' in error && error.code !== ''
        ? String(error.code)
        : error.message
      : String(error);
  return new UnrollError(
    'network',
    '{0} cannot be reached ({1}); check the connection and the proxy, then try again: what has arrived is kept.',
    new URL(url).host,
    reason,
  );
}

function parsed(url: string): URL {
  const target = URL.canParse(url) ? new URL(url) : null;
  if (target !== null && (target.protocol === 'https:' || target.protocol === 'http:')) return target;
  throw new UnrollError('usage', '"{0}" is not an address that begins with https:// or http://.', url);
}

async function once(target: URL, options: GetOptions): Promise<IncomingMessage> {
  const { headers = {}, signal, patienceMs = defaultPatienceMs, env = process.env } = options;
  try {
    if (signal?.aborted) throw new Error('aborted');
    const proxy = proxyFor(target, env);
    const request: RequestOptions = { headers: { 'User-Agent': 'unroll', ...headers }, ...(signal && { signal }) };
    if (proxy !== null && target.protocol === 'https:') {
      const socket = await tunnel(proxy, target, patienceMs, signal);
      const secured = tls.connect({ socket, servername: target.hostname, ALPNProtocols: ['http/1.1'] });
      return await send(https, target, { ...request, agent: false, createConnection: () => secured }, patienceMs);
    }
    if (proxy !== null) {
      return await send(
        http,
        proxy,
        { ...request, path: target.href, headers: { ...request.headers, Host: target.host, ...login(proxy) } },
        patienceMs,
      );
    }
    return await send(target.protocol === 'https:' ? https : http, target, request, patienceMs);
  } catch (error) {
    throw networkError(target.href, error, signal);
  }
}

function send(
  client: typeof http | typeof https,
  to: URL,
  options: RequestOptions,
  patienceMs: number,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = client.get(to, options, resolve);
    request.setTimeout(patienceMs, () => request.destroy(new Error('no answer')));
    request.once('error', reject);
  });
}

/** Asks an HTTP proxy for a connection to a host, over which TLS is then spoken (RFC 9110, section 9.3.6). */
function tunnel(proxy: URL, target: URL, patienceMs: number, signal?: AbortSignal): Promise<Socket> {
  const host = `${target.hostname}:${target.port === '' ? 443 : target.port}`;
  return new Promise((resolve, reject) => {
    const client = proxy.protocol === 'https:' ? https : http;
    const headers = { Host: host, ...login(proxy) };
    const request = client.request(proxy, {
      method: 'CONNECT',
      path: host,
      headers,
      agent: false,
      ...(signal && { signal }),
    });
    request.setTimeout(patienceMs, () => request.destroy(new Error('no answer of the proxy')));
    request.once('connect', (answer, socket) => {
      if (answer.statusCode === 200) resolve(socket);
      else {
        socket.destroy();
        reject(new Error(`the proxy says ${answer.statusCode}`));
      }
    });
    request.once('error', reject);
    request.end();
  });
}

function login({ username, password }: URL): Record<string, string> {
  if (username === '') return {};
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { 'Proxy-Authorization': `Basic ${Buffer.from(pair).toString('base64')}` };
}
