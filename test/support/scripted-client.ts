// Clients of a scripted server, for the specs of the SDK.
import { PacSpace, type PacSpaceError, type PacSpaceOptions } from '@deltabook/sdk';
import {
  startScriptedServer,
  type Asked,
  type Scripted,
  type ScriptedServer,
} from './scripted-server';

export const SDK_KEY = 'pk_test_sdk.0123456789abcdef0123456789abcdef';

export interface ScriptedClient {
  readonly pac: PacSpace;
  readonly server: ScriptedServer;
}

/** A client whose service answers as written; it hardly pauses between attempts. */
export async function startScriptedClient(
  answerTo: (asked: Asked, count: number) => Scripted,
  options: PacSpaceOptions = {},
): Promise<ScriptedClient> {
  const server = await startScriptedServer(answerTo);
  const { baseUrl } = server;
  return { server, pac: new PacSpace({ apiKey: SDK_KEY, baseUrl, retryDelayMax: 5, ...options }) };
}

/** What a call rejected with; rejects itself when it did not. */
export function failureOf(call: PromiseLike<unknown>): Promise<PacSpaceError> {
  return Promise.resolve(call).then(
    () => Promise.reject(new Error('it did not reject')),
    (error: PacSpaceError) => error,
  );
}
