// An HTTP server whose answers a test writes down, and which writes down what it was asked.
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Asked {
  readonly method: string;
  /** Path and query as they came, still encoded. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}

export interface Scripted {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object is sent as JSON, a text as it is. */
  readonly body: object | string;
}

export interface ScriptedServer {
  readonly baseUrl: string;
  readonly asked: readonly Asked[];
  readonly stop: () => Promise<void>;
}

/** Success envelope around `data`. */
export const success = (data: object, status = 200): Scripted => ({
  status,
  body: { success: true, statusCode: status, data },
});

/** Error envelope with this code. */
export const failure = (
  status: number,
  code: string,
  more: object = {},
  headers: Readonly<Record<string, string>> = {},
): Scripted => ({
  status,
  headers,
  body: {
    success: false,
    statusCode: status,
    error: { code, message: `message of ${code}`, ...more },
  },
});

/** Starts it; `answerTo` gets each request and its number, from 1. */
export async function startScriptedServer(
  answerTo: (asked: Asked, count: number) => Scripted,
): Promise<ScriptedServer> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      const { method = '', url = '', headers } = request;
      asked.push({ method, url, headers, body: text === '' ? undefined : JSON.parse(text) });
      const answer = answerTo(asked[asked.length - 1] as Asked, asked.length);
      response.writeHead(answer.status ?? 200, {
        'Content-Type': 'application/json',
        ...answer.headers,
      });
      response.end(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}`,
    asked,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
