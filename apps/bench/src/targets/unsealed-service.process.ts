// The built service without what makes its history verifiable: hashes are constants, nothing is
// recomputed, sealed or signed. The product has no such switch; this is another composition root of
// its libs, and what verifying costs is measured against it.
import { main } from '../../../service/src/main';

const NO_HASH = '0'.repeat(64);

void main({ withoutVerifier: true, sha256Hex: () => NO_HASH });
