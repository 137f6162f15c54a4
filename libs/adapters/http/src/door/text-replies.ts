// Writes replies that come in pieces. Their beginning is held back: most end before it is full and
// then are whole or an error, never half. What is longer streams at the pace of who reads it.
import { Admission } from '@deltabook/application';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ApiError } from '../api-error';
import type { HttpLimits } from '../http-parts';
import type { TextReply } from '../text-reply';
import { noteError } from './replies';

/** Texts are joined to pieces of about this length before they are written. */
const PIECE_LENGTH = 64 * 1024;

export type TextReplyLimits = Pick<
  HttpLimits,
  'textRepliesMax' | 'textReplyHeldBytesMax' | 'tenantShareMax' | 'requestTimeoutMs'
>;

type Texts = TextReply['texts'];

interface Beginning {
  readonly texts: readonly string[];
  readonly isWhole: boolean;
}

export class TextReplies {
  private readonly underWay: Admission;

  constructor(private readonly limits: TextReplyLimits) {
    this.underWay = new Admission({
      pendingCountMax: limits.textRepliesMax,
      pendingBytesMax: limits.textRepliesMax * limits.textReplyHeldBytesMax,
      tenantShareMax: limits.tenantShareMax,
    });
  }

  /**
   * Resolves once all of it is written; rejects with what is to be answered instead, or, when the
   * reply has begun, with what broke it off.
   */
  async send(
    request: FastifyRequest,
    reply: FastifyReply,
    parts: { readonly status: number; readonly text: TextReply },
  ): Promise<void> {
    const tenant = request.visit?.place?.tenant ?? '';
    const heldBytes = this.limits.textReplyHeldBytesMax;
    const refusal = this.underWay.refusal(tenant, 1, heldBytes);
    if (refusal) {
      throw new ApiError(refusal === 'TENANT_OVERLOADED' ? refusal : 'TOO_MANY_REQUESTS');
    }
    this.underWay.enter(tenant, heldBytes);
    try {
      await this.write(request, reply, parts);
    } finally {
      this.underWay.leave(tenant, heldBytes);
    }
  }

  private async write(
    request: FastifyRequest,
    reply: FastifyReply,
    { status, text }: { readonly status: number; readonly text: TextReply },
  ): Promise<void> {
    const pieces = piecesOf(
      text.fileName === undefined ? enveloped(text.texts, status) : text.texts,
    );
    const { texts, isWhole } = await this.beginning(pieces);
    reply.hijack();
    const { raw } = reply;
    const length = texts.reduce((sum, piece) => sum + Buffer.byteLength(piece), 0);
    raw.writeHead(status, [
      'content-type',
      text.contentType,
      ...(isWhole ? ['content-length', String(length)] : []),
      ...(text.fileName === undefined ? [] : ['content-disposition', attachment(text.fileName)]),
      'x-request-id',
      request.id,
    ]);
    if (isWhole) {
      raw.end(texts.join(''));
      return;
    }
    // Who does not read loses the connection: it would keep others waiting for their turn.
    raw.setTimeout(this.limits.requestTimeoutMs, () => raw.destroy());
    const rest = noted(request, pieces);
    await pipeline(Readable.from(joined(texts, rest), { objectMode: false }), raw);
  }

  private async beginning(pieces: AsyncIterator<string>): Promise<Beginning> {
    const texts: string[] = [];
    let length = 0;
    while (length < this.limits.textReplyHeldBytesMax) {
      const next = await pieces.next();
      if (next.done) return { texts, isWhole: true };
      texts.push(next.value);
      length += next.value.length;
    }
    return { texts, isWhole: false };
  }
}

const attachment = (fileName: string): string => `attachment; filename="${fileName}"`;

async function* enveloped(texts: Texts, status: number): Texts {
  yield `{"success":true,"statusCode":${status},"data":`;
  yield* texts;
  yield '}';
}

async function* piecesOf(texts: Texts): Texts {
  let piece = '';
  for await (const text of texts) {
    piece += text;
    if (piece.length < PIECE_LENGTH) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}

/** Says what a reply was broken off for, before its connection ends. */
async function* noted(request: FastifyRequest, texts: Texts): Texts {
  try {
    yield* texts;
  } catch (error) {
    noteError(request, error);
    throw error;
  }
}

async function* joined(beginning: readonly string[], rest: Texts): Texts {
  try {
    yield* beginning;
    yield* rest;
  } finally {
    await rest.return();
  }
}
