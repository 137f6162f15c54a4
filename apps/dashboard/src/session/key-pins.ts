// The service's public keys as this browser saw them first: a service that comes with others later
// is not believed, unless one of the first vouches for them.
import type { KeyPins } from '@deltabook/sdk';

const PLACE = 'deltabook-public-keys';

export const keyPins: KeyPins = {
  read() {
    const keys: unknown = JSON.parse(localStorage.getItem(PLACE) ?? '[]');
    return Array.isArray(keys) ? keys.map(String) : [];
  },
  write: (publicKeys) => localStorage.setItem(PLACE, JSON.stringify(publicKeys)),
};
