// Stored stream names: the installation's prefix before the name that the rest of the product
// knows.

const PREFIX_PATTERN = /^(?:[a-z0-9.-]{1,62}_)?$/;

export class StreamNames {
  /**
   * @param prefix empty, or lower-case letters, digits, `.` and `-`, ended by the only `_`: names
   *   have none, so no installation's streams start with another's prefix
   */
  constructor(readonly prefix: string) {
    if (!PREFIX_PATTERN.test(prefix)) {
      throw new RangeError(
        'a stream prefix has lower-case letters, digits, . and -, and ends with _',
      );
    }
  }

  /** Holds the store's id; never delivered to followers. */
  get storeStream(): string {
    return 'store';
  }

  stored(stream: string): string {
    return this.prefix + stream;
  }

  /** The name without prefix; undefined for a stream of another installation. */
  ours(storedName: string): string | undefined {
    if (!storedName.startsWith(this.prefix)) return undefined;
    const stream = storedName.slice(this.prefix.length);
    return stream.includes('_') ? undefined : stream;
  }
}
