// Why the store cannot be used at start: one class, a code each, a message that is the one line
// to print.

export type StartErrorCode =
  | 'WRONG_CONNECTION_STRING'
  | 'FILE_UNREADABLE'
  | 'STORE_UNREACHABLE'
  | 'CERTIFICATE_REFUSED'
  | 'ACCESS_DENIED'
  | 'SERVER_TOO_OLD'
  | 'FORMAT_TOO_NEW';

/** A store that cannot be opened; the message never holds a password or the connection string. */
export class EventStoreDbStartError extends Error {
  override readonly name = 'EventStoreDbStartError';

  constructor(
    readonly code: StartErrorCode,
    message: string,
  ) {
    super(message);
  }
}

const CERTIFICATE_WORDS = /certificate|self.signed|unable to verify|altname|CERT_/i;
const TLS_WORDS = /wrong version number|ssl3?_|packet length too long|EPROTO/i;
/** Node 25 and later refuse what RFC 6066 forbids; the vendor's client has no other way. */
const ADDRESS_WORDS = /ServerName to an IP address/;
const ACCESS_WORDS = /UNAUTHENTICATED|PERMISSION_DENIED|access.denied/i;

/**
 * What a failed first call means.
 *
 * @param nodes the hosts that were asked, for the message
 */
export function startErrorOf(error: unknown, nodes: string): EventStoreDbStartError {
  if (error instanceof EventStoreDbStartError) return error;
  const text = textOf(error);
  if (CERTIFICATE_WORDS.test(text)) {
    return new EventStoreDbStartError(
      'CERTIFICATE_REFUSED',
      `the certificate of EventStoreDB at ${nodes} is not trusted (${reasonOf(text)}); ` +
        'set EVENT_STORE_CA_FILE to the certificate of its CA',
    );
  }
  if (ACCESS_WORDS.test(text)) {
    return new EventStoreDbStartError(
      'ACCESS_DENIED',
      `EventStoreDB at ${nodes} refused the user or its password; ` +
        'set EVENT_STORE_USER_FILE and EVENT_STORE_PASSWORD_FILE, or both in EVENT_STORE',
    );
  }
  return new EventStoreDbStartError(
    'STORE_UNREACHABLE',
    `EventStoreDB at ${nodes} cannot be reached (${reasonOf(text)}); ${hintOf(text)}`,
  );
}

function hintOf(text: string): string {
  if (TLS_WORDS.test(text)) {
    return 'only one side speaks TLS: set tls in EVENT_STORE to what the server has';
  }
  if (ADDRESS_WORDS.test(text)) {
    return (
      'with TLS this version of Node takes host names alone: ' +
      'name the nodes in EVENT_STORE, and let them advertise names'
    );
  }
  return 'check EVENT_STORE, the network, and whether the server is up';
}

function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const type = 'type' in error ? String(error.type) : '';
  const details = 'details' in error ? String(error.details) : '';
  return `${type} ${error.message} ${details}`;
}

/** The part of a gRPC message that tells something, on one line. */
function reasonOf(text: string): string {
  const last = /Last error: (.*?)(?:\.? Resolution note|$)/s.exec(text)?.[1] ?? text;
  return last.replaceAll(/\s+/g, ' ').trim().slice(0, 160);
}
