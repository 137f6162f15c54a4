// Reads the whole body of an answer as text, and lets the connection go where that is broken off.
import type { Deadline } from './deadline';

/** Rejects when the body breaks off or the deadline is over. */
export async function readText(
  response: Response,
  deadline: Pick<Deadline, 'race'>,
): Promise<string> {
  if (response.body === null) return '';
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const decoder = new TextDecoder();
  let text = '';
  try {
    for (;;) {
      const { done, value } = await deadline.race(reader.read());
      if (done) return text + decoder.decode();
      text += decoder.decode(value, { stream: true });
    }
  } finally {
    reader.cancel().catch(() => undefined);
  }
}
