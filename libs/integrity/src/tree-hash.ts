// Hashing of RFC 6962 section 2.1 with SHA-256. Leaves and nodes start
// with different bytes, so that no leaf can be passed off as a node.

/** SHA-256 of bytes: 32 bytes. It must not keep or change its argument. */
export type Sha256 = (bytes: Uint8Array) => Uint8Array;

export const HASH_BYTES = 32;
/** True when bytes have the length of a hash. */
export function isHash(bytes: Uint8Array): boolean {
  return bytes.length === HASH_BYTES;
}

const LEAF_PREFIX = 0;
const NODE_PREFIX = 1;

/** Leaf hash: SHA-256(0x00 || record). */
export function hashLeaf(record: Uint8Array, sha256: Sha256): Uint8Array {
  const bytes = new Uint8Array(1 + record.length);
  bytes[0] = LEAF_PREFIX;
  bytes.set(record, 1);
  return sha256(bytes);
}

/** What every node is hashed from: a new array each would cost as much as the hash. */
const nodeBytes = new Uint8Array(1 + 2 * HASH_BYTES).fill(NODE_PREFIX, 0, 1);

/** Node hash: SHA-256(0x01 || left || right). */
export function hashNode(left: Uint8Array, right: Uint8Array, sha256: Sha256): Uint8Array {
  nodeBytes.set(left, 1);
  nodeBytes.set(right, 1 + HASH_BYTES);
  return sha256(nodeBytes);
}

/** Root of the tree without leaves: SHA-256 of nothing. */
export function emptyRoot(sha256: Sha256): Uint8Array {
  return sha256(new Uint8Array(0));
}
