export { accessPrimitives } from './access-primitives';
export { hmacSha256Hex, keccak256Hex, saltSource, sha256Hex } from './hashes';
