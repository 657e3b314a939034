import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Answers a request for a path. */
export type Route = (request: IncomingMessage, response: ServerResponse) => void;

/** A web server of the test's own, on this machine alone. */
export class FeedServer {
  /** What was asked, in order: the path, and the range where one was asked for. */
  readonly asked: string[] = [];
  /** The hosts that a tunnel was asked to, as of a proxy; each is refused. */
  readonly tunnels: string[] = [];

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  /** @param routes by path; every other path is answered with 404. */
  static async start(routes: Map<string, Route>): Promise<FeedServer> {
    const server = createServer((request, response) => {
      const path = request.url ?? '';
      const { range } = request.headers;
      running.asked.push(range === undefined ? path : `${path} ${range}`);
      const route = routes.get(path);
      if (route !== undefined) return route(request, response);
      response.writeHead(404).end();
    });
    server.on('connect', ({ url }, socket) => {
      running.tunnels.push(url ?? '');
      socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const running = new FeedServer(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    return running;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}

export const json =
  (value: unknown): Route =>
  (_, response) =>
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(value));

/** Serves bytes and parts of them; `cutAfter` breaks the connection after so many bytes of an answer, the first `cuts` times. */
export function file(content: Buffer, { cutAfter = Number.POSITIVE_INFINITY, cuts = 1, ranges = true } = {}): Route {
  let left = cuts;
  return (request, response) => {
    const asked = ranges ? /^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] : undefined;
    const start = Number(asked ?? 0);
    if (asked !== undefined && start >= content.length) {
      response.writeHead(416, { 'Content-Range': `bytes */${content.length}` }).end();
      return;
    }
    const body = content.subarray(start);
    response.writeHead(asked === undefined ? 200 : 206, {
      'Content-Length': body.length,
      ...(asked !== undefined && { 'Content-Range': `bytes ${start}-${content.length - 1}/${content.length}` }),
    });
    if (left > 0 && body.length > cutAfter) {
      left -= 1;
      response.write(body.subarray(0, cutAfter), () => setTimeout(() => response.destroy(), 50));
    } else {
      response.end(body);
    }
  };
}
