// What the command line takes from the environment; options on the command line come first.

export interface CliSettings {
  /** Folder of the embedded store. */
  readonly dataDir: string;
  /** Name of an installation that the command line makes. */
  readonly installationName: string;
  /** Signing key of the installation; empty for the one in its DATA_DIR. */
  readonly signingKeyFile: string;
  /** How to reach EventStoreDB, beside its address. */
  readonly eventStore: {
    readonly streamPrefix: string;
    readonly caFile: string;
    readonly userFile: string;
    readonly passwordFile: string;
  };
  /** Address of a running service. */
  readonly url: string;
  /** API key for it; empty when none is given. */
  readonly apiKey: string;
}

/** Defaults are those of the service. */
export function readCliSettings(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): CliSettings {
  const given = (name: string, fallback = ''): string => environment[name] || fallback;
  return {
    dataDir: given('DATA_DIR', './data'),
    installationName: given('INSTALLATION_NAME', 'deltabook'),
    eventStore: {
      streamPrefix: given('EVENT_STORE_PREFIX'),
      caFile: given('EVENT_STORE_CA_FILE'),
      userFile: given('EVENT_STORE_USER_FILE'),
      passwordFile: given('EVENT_STORE_PASSWORD_FILE'),
    },
    signingKeyFile: given('SIGNING_KEY_FILE'),
    url: given('DELTABOOK_URL', 'http://127.0.0.1:3000'),
    apiKey: given('DELTABOOK_API_KEY'),
  };
}
