// Sessions as the service keeps them: the key stays on the server, the page holds a cookie that no
// script can read and a token that goes with every change.

export type Environment = 'sandbox' | 'production';

/** One signed-in key. */
export interface Session {
  readonly environment: Environment;
  readonly tenant: string;
  readonly keyId: string;
  readonly scopes: readonly string[];
  readonly csrfToken: string;
}

/** Sign-in was refused; `message` is for the person who tried. */
export class SignInError extends Error {}

interface Envelope {
  readonly data?: { readonly sessions?: readonly Session[] };
  readonly error?: { readonly message?: string };
}

const JSON_HEADERS = { 'Content-Type': 'application/json', Accept: 'application/json' };

async function sessionsOf(response: Response): Promise<readonly Session[]> {
  const body = (await response.json().catch(() => ({}))) as Envelope;
  if (response.ok) return body.data?.sessions ?? [];
  throw new SignInError(body.error?.message ?? `The service answered ${response.status}.`);
}

/** Sessions of this browser, one for each environment at most. */
export async function readSessions(): Promise<readonly Session[]> {
  return sessionsOf(await fetch('/session', { headers: JSON_HEADERS }));
}

/** Signs in with a key; its environment's former session ends. */
export async function signIn(apiKey: string): Promise<readonly Session[]> {
  const body = JSON.stringify({ apiKey });
  return sessionsOf(await fetch('/session', { method: 'POST', headers: JSON_HEADERS, body }));
}

export async function signOut(session: Session): Promise<readonly Session[]> {
  const headers = {
    ...JSON_HEADERS,
    'X-Environment': session.environment,
    'X-Deltabook-CSRF': session.csrfToken,
  };
  return sessionsOf(await fetch('/session', { method: 'DELETE', headers }));
}
