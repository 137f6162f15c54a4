// Replies in pieces over a real connection: whole or an error while they are short, at the pace of
// who reads them when they are long.
import Fastify from 'fastify';
import { connect, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { until } from '../../../../../test/support/until';
import { ApiError } from '../api-error';
import type { TextReply } from '../text-reply';
import { sendError } from './replies';
import { TextReplies, type TextReplyLimits } from './text-replies';
import type { Visit } from './visit';

const HELD = 1_000;
const LIMITS: TextReplyLimits = {
  textRepliesMax: 2,
  textReplyHeldBytesMax: HELD,
  tenantShareMax: 1,
  requestTimeoutMs: 60_000,
};
const PIECE = 'x'.repeat(64 * 1024);

let close: () => Promise<void>;
afterEach(() => close());

interface Server {
  readonly url: string;
  readonly port: number;
  readonly visits: Visit[];
}

async function serve(texts: () => TextReply['texts'], change = {}): Promise<Server> {
  const fastify = Fastify();
  const replies = new TextReplies({ ...LIMITS, ...change });
  const visits: Visit[] = [];
  fastify.decorateRequest('visit', null);
  fastify.get('/', (request, reply) => {
    const visit = { code: undefined, cause: undefined } as Visit;
    request.visit = visit;
    visits.push(visit);
    const text = { contentType: 'text/plain', fileName: 'a.txt', texts: texts() };
    replies.send(request, reply, { status: 200, text }).catch((error: unknown) => {
      if (reply.raw.headersSent) reply.raw.destroy();
      else sendError(request, reply, error as ApiError);
    });
  });
  await fastify.listen({ port: 0, host: '127.0.0.1' });
  close = () => fastify.close();
  const { port } = fastify.server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, port, visits };
}

async function* texts(...pieces: (string | Error)[]): TextReply['texts'] {
  for (const piece of pieces) {
    await Promise.resolve();
    if (piece instanceof Error) throw piece;
    yield piece;
  }
}

/** A client that asks and reads nothing until it is resumed. */
async function lazyClient(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.pause();
  await once(socket, 'connect');
  socket.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
  return socket;
}

describe('a reply in pieces', () => {
  it('that is short has a length and is whole', async () => {
    const { url } = await serve(() => texts('a', 'b', 'é'));
    const reply = await fetch(url);
    expect(reply.headers.get('content-length')).toBe('4');
    expect(reply.headers.get('content-disposition')).toBe('attachment; filename="a.txt"');
    expect(await reply.text()).toBe('abé');
  });

  it('that fails while it is held back is an error and nothing else', async () => {
    const { url } = await serve(() => texts('a', new ApiError('HISTORY_MISMATCH')));
    const reply = await fetch(url);
    expect([reply.status, reply.headers.get('content-disposition')]).toEqual([409, null]);
    expect(await reply.json()).toMatchObject({ error: { code: 'HISTORY_MISMATCH' } });
  });

  it('that fails later breaks off, so that nobody takes it for whole', async () => {
    const { url, visits } = await serve(() => texts(PIECE, new Error('torn')));
    const reply = await fetch(url);
    expect(reply.status).toBe(200);
    await expect(reply.text()).rejects.toThrow();
    expect(visits[0]).toMatchObject({ code: 'INTERNAL', cause: { message: 'torn' } });
  });

  it('waits for who reads it, and goes on with them', async () => {
    const pieceCount = 2_000;
    let made = 0;
    async function* many(): TextReply['texts'] {
      for (; made < pieceCount; made += 1) {
        await Promise.resolve();
        yield PIECE;
      }
    }
    const { port } = await serve(many);
    const socket = await lazyClient(port);
    let before = -1;
    // It stands still once the buffers of both ends are full.
    await until(
      () => Promise.resolve(made),
      (now) => {
        const stands = now > 0 && now === before;
        before = now;
        return stands;
      },
    );
    expect(made).toBeLessThan(pieceCount / 2);
    let length = 0;
    socket.on('data', (chunk: Buffer) => (length += chunk.length));
    socket.resume();
    await once(socket, 'close');
    expect(made).toBe(pieceCount);
    expect(length).toBeGreaterThan(pieceCount * PIECE.length);
  });

  it('lets go of who does not read for too long, and of what it was made from', async () => {
    let isLetGo = false;
    async function* endless(): TextReply['texts'] {
      try {
        for (;;) {
          await Promise.resolve();
          yield PIECE;
        }
      } finally {
        isLetGo = true;
      }
    }
    const { port } = await serve(endless, { requestTimeoutMs: 100 });
    const socket = await lazyClient(port);
    await until(
      () => Promise.resolve(isLetGo),
      (done) => done,
    );
    socket.destroy();
  });

  it('is one of so many at once; more get 429', async () => {
    const waiting: (() => void)[] = [];
    async function* held(): TextReply['texts'] {
      await new Promise<void>((resolve) => waiting.push(resolve));
      yield 'done';
    }
    const { url } = await serve(held);
    const first = [fetch(url), fetch(url)];
    await until(
      () => Promise.resolve(waiting.length),
      (count) => count === 2,
    );
    const third = await fetch(url);
    expect([third.status, third.headers.get('retry-after')]).toEqual([429, '1']);
    for (const go of waiting) go();
    for (const reply of await Promise.all(first)) expect(await reply.text()).toBe('done');
  });
});
