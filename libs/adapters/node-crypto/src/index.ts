export { accessPrimitives } from './access-primitives';
export { hmacSha256Hex, keccak256Hex, saltSource, sha256, sha256Hex } from './hashes';
export { NextKeyFile } from './next-key-file';
export { SignedHeadFolder } from './signed-head-folder';
export { signingFiles, type SigningFiles } from './signing-files';
export { Ed25519Signer, SigningKeyError, verifyEd25519 } from './signing-key';
