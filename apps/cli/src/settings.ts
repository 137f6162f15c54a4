// What the command line takes from the environment; options on the command line come first.

export interface CliSettings {
  /** Folder of the embedded store. */
  readonly dataDir: string;
  /** Name of an installation that the command line makes. */
  readonly installationName: string;
  /** Signing key of the installation; empty for the one in its DATA_DIR. */
  readonly signingKeyFile: string;
  /** Address of a running service. */
  readonly url: string;
  /** API key for it; empty when none is given. */
  readonly apiKey: string;
}

/** Defaults are those of the service. */
export function readCliSettings(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): CliSettings {
  return {
    dataDir: environment['DATA_DIR'] || './data',
    installationName: environment['INSTALLATION_NAME'] || 'deltabook',
    signingKeyFile: environment['SIGNING_KEY_FILE'] ?? '',
    url: environment['DELTABOOK_URL'] || 'http://127.0.0.1:3000',
    apiKey: environment['DELTABOOK_API_KEY'] ?? '',
  };
}
