export { canonicalJson, type Json } from './canonical-json';
export { FIRST_PREVIOUS_PROOF_HASH, leafHash, leafText, type Leaf, type Sha256Hex } from './leaf';
